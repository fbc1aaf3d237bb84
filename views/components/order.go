package components

import (
	"time"

	"plexydash/distribution"
)

// Order is a payment order as a bank prints it. Texts are as typed or stored;
// an empty one leaves its cell blank.
type Order struct {
	Number    string // orderReference; empty: will be given
	Date      time.Time
	Amount    distribution.Amount // tiyn; 0: not known yet
	Recipient distribution.RecipientText
	Bank      distribution.Bank // of the recipient; zero: not in the directory
	Purpose   string
	Bad       []distribution.Field // cells whose text is refused
	MadeBy    string
	Approved  string // names; empty: nobody yet
	Bare      bool   // the cells alone: what stands around them says the rest
}

// IsBad reports that the text of the field is refused.
func (o Order) IsBad(fields ...distribution.Field) bool {
	for _, bad := range o.Bad {
		for _, f := range fields {
			if bad == f {
				return true
			}
		}
	}
	return false
}

// OrderOf is the order of a distribution; bank is that of the recipient.
func OrderOf(d *distribution.Distribution, bank distribution.Bank) Order {
	return Order{
		Number: d.OrderReference, Date: d.CreatedAt, Amount: d.Amount, Recipient: d.RecipientText(), Bank: bank,
		Purpose: d.PaymentPurpose, MadeBy: d.CreatedBy.Name, Approved: Names(d.ApprovedBy),
	}
}
