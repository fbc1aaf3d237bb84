package components

import (
	"slices"
	"strings"
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

// orderCell is one cell: its fields tell which controls of a form fill it.
type orderCell struct {
	name   string // message key
	class  string // is-full: over both columns; is-side: the narrow one; is-last: the last line
	fields []distribution.Field
}

// controls are the names of the cell's fields, for the script that marks the
// cell whose field is being filled in.
func (c orderCell) controls() string {
	var all []string
	for _, f := range c.fields {
		all = append(all, string(f))
	}
	return strings.Join(all, " ")
}

// bad reports that the text of the cell is refused.
func (o Order) bad(c orderCell) bool {
	return slices.ContainsFunc(c.fields, func(f distribution.Field) bool { return slices.Contains(o.Bad, f) })
}

// OrderOf is the order of a distribution; bank is that of the recipient.
func OrderOf(d *distribution.Distribution, bank distribution.Bank) Order {
	return Order{
		Number: d.OrderReference, Date: d.CreatedAt, Amount: d.Amount, Recipient: d.RecipientText(), Bank: bank,
		Purpose: d.PaymentPurpose, MadeBy: d.CreatedBy.Name, Approved: Names(d.ApprovedBy),
	}
}
