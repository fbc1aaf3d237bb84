package export

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"plexydash/distribution"
	"plexydash/i18n"
)

// nasty draws texts made of what breaks CSV and spreadsheets.
func nasty(t *rapid.T, name string) string {
	return rapid.StringOf(rapid.SampledFrom([]rune("=+-@\t\r\n\"';,| 007Әқ₸«»\u00a0a"))).Draw(t, name)
}

func moments() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(t, "seconds"), 0).UTC()
	})
}

func amounts() *rapid.Generator[distribution.Amount] {
	return rapid.Custom(func(t *rapid.T) distribution.Amount {
		return distribution.Amount(rapid.Int64Range(-1_000_000, int64(distribution.MaxAmount)/100).Draw(t, "tiyn"))
	})
}

func distributions() *rapid.Generator[distribution.Distribution] {
	return rapid.Custom(func(t *rapid.T) distribution.Distribution {
		return distribution.Distribution{
			ID: nasty(t, "id"),
			Content: distribution.Content{
				OrderReference: nasty(t, "reference"), Amount: amounts().Draw(t, "amount"), Currency: distribution.KZT,
				PaymentPurpose: nasty(t, "purpose"),
			},
			Seen: distribution.RecipientText{
				Name: nasty(t, "name"), BIN: nasty(t, "bin"), IBAN: nasty(t, "iban"), BIC: nasty(t, "bic"), KBe: nasty(t, "kbe"), KNP: nasty(t, "knp"),
			},
			Status: rapid.SampledFrom(distribution.Statuses()).Draw(t, "status"), Origin: distribution.FromPlexy,
			PlexyID: nasty(t, "plexyId"), PlexyStatus: nasty(t, "plexyStatus"),
			BalanceBefore: rapid.Ptr(amounts(), true).Draw(t, "before"), BalanceAfter: rapid.Ptr(amounts(), true).Draw(t, "after"),
			CreatedBy: distribution.Person{Email: nasty(t, "maker")}, ApprovedBy: []distribution.Person{{Email: "a@b.kz"}, {Email: "c@d.kz"}},
			CreatedAt: moments().Draw(t, "created"), UpdatedAt: moments().Draw(t, "updated"),
		}
	})
}

// expected lists the fields a reader must get, written without the code under test.
func expected(d distribution.Distribution, dialect Dialect) []string {
	point, layout, zone := ".", "2006-01-02T15:04:05Z", time.UTC
	if dialect == Excel {
		point, layout, zone = ",", "02.01.2006 15:04:05", i18n.Almaty()
	}
	at := func(t time.Time) string { return t.In(zone).Format(layout) }
	money := func(a *distribution.Amount) string {
		if a == nil {
			return ""
		}
		return strings.ReplaceAll(a.String(), ".", point)
	}
	text := func(s string) string {
		if dialect == Excel && len(s) > 0 && strings.Contains("=+-@\t\r", s[:1]) {
			s = "'" + s
		}
		return strings.ReplaceAll(s, "\r\n", "\n") // what encoding/csv does on reading
	}
	return []string{
		text(d.ID), text(d.OrderReference), text(d.PlexyID), at(d.CreatedAt), string(d.Status), text(d.PlexyStatus), money(&d.Amount), "KZT",
		text(d.Seen.Name), text(d.Seen.BIN), text(d.Seen.IBAN), text(d.Seen.BIC), text(d.Seen.KBe), text(d.Seen.KNP), text(d.PaymentPurpose),
		money(d.BalanceBefore), money(d.BalanceAfter), text(d.CreatedBy.Email), "a@b.kz c@d.kz", "plexy", at(d.UpdatedAt),
	}
}

func TestReadingBackGivesTheSource(t *testing.T) {
	for _, dialect := range []Dialect{Excel, Plain} {
		t.Run(string(dialect), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				rows := rapid.SliceOfN(distributions(), 0, 4).Draw(t, "rows")
				var file bytes.Buffer
				sum, err := CSV(&file, dialect, of(rows...))
				require.NoError(t, err)

				content, comma := file.String(), ','
				if dialect == Excel {
					var marked bool
					content, marked = strings.CutPrefix(content, "\ufeff")
					require.True(t, marked, "byte order mark")
					comma = ';'
				}
				reader := csv.NewReader(strings.NewReader(content))
				reader.Comma = comma
				read, err := reader.ReadAll()
				require.NoError(t, err)

				require.Equal(t, Columns(), read[0])
				read = read[1:]
				require.Equal(t, len(rows), sum.Rows)
				if dialect == Excel {
					requireTotals(t, read[len(read)-1], read[:len(read)-1])
					read = read[:len(read)-1]
				}
				require.Len(t, read, len(rows))
				for i, row := range rows {
					require.Equal(t, expected(row, dialect), read[i])
				}
			})
		})
	}
}

// requireTotals adds up the amounts as they stand in the file.
func requireTotals(t *rapid.T, totals []string, rows [][]string) {
	var sum int64
	for _, row := range rows {
		sum += tiyn(t, row[6])
	}
	require.Equal(t, sum, tiyn(t, totals[6]))
	want := make([]string, len(totals))
	want[0], want[3], want[6], want[8] = "ИТОГО", "UTC+05:00", totals[6], strconv.Itoa(len(rows))
	require.Equal(t, want, totals)
}

// tiyn reads "1250,00".
func tiyn(t *rapid.T, text string) int64 {
	n, err := strconv.ParseInt(strings.Replace(text, ",", "", 1), 10, 64)
	require.NoError(t, err)
	return n
}
