package distributions

import (
	"context"
	"slices"
	"strconv"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/layout"
	"plexydash/views/proposals"
)

// why says what the decision waits for.
func (o Offer) why(ctx context.Context) string {
	switch o.Wait {
	case WaitWindow:
		return i18n.T(ctx, "doubt.wait.window", "At", i18n.DateTime(ctx, o.From), "Need", distribution.SweepsToMiss)
	case WaitSweeps:
		return i18n.T(ctx, "doubt.wait.sweeps", "Have", o.Have, "Need", distribution.SweepsToMiss)
	case WaitTicket:
		return i18n.T(ctx, "doubt.wait.ticket", "At", i18n.DateTime(ctx, o.From))
	case WaitSimilar:
		return i18n.T(ctx, "doubt.wait.no_similar")
	}
	return ""
}

// sweepDue reports that a sweep begins as soon as the program gets to it.
func (s Search) sweepDue(now time.Time) bool {
	return !s.NextSweep.IsZero() && !s.NextSweep.After(now)
}

func (o Offer) id() string { return "offer-" + string(o.Kind) }

// counted says whether the sweep counts, and why not.
func (s Sweep) counted(ctx context.Context) string {
	switch {
	case s.Verdict == distribution.SweepFound:
		return i18n.T(ctx, "doubt.sweep.found")
	case s.Counted():
		return i18n.T(ctx, "doubt.sweep.counted")
	case s.Verdict == distribution.SweepMissed:
		return i18n.T(ctx, "doubt.sweep.early")
	case s.Error != "":
		return i18n.T(ctx, "doubt.sweep.failed")
	}
	return components.OrCode(ctx, "doubt.sweep.", s.Why)
}

// mark is the tone and the icon of the sweep's end.
func (s Sweep) mark() (class, icon string) {
	switch {
	case s.Verdict == distribution.SweepFound, s.Counted():
		return "is-green", "check"
	case s.Verdict == distribution.SweepMissed:
		return "", "clock"
	}
	return "", "x"
}

// matches is how many rows of the list were the one that is looked for.
func (s Sweep) matches() string {
	if s.Verdict == distribution.SweepFound {
		return "1"
	}
	return "0"
}

// balance says what the balance did around the attempt, and how little that
// proves.
func (a DoubtAttempt) balance(ctx context.Context, sent distribution.Amount) string {
	if a.BalanceBefore == nil || a.BalanceAfter == nil {
		return i18n.T(ctx, "doubt.balance.missing")
	}
	before, after := *a.BalanceBefore, *a.BalanceAfter
	pairs := []any{
		"Before", i18n.Money(ctx, int64(before)), "After", i18n.Money(ctx, int64(after)),
		"Difference", i18n.Money(ctx, int64(before-after)),
	}
	switch {
	case before-after == sent:
		return i18n.T(ctx, "doubt.balance.equals", pairs...)
	case before == after:
		return i18n.T(ctx, "doubt.balance.same", pairs...)
	}
	return i18n.T(ctx, "doubt.balance.differs", pairs...)
}

// answered says what came back.
func (a DoubtAttempt) answered(ctx context.Context) string {
	if a.Answer == nil || a.Answer.Status == 0 {
		return i18n.T(ctx, "doubt.answer.none")
	}
	return i18n.N(ctx, "doubt.answer.bytes", a.Bytes, "Status", strconv.Itoa(a.Answer.Status), "At", i18n.DateTime(ctx, a.Answer.At))
}

// loud are the open alarms that nothing else on the page tells of: a twin and a
// step back are drawn with what is known about them.
func (p StatusProps) loud() []Alarm {
	var all []Alarm
	for _, a := range p.Alarms {
		told := a.Kind == distribution.AlarmTwice && len(p.Twins) > 0 || a.Kind == distribution.AlarmRegressed && p.D.Regressed
		if a.Seen == "" && !told {
			all = append(all, a)
		}
	}
	return all
}

// unseen reports that some alarm waits for somebody to say that it was seen.
func (p StatusProps) unseen() bool {
	for _, a := range p.Alarms {
		if a.Seen == "" {
			return true
		}
	}
	return false
}

// seen is who acknowledged the newest alarm of the kind; empty: nobody, or
// there is none.
func (p StatusProps) seen(ctx context.Context, kind distribution.AlarmKind) string {
	for _, a := range p.Alarms {
		if a.Kind == kind {
			return a.seen(ctx)
		}
	}
	return ""
}

func (a Alarm) seen(ctx context.Context) string {
	if a.Seen == "" {
		return ""
	}
	return i18n.T(ctx, "alarm.seen", "Name", a.Seen, "At", i18n.DateTime(ctx, a.SeenAt), "Note", a.Note)
}

// AlarmTone is red for what may have cost money, amber for what only wants a look.
func AlarmTone(kind distribution.AlarmKind) components.Tone {
	if kind == distribution.AlarmOutside {
		return components.Amber
	}
	return components.Red
}

func (p ResolutionProps) chrome(ctx context.Context) layout.Chrome {
	return titled(p.Chrome, proposals.Name(ctx, p.Kind))
}

func (p AcknowledgementProps) chrome(ctx context.Context) layout.Chrome {
	return titled(p.Chrome, i18n.T(ctx, "alarm.acknowledge"))
}

// rows are the options of a link.
func (p ResolutionProps) rows(ctx context.Context) []components.Option {
	var all []components.Option
	for _, s := range p.Similar {
		label := s.D.OrderReference + " · " + i18n.Money(ctx, int64(s.D.Amount)) + " · " + i18n.DateTime(ctx, s.D.CreatedAt)
		if name := s.D.RecipientText().Name; name != "" {
			label += " · " + name
		}
		all = append(all, components.Option{Value: s.D.PlexyID, Label: label})
	}
	return all
}

// said is the message under the key; empty when there is none.
func said(ctx context.Context, key string) string {
	if key == "" {
		return ""
	}
	return i18n.T(ctx, key)
}

// wordsField is a text that is kept for good; hint says who will read it.
func wordsField(ctx context.Context, name distribution.Field, label, hint, value, problem string) components.Field {
	return components.Field{Name: name, Label: label, Value: value, Error: said(ctx, problem), Rows: 3, Required: true, Hint: hint}
}

// offers reports that the decision may be proposed now.
func (p StatusProps) offers(kind distribution.DecisionKind) bool {
	return p.Doubt != nil && slices.ContainsFunc(p.Doubt.Offers, func(o Offer) bool { return o.Kind == kind && o.Wait == "" })
}

// AlarmClass is the modifier of the same in the style sheet.
func AlarmClass(kind distribution.AlarmKind) string { return "is-" + string(AlarmTone(kind)) }
