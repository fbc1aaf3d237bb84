package i18n

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWords(t *testing.T) {
	const tenge = 100
	for _, c := range []struct {
		tiyn       int64
		ru, kk, en string
	}{
		{0, "Ноль тенге 00 тиын", "Нөл теңге 00 тиын", "Zero tenge 00 tiyn"},
		{7, "Ноль тенге 07 тиын", "Нөл теңге 07 тиын", "Zero tenge 07 tiyn"},
		{1 * tenge, "Один тенге 00 тиын", "Бір теңге 00 тиын", "One tenge 00 tiyn"},
		{2 * tenge, "Два тенге 00 тиын", "Екі теңге 00 тиын", "Two tenge 00 tiyn"},
		{5 * tenge, "Пять тенге 00 тиын", "Бес теңге 00 тиын", "Five tenge 00 tiyn"},
		{10 * tenge, "Десять тенге 00 тиын", "Он теңге 00 тиын", "Ten tenge 00 tiyn"},
		{11 * tenge, "Одиннадцать тенге 00 тиын", "Он бір теңге 00 тиын", "Eleven tenge 00 tiyn"},
		{19 * tenge, "Девятнадцать тенге 00 тиын", "Он тоғыз теңге 00 тиын", "Nineteen tenge 00 tiyn"},
		{20 * tenge, "Двадцать тенге 00 тиын", "Жиырма теңге 00 тиын", "Twenty tenge 00 tiyn"},
		{21 * tenge, "Двадцать один тенге 00 тиын", "Жиырма бір теңге 00 тиын", "Twenty-one tenge 00 tiyn"},
		{40 * tenge, "Сорок тенге 00 тиын", "Қырық теңге 00 тиын", "Forty tenge 00 tiyn"},
		{99 * tenge, "Девяносто девять тенге 00 тиын", "Тоқсан тоғыз теңге 00 тиын", "Ninety-nine tenge 00 tiyn"},
		{100 * tenge, "Сто тенге 00 тиын", "Бір жүз теңге 00 тиын", "One hundred tenge 00 tiyn"},
		{101 * tenge, "Сто один тенге 00 тиын", "Бір жүз бір теңге 00 тиын", "One hundred one tenge 00 tiyn"},
		{212 * tenge, "Двести двенадцать тенге 00 тиын", "Екі жүз он екі теңге 00 тиын", "Two hundred twelve tenge 00 tiyn"},
		{1_000 * tenge, "Одна тысяча тенге 00 тиын", "Бір мың теңге 00 тиын", "One thousand tenge 00 tiyn"},
		{2_001 * tenge, "Две тысячи один тенге 00 тиын", "Екі мың бір теңге 00 тиын", "Two thousand one tenge 00 tiyn"},
		{5_000 * tenge, "Пять тысяч тенге 00 тиын", "Бес мың теңге 00 тиын", "Five thousand tenge 00 tiyn"},
		{11_000 * tenge, "Одиннадцать тысяч тенге 00 тиын", "Он бір мың теңге 00 тиын", "Eleven thousand tenge 00 tiyn"},
		{12_014 * tenge, "Двенадцать тысяч четырнадцать тенге 00 тиын", "Он екі мың он төрт теңге 00 тиын", "Twelve thousand fourteen tenge 00 tiyn"},
		{
			12_150_050, "Сто двадцать одна тысяча пятьсот тенге 50 тиын", "Бір жүз жиырма бір мың бес жүз теңге 50 тиын",
			"One hundred twenty-one thousand five hundred tenge 50 tiyn",
		},
		{1_000_000 * tenge, "Один миллион тенге 00 тиын", "Бір миллион теңге 00 тиын", "One million tenge 00 tiyn"},
		{
			1_250_000 * tenge, "Один миллион двести пятьдесят тысяч тенге 00 тиын", "Бір миллион екі жүз елу мың теңге 00 тиын",
			"One million two hundred fifty thousand tenge 00 tiyn",
		},
		{2_000_002 * tenge, "Два миллиона два тенге 00 тиын", "Екі миллион екі теңге 00 тиын", "Two million two tenge 00 tiyn"},
		{21_000_000 * tenge, "Двадцать один миллион тенге 00 тиын", "Жиырма бір миллион теңге 00 тиын", "Twenty-one million tenge 00 tiyn"},
		{
			111_000_000 * tenge, "Сто одиннадцать миллионов тенге 00 тиын", "Бір жүз он бір миллион теңге 00 тиын",
			"One hundred eleven million tenge 00 tiyn",
		},
		{3_000_000_004 * tenge, "Три миллиарда четыре тенге 00 тиын", "Үш миллиард төрт теңге 00 тиын", "Three billion four tenge 00 tiyn"},
		{
			6_000_071_080_000 * tenge, "Шесть триллионов семьдесят один миллион восемьдесят тысяч тенге 00 тиын",
			"Алты триллион жетпіс бір миллион сексен мың теңге 00 тиын", "Six trillion seventy-one million eighty thousand tenge 00 tiyn",
		},
		{
			maxWords,
			"Девятьсот девяносто девять триллионов девятьсот девяносто девять миллиардов девятьсот девяносто девять миллионов " +
				"девятьсот девяносто девять тысяч девятьсот девяносто девять тенге 99 тиын",
			"Тоғыз жүз тоқсан тоғыз триллион тоғыз жүз тоқсан тоғыз миллиард тоғыз жүз тоқсан тоғыз миллион " +
				"тоғыз жүз тоқсан тоғыз мың тоғыз жүз тоқсан тоғыз теңге 99 тиын",
			"Nine hundred ninety-nine trillion nine hundred ninety-nine billion nine hundred ninety-nine million " +
				"nine hundred ninety-nine thousand nine hundred ninety-nine tenge 99 tiyn",
		},
		{-1, "", "", ""},
		{maxWords + 1, "", "", ""},
	} {
		for i, want := range []string{c.ru, c.kk, c.en} {
			p := &Printer{lang: Languages()[i]}
			assert.Equal(t, want, p.Words(c.tiyn), "%d tiyn", c.tiyn)
		}
	}
}
