package distribution

// Ties are what other distributions make of one.
type Ties struct {
	Twice      bool // Plexy executed it a second time
	Corrected  bool // it came to nothing, and a copy took its place
	Correction bool // it is such a copy
}

// CameToNothing are the ends in which the recipient has no money.
func CameToNothing() []Status {
	return []Status{Declined, Cancelled, Refused, Failed, Returned, Abandoned}
}
