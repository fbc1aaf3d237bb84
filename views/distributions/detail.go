package distributions

import (
	"context"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/layout"
)

// everyStatus is how often the living part of the detail page looks again.
const everyStatus = "every 3s"

func (p DetailProps) chrome(ctx context.Context) layout.Chrome {
	return titled(p.Chrome, i18n.T(ctx, "detail.title", "Reference", p.d().OrderReference))
}

func (p DetailProps) d() *distribution.Distribution { return &p.Status.D }

// why is the reason of the state, in words; empty when there is none.
func (p StatusProps) why(ctx context.Context) string {
	if p.D.StatusReason == "" {
		return ""
	}
	return components.WhyText(ctx, p.D.StatusReason)
}

// newWord is a word of Plexy that our states do not know; empty otherwise.
func (p StatusProps) newWord() string {
	if _, known := distribution.ParsePlexyStatus(p.D.PlexyStatus); known {
		return ""
	}
	return p.D.PlexyStatus
}

// shown reports that an action is drawn, perhaps as not possible.
func (a Action) shown() bool { return a.Allowed || a.WhyNot != "" }

// any reports that there is something to draw at all. Copy stands in the head.
func (a Actions) any() bool {
	return a.Review.shown() || a.Release.shown() || a.Edit.shown() || a.Withdraw.shown() || a.Cancel.shown()
}

// explained reports that a panel says at length what the sentence says.
func (p StatusProps) explained() bool { return p.Search != nil || p.Mismatch != nil }

// searchTitle is a message key.
func (p StatusProps) searchTitle() string {
	if p.D.Status == distribution.NotFound {
		return "detail.search.not_found"
	}
	return "detail.search.unknown"
}

// name is a message key.
func (r Relation) name() string {
	switch r {
	case CopiedTo:
		return "detail.copied_to"
	case LinkedTo:
		return "detail.linked_to"
	case CopyOf:
	}
	return "detail.copy_of"
}

// difference is a value that Plexy shows otherwise than we sent it.
type difference struct{ Name, Ours, Theirs string }

func differences(ctx context.Context, d *distribution.Distribution, m *Mismatch) []difference {
	var all []difference
	add := func(f distribution.Field, ours, theirs string) {
		if ours != theirs {
			all = append(all, difference{components.FieldName(ctx, f), ours, theirs})
		}
	}
	add(distribution.FieldAmount, i18n.Money(ctx, int64(d.Amount)), i18n.Money(ctx, int64(m.Amount)))
	add(distribution.FieldCurrency, string(d.Currency), string(m.Currency))
	add(distribution.FieldIBAN, components.Fours(d.RecipientText().IBAN), components.Fours(m.IBAN))
	add(distribution.FieldName, d.RecipientText().Name, m.Name)
	return all
}

// spent is what left the balance by Plexy's two figures; ok is false when it
// did not tell both.
func spent(d *distribution.Distribution) (a distribution.Amount, ok bool) {
	if d.BalanceBefore == nil || d.BalanceAfter == nil {
		return 0, false
	}
	return *d.BalanceBefore - *d.BalanceAfter, true
}

// unheld is the amount while it is not among what is held back.
func (p DetailProps) unheld() distribution.Amount {
	if p.d().Status == distribution.Draft || p.d().Status == distribution.Declined {
		return p.d().Amount
	}
	return 0
}
