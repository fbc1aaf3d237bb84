package export

import (
	"strings"
	"time"

	"plexydash/distribution"
)

// cell is one value before a dialect writes it: an amount, a time or a text. No
// amount and the zero time are empty cells.
type cell struct {
	amount *distribution.Amount
	at     time.Time
	text   string
}

func money(a *distribution.Amount) cell { return cell{amount: a} }
func moment(t time.Time) cell           { return cell{at: t} }
func text[S ~string](s S) cell          { return cell{text: string(s)} }

// column is a heading and what stands below it.
type column struct {
	name string
	of   func(d *distribution.Distribution) cell
}

// columns is the register from left to right. Names and order are relied on by
// whoever reads the files: a new column goes to the end.
func columns() []column {
	type row = *distribution.Distribution
	return []column{
		{"id", func(d row) cell { return text(d.ID) }},
		{"orderReference", func(d row) cell { return text(d.OrderReference) }},
		{"plexyId", func(d row) cell { return text(d.PlexyID) }},
		{"createdAt", func(d row) cell { return moment(d.CreatedAt) }},
		{"status", func(d row) cell { return text(d.Status) }},
		{"plexyStatus", func(d row) cell { return text(d.PlexyStatus) }},
		{"amount", func(d row) cell { return money(&d.Amount) }},
		{"currency", func(d row) cell { return text(d.Currency) }},
		{"recipientName", func(d row) cell { return text(d.RecipientText().Name) }},
		{"recipientBin", func(d row) cell { return text(d.RecipientText().BIN) }},
		{"recipientIban", func(d row) cell { return text(d.RecipientText().IBAN) }},
		{"recipientBic", func(d row) cell { return text(d.RecipientText().BIC) }},
		{"recipientKbe", func(d row) cell { return text(d.RecipientText().KBe) }},
		{"recipientKnp", func(d row) cell { return text(d.RecipientText().KNP) }},
		{"paymentPurpose", func(d row) cell { return text(d.PaymentPurpose) }},
		{"balanceBefore", func(d row) cell { return money(d.BalanceBefore) }},
		{"balanceAfter", func(d row) cell { return money(d.BalanceAfter) }},
		{"createdBy", func(d row) cell { return text(d.CreatedBy.Email) }},
		{"approvedBy", func(d row) cell { return text(emails(d.ApprovedBy)) }},
		{"origin", func(d row) cell { return text(d.Origin) }},
		{"updatedAt", func(d row) cell { return moment(d.UpdatedAt) }},
	}
}

// Columns returns the headings of the register in their order; they are the
// same in both dialects and all languages.
func Columns() []string {
	var names []string
	for _, c := range columns() {
		names = append(names, c.name)
	}
	return names
}

// registerLine is a line of the register.
func registerLine(sum *Summary, d *distribution.Distribution) ([]cell, error) {
	total, fits := sum.Sum.Plus(d.Amount)
	if !fits {
		return nil, ErrSum
	}
	sum.Sum = total
	var all []cell
	for _, c := range columns() {
		all = append(all, c.of(d))
	}
	return all, nil
}

// emails joins the addresses with one space.
func emails(people []distribution.Person) string {
	var all []string
	for _, p := range people {
		all = append(all, p.Email)
	}
	return strings.Join(all, " ")
}
