package i18n

// englishTriad spells n, 1 to 999, with its scale: "two hundred fifty-one
// thousand"; a billion is 10⁹.
func englishTriad(n, scale int) []string {
	ones := [20]string{
		"", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
		"thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
	}
	tens := [10]string{
		2: "twenty", 3: "thirty", 4: "forty", 5: "fifty", 6: "sixty", 7: "seventy", 8: "eighty", 9: "ninety",
	}
	names := [scales]string{1: "thousand", 2: "million", 3: "billion", 4: "trillion"}

	var words []string
	if n >= 100 {
		words = append(words, ones[n/100], "hundred")
	}
	switch rest := n % 100; {
	case rest == 0:
	case rest < 20:
		words = append(words, ones[rest])
	case rest%10 == 0:
		words = append(words, tens[rest/10])
	default:
		words = append(words, tens[rest/10]+"-"+ones[rest%10])
	}
	if scale > 0 {
		words = append(words, names[scale])
	}
	return words
}
