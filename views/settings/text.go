package settings

import (
	"context"
	"slices"
	"strings"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
	"plexydash/views/layout"
)

func (p SendingProps) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title = i18n.T(ctx, "sending.title")
	return p.Chrome
}

func (p Props) chrome(ctx context.Context) layout.Chrome {
	p.Chrome.Title, p.Chrome.Current = i18n.T(ctx, "nav.settings"), layout.Settings
	return p.Chrome
}

// reason is the field of one of the forms, with what was typed into it.
func (p SendingProps) reason(ctx context.Context, act Act, label string) components.Field {
	f := reasonField("reason-"+string(act), label, "", "")
	if p.Refused.Act == act {
		f.Value, f.Error = p.Refused.Reason, i18n.T(ctx, "error.required")
	}
	return f
}

// note is a reason that may be left out.
func (p SendingProps) note(ctx context.Context) components.Field {
	f := p.reason(ctx, On, i18n.T(ctx, "sending.on.note"))
	f.Required, f.Aside = false, i18n.T(ctx, "form.optional")
	return f
}

// ends says how a stop ends.
func ends(ctx context.Context, p layout.Pause) string {
	return components.OrCode(ctx, "sending.ends.", p.Reason)
}

// kindOf names a stop in a table.
func kindOf(ctx context.Context, p layout.Pause) string {
	return components.OrCode(ctx, "sending.kind.", p.Reason)
}

// found is what a stop found, or why a person pressed.
func (s Stop) found(ctx context.Context) string {
	if s.Want != 0 {
		return i18n.T(ctx, "pause.unit", "Told", i18n.Money(ctx, int64(s.Told)), "Want", i18n.Money(ctx, int64(s.Want)))
	}
	if s.Reason == "clock" {
		return "" // the log has the figures, in the words of the program
	}
	return s.Note
}

// who is a person's name, or what part of the program acted.
func who(ctx context.Context, id, name string) string {
	if part, system := strings.CutPrefix(id, "system:"); system {
		return components.OrCode(ctx, "actor.", part)
	}
	return name
}

// limit is an amount, or that there is none.
func limit(ctx context.Context, a distribution.Amount) string {
	if a == 0 {
		return i18n.T(ctx, "limits.none")
	}
	return i18n.Money(ctx, int64(a))
}

func (p Props) left(ctx context.Context) string {
	return i18n.T(ctx, "limits.left", "Left", i18n.Money(ctx, int64(max(0, p.Policy.LimitDay-p.SentToday))))
}

// approvals says who must approve, one line for each step.
func (p Props) approvals(ctx context.Context) []string {
	var all []string
	for _, step := range p.Policy.Steps {
		all = append(all, i18n.N(ctx, "limits.step", step.Approvals, "From", i18n.Money(ctx, int64(step.From))))
	}
	if len(all) == 0 {
		return []string{i18n.T(ctx, "limits.no_approval")}
	}
	if p.Policy.Peers {
		all = append(all, i18n.T(ctx, "limits.peers"))
	}
	return all
}

func (p Props) asksFactor(role distribution.Role) bool {
	return slices.Contains(p.Policy.FactorRoles, role)
}

func (p Props) problem(ctx context.Context, f distribution.Field) string {
	if r := p.Errors[f]; r != nil {
		return components.ReasonText(ctx, r)
	}
	return ""
}

func (p Props) money(ctx context.Context, name distribution.Field, label, value string) components.Field {
	return components.Field{
		Name: name, Label: label, Value: value, Error: p.problem(ctx, name), InputMode: "decimal", Money: true, Span: 3,
		Hint: i18n.T(ctx, "limits.hint"),
	}
}

// line is what is typed into step i.
func (p Props) line(i int) StepForm {
	if i < len(p.Form.Steps) {
		return p.Form.Steps[i]
	}
	return StepForm{}
}

func (p Props) from(ctx context.Context, i int) components.Field {
	name := FieldFrom(i)
	return components.Field{
		Name: name, Label: i18n.T(ctx, "policy.from", "N", i18n.Count(ctx, i+1)), Value: p.line(i).From, Error: p.problem(ctx, name),
		InputMode: "decimal", Money: true, Span: 4,
	}
}

func (p Props) count(ctx context.Context, i int) components.Field {
	name := FieldApprovals(i)
	return components.Field{
		Name: name, Label: i18n.T(ctx, "policy.count"), Value: p.line(i).Approvals, Error: p.problem(ctx, name), InputMode: "numeric", Span: 2, Class: "is-tall",
	}
}

func (p Props) each(ctx context.Context) components.Field {
	return p.money(ctx, FieldEach, i18n.T(ctx, "limits.each"), p.Form.Each)
}

func (p Props) day(ctx context.Context) components.Field {
	return p.money(ctx, FieldDay, i18n.T(ctx, "limits.day"), p.Form.Day)
}

func (p Props) reason(ctx context.Context) components.Field {
	return reasonField("", i18n.T(ctx, "limits.reason"), p.Form.Reason, p.problem(ctx, FieldReason))
}
