package distribution

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEmbeddedBanks(t *testing.T) {
	banks, err := embeddedBanks()
	require.NoError(t, err)
	active := 0
	for code, listed := range banks.byCode {
		for _, b := range listed {
			assert.Equal(t, code, b.Code)
			_, err := ParseBIC(b.BIC)
			assert.NoError(t, err, b.BIC)
			assert.NotEmpty(t, b.RU, code)
			assert.NotEmpty(t, b.KK, code)
			assert.NotEmpty(t, b.EN, code)
			if b.Active {
				active++
				assert.Regexp(t, `^\d{3}$`, code)
			}
		}
	}
	assert.Equal(t, 32, active)
}

func TestBankOfAnAccount(t *testing.T) {
	banks, err := embeddedBanks()
	require.NoError(t, err)
	for iban, want := range map[string]struct {
		bic    string
		active bool
	}{
		"KZ86125KZT5004100100": {"NBRKKZKX", true},
		"KZ47856TEST000000001": {"KCJBKZKX", true},
		"KZ00914TEST000000001": {"BRKEKZKA", true}, // the old BIC of the same code is SABRKZKA
		"KZ04926160119W579000": {"KZKOKZKX", false},
		"KZ00550TEST000000001": {"INEARUMM", false},
		"KZ90999TEST000000001": {"", false},
		"KZ00914":              {"BRKEKZKA", true},
		"KZ0091":               {"", false},
		"":                     {"", false},
	} {
		bank, ok := banks.Of(iban)
		assert.Equal(t, want.bic != "", ok, iban)
		assert.Equal(t, want.bic, bank.BIC, iban)
		assert.Equal(t, want.active, bank.Active, iban)
	}
}

func TestActiveBankOfACodeComesFirst(t *testing.T) {
	banks, err := ReadBanks(strings.NewReader(bankHead + `914,SABRKZKA,Сбербанк,,Sberbank,former,BRKEKZKA,
914,BRKEKZKA,Bereke,Береке,Bereke Bank,active,,renamed
926,KZKOKZKX,Казком,,Kazkom,closed,,
926,OLDEKZKX,Ещё раньше,,Older,closed,,
`))
	require.NoError(t, err)
	assert.Equal(t, "2026-11-01", banks.AsOf)
	got, ok := banks.Of("KZ00914")
	assert.True(t, ok)
	bereke := Bank{Code: "914", BIC: "BRKEKZKA", RU: "Bereke", KK: "Береке", EN: "Bereke Bank", Active: true, Status: BankActive}
	assert.Equal(t, bereke, got)
	got, ok = banks.ByBIC(BIC{"BRKEKZKA123"})
	assert.True(t, ok)
	assert.Equal(t, bereke, got)
	got, ok = banks.Of("KZ00926")
	assert.True(t, ok)
	assert.Equal(t, "KZKOKZKX", got.BIC, "the first listed")
}

const bankHead = "# as of 2026-11-01\nbank_code,bic,name_ru,name_kk,name_en,status,successor,note\n"

func TestReadBanksRefuses(t *testing.T) {
	for row, want := range map[string]string{
		"9,ATYNKZKA,Алтын,,,active,,":           `line 3: bank code "9" is not three digits; keep the column as text, so that 009 stays 009`,
		",ATYNKZKA,Алтын,,,active,,":            "line 3: an active bank needs its code",
		"949,ATYNKZK,Алтын,,,active,,":          `line 3: BIC "ATYNKZK" is not eight characters of a BIC`,
		"949,ATYNKZKA,,,,active,,":              "line 3: name_ru is empty",
		"949,ATYNKZKA,Алтын,,,open,,":           `line 3: status "open" is not one of active, closed, former, foreign`,
		"949,ATYNKZKA,А,,,closed,NONE,":         `line 3: the successor "NONE" has no row`,
		"949,ATYNKZKA,Алтын,,,active":           "line 3: 6 cells, want 8",
		"949,ATYNKZKA,\"Алтын":                  "line 3: extraneous or missing \"",
		"1,\"2\n3\",,,,active,,":                `line 3: bank code "1"`,
		twoRows("949,ATYNKZKA", "950,ATYNKZKA"): "line 4: BIC ATYNKZKA stands twice",
		twoRows("949,ATYNKZKA", "949,BTYNKZKA"): "line 4: code 949 has two active banks",
	} {
		banks, err := ReadBanks(strings.NewReader(bankHead + row))
		assert.ErrorContains(t, err, want)
		assert.ErrorContains(t, err, "banks.csv: ")
		assert.Zero(t, banks)
	}
}

func twoRows(a, b string) string { return a + ",А,,,active,,\n" + b + ",Б,,,active,,\n" }
