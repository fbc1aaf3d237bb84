package distributions

import (
	"context"
	"slices"

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

func (r Relation) icon() string {
	if r == CopiedTo {
		return "right"
	}
	return "back"
}

// copiesOf are the corrections among the related, what it corrects first.
func copiesOf(all []Related) []Related {
	return slices.DeleteFunc(slices.Clone(all), func(r Related) bool { return r.Relation == LinkedTo })
}

// verdicts are the approvals, or the no, to what was handed over last; oldest
// first.
func (p StatusProps) verdicts() []Event { return verdicts(p.Events) }

func verdicts(events []Event) []Event {
	var all []Event
	for _, e := range events { // newest first
		if e.Kind == distribution.EventSubmitted {
			break
		}
		if e.Kind == distribution.EventApproved || e.Kind == distribution.EventDeclined {
			all = append(all, e)
		}
	}
	slices.Reverse(all)
	return all
}

func verdictIcon(e Event) string {
	if e.Kind == distribution.EventApproved {
		return components.StatusIcon(distribution.Paid)
	}
	return components.StatusIcon(distribution.Declined)
}

func verdictText(ctx context.Context, e Event) string {
	if e.Kind == distribution.EventApproved {
		return i18n.T(ctx, "detail.approved_by", "Name", e.Actor.Name)
	}
	return i18n.T(ctx, "detail.declined_by", "Name", e.Actor.Name)
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
