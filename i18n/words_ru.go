package i18n

// russianTriad spells n, 1 to 999, with its scale. The thousand is feminine
// (одна, две тысячи), every other scale and the tenge masculine.
func russianTriad(n, scale int) []string {
	hundreds := [10]string{
		"", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот",
	}
	tens := [10]string{
		2: "двадцать", 3: "тридцать", 4: "сорок", 5: "пятьдесят", 6: "шестьдесят", 7: "семьдесят", 8: "восемьдесят", 9: "девяносто",
	}
	ones := [20]string{
		"", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять", "одиннадцать", "двенадцать",
		"тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать", "восемнадцать", "девятнадцать",
	}
	if scale == 1 {
		ones[1], ones[2] = "одна", "две"
	}
	var words []string
	if n >= 100 {
		words = append(words, hundreds[n/100])
	}
	rest := n % 100
	if rest >= 20 {
		words = append(words, tens[rest/10])
		rest %= 10
	}
	if rest > 0 {
		words = append(words, ones[rest])
	}
	if scale > 0 {
		words = append(words, russianScale(rest, scale))
	}
	return words
}

// russianScale declines the name of a scale by the last number word before it:
// один миллион, два миллиона, пять миллионов.
func russianScale(rest, scale int) string {
	names := [scales][3]string{
		1: {"тысяча", "тысячи", "тысяч"},
		2: {"миллион", "миллиона", "миллионов"},
		3: {"миллиард", "миллиарда", "миллиардов"},
		4: {"триллион", "триллиона", "триллионов"},
	}
	switch {
	case rest == 1:
		return names[scale][0]
	case rest >= 2 && rest <= 4:
		return names[scale][1]
	default:
		return names[scale][2]
	}
}
