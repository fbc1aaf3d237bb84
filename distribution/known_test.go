package distribution

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func paying(t testing.TB, name, bin, iban string) Content {
	t.Helper()
	b, err := ParseBIN(bin)
	require.NoError(t, err)
	i, err := ParseIBAN(iban)
	require.NoError(t, err)
	return Content{Recipient: Recipient{Name: name, BIN: b, IBAN: i}}
}

// The triangle of number, account and name is held against the history in both
// directions.
func TestCompareWithHistory(t *testing.T) {
	const name, bin, iban = "ТОО «Гелиос»", "990940004405", "KZ47856TEST000000001"
	const otherBIN, otherIBAN, farIBAN = "080940014531", "KZ20856TEST000000002", "KZ82722TEST000000001"
	for _, row := range []struct {
		what  string
		known []Known
		want  string
	}{
		{"no history", nil, ""},
		{"paid before", []Known{{name, bin, iban}}, ""},
		{"a history of others", []Known{{"АО «Другое»", otherBIN, otherIBAN}}, ""},
		{"known number, new account", []Known{{name, bin, otherIBAN}}, "iban.new"},
		{"known number, both accounts known", []Known{{name, bin, otherIBAN}, {name, bin, iban}}, ""},
		{"known account, new number", []Known{{name, otherBIN, iban}}, "iban.new"},
		{"both are known, but not together", []Known{{name, bin, otherIBAN}, {"АО «Другое»", otherBIN, iban}}, "iban.new iban.new"},
		{"an account of two numbers, one of them this", []Known{{name, otherBIN, iban}, {name, bin, iban}}, ""},
		{"another name for the number", []Known{{"ТОО «Селена»", bin, iban}}, "name.new"},
		{"the name in other letters, form and marks", []Known{{"АО \"ГЕЛИOС\"", bin, iban}}, ""},
		{"one of several names", []Known{{"ТОО «Селена»", bin, iban}, {name, bin, otherIBAN}}, ""},
	} {
		t.Run(row.what, func(t *testing.T) {
			assert.Equal(t, row.want, codesOf(Compare(paying(t, name, bin, iban), row.known)))
		})
	}

	found := Compare(paying(t, name, bin, iban), []Known{{name, bin, farIBAN}, {name, bin, otherIBAN}, {"АО «Другое»", otherBIN, iban}})
	require.Len(t, found, 2)
	assert.Equal(t, otherIBAN, found[0].Was, "the account that differs least")
	assert.Equal(t, []int{3, 4, 20}, found[0].Places)
	assert.Equal(t, []int{0, 4}, Differs(iban, found[0].Was))
	assert.Equal(t, "iban.new", string(found[0].Code)+found[0].Variant)
	assert.Equal(t, Finding{
		Code: "iban.new", Severity: Warns, Field: FieldBIN, Variant: ".bin", Was: otherBIN, Places: found[1].Places,
		Args: map[string]string{"BIN": otherBIN, "Name": "АО «Другое»"},
	}, found[1])

	assert.Empty(t, Compare(Content{}, []Known{{name, bin, otherIBAN}}), "what cannot be read is not compared")
}

func TestGroupsOfFour(t *testing.T) {
	assert.Equal(t, []string{"KZ86", "125K", "ZT50", "0410", "0100"}, Fours("kz86-125kzt5004100100"))
	assert.Equal(t, []string{"KZ8"}, Fours("KZ8"))
	assert.Equal(t, []string{""}, Fours(""))
	assert.Equal(t, []string{"КZ86", "1"}, Fours("КZ861"))
	assert.Empty(t, Differs("KZ86125K", "KZ86 125K"))
	assert.Equal(t, []int{0, 1}, Differs("KZ86125K", "KZ76"))
}

func TestFoldedNames(t *testing.T) {
	for _, name := range []string{"ТОО «Ёлка-Сервис»", "ТОО \"Елка Сервис\"", "тоо елка сервис", "ЖШС «Елка Сервис»", "TOO Елкa-Cервис"} {
		assert.Equal(t, FoldName("Елка Сервис"), FoldName(name), name)
	}
	assert.NotEqual(t, FoldName("Елка"), FoldName("Ёлка Сервис"))
}
