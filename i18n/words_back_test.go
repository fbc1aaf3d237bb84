package i18n

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// vocabulary gives the value of every number word, a language a line group;
// values from 1000 up multiply what stands before them.
func vocabulary(l Lang) map[string]int64 {
	switch l {
	case Kazakh:
		return map[string]int64{
			"нөл": 0, "бір": 1, "екі": 2, "үш": 3, "төрт": 4, "бес": 5, "алты": 6, "жеті": 7, "сегіз": 8, "тоғыз": 9,
			"он": 10, "жиырма": 20, "отыз": 30, "қырық": 40, "елу": 50, "алпыс": 60, "жетпіс": 70, "сексен": 80, "тоқсан": 90,
			"мың": 1e3, "миллион": 1e6, "миллиард": 1e9, "триллион": 1e12,
		}
	case English:
		return map[string]int64{
			"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
			"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
			"nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
			"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
		}
	default:
		return map[string]int64{
			"ноль": 0, "один": 1, "одна": 1, "два": 2, "две": 2, "три": 3, "четыре": 4, "пять": 5, "шесть": 6, "семь": 7, "восемь": 8,
			"девять": 9, "десять": 10, "одиннадцать": 11, "двенадцать": 12, "тринадцать": 13, "четырнадцать": 14, "пятнадцать": 15,
			"шестнадцать": 16, "семнадцать": 17, "восемнадцать": 18, "девятнадцать": 19, "двадцать": 20, "тридцать": 30, "сорок": 40,
			"пятьдесят": 50, "шестьдесят": 60, "семьдесят": 70, "восемьдесят": 80, "девяносто": 90, "сто": 100, "двести": 200,
			"триста": 300, "четыреста": 400, "пятьсот": 500, "шестьсот": 600, "семьсот": 700, "восемьсот": 800, "девятьсот": 900,
			"тысяча": 1e3, "тысячи": 1e3, "тысяч": 1e3, "миллион": 1e6, "миллиона": 1e6, "миллионов": 1e6,
			"миллиард": 1e9, "миллиарда": 1e9, "миллиардов": 1e9, "триллион": 1e12, "триллиона": 1e12, "триллионов": 1e12,
		}
	}
}

// readBack computes the amount in tiyn that the words name.
func readBack(l Lang, text string) (int64, error) {
	known := vocabulary(l)
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ' ' || r == '-' })
	tail := len(words) - 3 // "тенге 00 тиын"
	cents, err := strconv.ParseInt(words[tail+1], 10, 64)
	if err != nil {
		return 0, err
	}
	var total, group int64
	for _, word := range words[:tail] {
		value, ok := known[word]
		switch {
		case word == "жүз" || word == "hundred":
			group *= 100
		case !ok:
			return 0, fmt.Errorf("no number word: %q", word)
		case value >= 1000:
			total += group * value
			group = 0
		default:
			group += value
		}
	}
	return (total+group)*100 + cents, nil
}

func TestWordsNameTheAmount(t *testing.T) {
	for _, l := range Languages() {
		t.Run(string(l), func(t *testing.T) {
			p := &Printer{lang: l}
			rapid.Check(t, func(t *rapid.T) {
				tiyn := rapid.Int64Range(0, maxWords).Draw(t, "tiyn")
				got, err := readBack(l, p.Words(tiyn))
				require.NoError(t, err)
				require.Equal(t, tiyn, got, p.Words(tiyn))
			})
			for tenge := range int64(1000) {
				for _, scale := range []int64{1, 1000} {
					got, err := readBack(l, p.Words(tenge*scale*100))
					require.NoError(t, err)
					require.Equal(t, tenge*scale*100, got)
				}
			}
		})
	}
}
