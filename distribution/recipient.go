package distribution

// Recipient is the company that is paid, with parsed requisites only.
type Recipient struct {
	Name string
	BIN  BIN
	IBAN IBAN
	BIC  BIC
	KBe  KBe
	KNP  KNP
}

// RecipientText is the same as text: for showing, for the wire, and for rows
// that were made elsewhere and may hold requisites that our rules refuse.
type RecipientText struct{ Name, BIN, IBAN, BIC, KBe, KNP string }

// Text writes the requisites without spaces.
func (r Recipient) Text() RecipientText {
	return RecipientText{
		Name: r.Name, BIN: r.BIN.String(), IBAN: r.IBAN.String(),
		BIC: r.BIC.String(), KBe: r.KBe.String(), KNP: r.KNP.String(),
	}
}
