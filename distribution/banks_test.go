package distribution

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEmbeddedBanks(t *testing.T) {
	banks, err := EmbeddedBanks()
	require.NoError(t, err)
	active := 0
	for code, listed := range banks.byCode {
		for _, b := range listed {
			assert.Equal(t, code, b.Code)
			_, err := ParseBIC(b.BIC)
			assert.NoError(t, err, b.BIC)
			assert.NotEmpty(t, b.RU, code)
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
	banks, err := EmbeddedBanks()
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
	banks, err := ReadBanks(strings.NewReader(`bank_code,bic,name_ru,name_kk,name_en,status
914,SABRKZKA,Сбербанк,,Sberbank,former BIC
914,BRKEKZKA,Bereke,Береке,Bereke Bank,active; renamed
926,KZKOKZKX,Казком,,Kazkom,closed
926,OLDEKZKX,Ещё раньше,,Older,closed
`))
	require.NoError(t, err)
	got, ok := banks.Of("KZ00914")
	assert.True(t, ok)
	assert.Equal(t, Bank{
		Code: "914", BIC: "BRKEKZKA", RU: "Bereke", KK: "Береке", EN: "Bereke Bank", Active: true, StatusAsListed: "active; renamed",
	}, got)
	got, ok = banks.Of("KZ00926")
	assert.True(t, ok)
	assert.Equal(t, "KZKOKZKX", got.BIC, "the first listed")
}

func TestReadBanksRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"a,b,c,d,e,f\n914,BRKEKZKA\n": "wrong number of fields",
		"a,b,c,d,e,f\n\"914":          "extraneous or missing \"",
		"a,b\n914,BRKEKZKA\n":         "line 2 has 2 columns, want 6",
	} {
		banks, err := ReadBanks(strings.NewReader(text))
		assert.ErrorContains(t, err, want)
		assert.ErrorContains(t, err, "banks: ")
		assert.Zero(t, banks)
	}
	banks, err := ReadBanks(strings.NewReader(""))
	require.NoError(t, err)
	_, ok := banks.Of(validIBAN)
	assert.False(t, ok)
}
