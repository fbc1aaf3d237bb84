package distribution

// UnitOff reports that a figure of Plexy's is exactly a hundred times what it
// should be, or a hundredth: tenge were taken for tiyn, or the reverse. Zero
// tells nothing.
func UnitOff(told, want Amount) bool {
	hundredfold := func(a, b Amount) bool { return a%100 == 0 && a/100 == b }
	return want != 0 && told != 0 && (hundredfold(told, want) || hundredfold(want, told))
}
