package i18n

// kazakhTriad spells n, 1 to 999, with its scale. Kazakh number words do not
// change. Both "жүз" and "бір жүз" are met; "бір" is always written here, so that
// nothing can be put before the first word.
func kazakhTriad(n, scale int) []string {
	ones := [10]string{"", "бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз"}
	tens := [10]string{"", "он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан"}
	names := [scales]string{1: "мың", 2: "миллион", 3: "миллиард", 4: "триллион"}

	var words []string
	if n >= 100 {
		words = append(words, ones[n/100], "жүз")
	}
	if ten := n % 100 / 10; ten > 0 {
		words = append(words, tens[ten])
	}
	if one := n % 10; one > 0 {
		words = append(words, ones[one])
	}
	if scale > 0 {
		words = append(words, names[scale])
	}
	return words
}
