package export

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
)

// of is a sequence of rows without an error.
func of(rows ...distribution.Distribution) iter.Seq2[distribution.Distribution, error] {
	return func(yield func(distribution.Distribution, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// register is three rows that show every rule of the file.
func register(t *testing.T) []distribution.Distribution {
	t.Helper()
	content, errs := distribution.Form{
		OrderReference: "DIST-7F3K9Q",
		Amount:         "1 250 000,00", Currency: "KZT",
		Name: `ТОО «Өркен Құрылыс»`, BIN: "020240000555", IBAN: "KZ86125KZT5004100100", BIC: "KCJBKZKX", KBe: "17", KNP: "010",
		Purpose: `Оплата по договору № 5; счёт "А-1", без НДС`,
	}.Parse()
	require.Empty(t, errs)
	before, after := distribution.Amount(500_000_050), distribution.Amount(-74_999_950)

	paid := distribution.Distribution{
		ID: "019ac000-0000-7000-8000-000000000001", Content: content,
		Status: distribution.Paid, Origin: distribution.FromDashboard,
		PlexyID: "plx_1", PlexyStatus: "DISTRIBUTION_STATUS_PAID",
		BalanceBefore: &before, BalanceAfter: &after,
		CreatedBy:  distribution.Person{ID: "1", Email: "accountant@demo.kz", Name: "А. Ким"},
		ApprovedBy: []distribution.Person{{Email: "manager@demo.kz"}, {Email: "manager2@demo.kz"}},
		CreatedAt:  time.Date(2026, 11, 22, 16, 5, 0, 0, time.UTC),
		UpdatedAt:  time.Date(2026, 12, 31, 19, 30, 59, 0, time.UTC),
	}
	draft := paid
	draft.ID, draft.OrderReference = "019ac000-0000-7000-8000-000000000002", "DIST-2"
	draft.Status, draft.PlexyID, draft.PlexyStatus = distribution.Draft, "", ""
	draft.Amount, draft.BalanceBefore, draft.BalanceAfter, draft.ApprovedBy = 5, nil, nil, nil
	draft.PaymentPurpose = "+7 701 000 00 00"

	elsewhere := distribution.Distribution{
		ID: "019ac000-0000-7000-8000-000000000003",
		Content: distribution.Content{
			OrderReference: "-1", Amount: 100, Currency: distribution.KZT, PaymentPurpose: "две\nстроки",
		},
		Seen:   distribution.RecipientText{Name: `=HYPERLINK("http://x";"y")`, BIN: "000000000000", IBAN: "@kz", BIC: "\tBIC", KBe: "1", KNP: "0"},
		Status: distribution.Accepted, Origin: distribution.FromPlexy,
		PlexyID: "plx_3", PlexyStatus: "В пути",
		CreatedAt: time.Date(2026, 11, 22, 19, 0, 0, 123_000, time.UTC), // already the 23rd in Almaty
	}
	return []distribution.Distribution{paid, draft, elsewhere}
}

func TestColumns(t *testing.T) {
	want := "id orderReference plexyId createdAt status plexyStatus amount currency recipientName recipientBin recipientIban " +
		"recipientBic recipientKbe recipientKnp paymentPurpose balanceBefore balanceAfter createdBy approvedBy origin updatedAt"
	assert.Equal(t, want, strings.Join(Columns(), " "))
}

// UPDATE_GOLDEN=1 rewrites the files; read the difference before you keep it.
func TestGolden(t *testing.T) {
	for d, name := range map[Dialect]string{Excel: "testdata/register-excel.csv", Plain: "testdata/register-plain.csv"} {
		t.Run(string(d), func(t *testing.T) {
			var got bytes.Buffer
			sum, err := CSV(&got, d, of(register(t)...))
			require.NoError(t, err)
			assert.Equal(t, Summary{Rows: 3, Sum: 125_000_105}, sum)
			if os.Getenv("UPDATE_GOLDEN") != "" {
				require.NoError(t, os.WriteFile(name, got.Bytes(), 0o600))
			}
			want, err := os.ReadFile(name)
			require.NoError(t, err)
			assert.Equal(t, string(want), got.String())
		})
	}
}

func TestEmptyRegister(t *testing.T) {
	header := strings.Join(Columns(), ";")
	for d, want := range map[Dialect]string{
		Excel: "\ufeff" + header + "\r\nИТОГО;;;UTC+05:00;;;0,00;;0;;;;;;;;;;;;\r\n",
		Plain: strings.ReplaceAll(header, ";", ",") + "\r\n",
	} {
		var got bytes.Buffer
		sum, err := CSV(&got, d, of())
		require.NoError(t, err)
		assert.Equal(t, Summary{}, sum)
		assert.Equal(t, want, got.String())
	}
}

func TestFormulasAreGuardedInTextOnly(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "ТОО": "ТОО", "a=b": "a=b", " =1": " =1", "'=1": "'=1",
		"=1": "'=1", "+1": "'+1", "-1": "'-1", "@a": "'@a", "\ta": "'\ta", "\ra": "'\ra",
	} {
		assert.Equal(t, want, guard(in))
	}
	negative := distribution.Amount(-150)
	w := &writer{dialect: Excel}
	assert.Equal(t, "-1,50", w.format(money(&negative)))
}

func TestParseDialect(t *testing.T) {
	for text, want := range map[string]Dialect{"": Excel, "excel": Excel, "plain": Plain} {
		got, ok := ParseDialect(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, got)
	}
	_, ok := ParseDialect("EXCEL")
	assert.False(t, ok)
	_, err := CSV(io.Discard, "tsv", of())
	assert.ErrorContains(t, err, "tsv")
}

func TestErrorsEndTheRegister(t *testing.T) {
	broken := errors.New("database went away")
	failing := func(yield func(distribution.Distribution, error) bool) {
		_ = yield(register(t)[0], nil) && yield(distribution.Distribution{}, broken)
	}
	_, err := CSV(io.Discard, Plain, failing)
	require.ErrorIs(t, err, broken)
	assert.ErrorContains(t, err, "row 2")

	most := distribution.Distribution{Content: distribution.Content{Amount: math.MaxInt64}}
	least := distribution.Distribution{Content: distribution.Content{Amount: 1}}
	_, err = CSV(io.Discard, Excel, of(most, least))
	require.ErrorIs(t, err, ErrSum)
	sum, err := CSV(io.Discard, Excel, of(most))
	require.NoError(t, err)
	assert.Equal(t, distribution.Amount(math.MaxInt64), sum.Sum)

	reader, writer := io.Pipe()
	require.NoError(t, reader.CloseWithError(io.ErrShortWrite))
	_, err = CSV(writer, Excel, of(register(t)...))
	assert.ErrorIs(t, err, io.ErrShortWrite, "an error of the file")
}

// Rows leave as they come: while the sequence still runs, the file already
// holds all but the last few kilobytes.
func TestCSVHoldsNoMoreThanItsBuffer(t *testing.T) {
	const rowCount, shortestLine, buffer = 1000, 300, 8192 // lines and buffer in bytes
	var file bytes.Buffer
	row := register(t)[0]
	rows := func(yield func(distribution.Distribution, error) bool) {
		for i := range rowCount {
			if !yield(row, nil) {
				return
			}
			require.Greater(t, file.Len()+buffer, (i+1)*shortestLine, "after row %d", i+1)
		}
	}
	_, err := CSV(&file, Plain, rows)
	require.NoError(t, err)
	require.Greater(t, file.Len(), rowCount*shortestLine, "the lines are as long as supposed")
}
