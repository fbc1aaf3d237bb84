package audit

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
)

// sentence says what happened, to what, and why; who did it stands before it.
// Object is what it happened to, where the sentence names it.
func (l Line) sentence(ctx context.Context) (before, object, after string) {
	text := l.said(ctx)
	object = l.object()
	before, after, named := strings.Cut(text, object)
	if !named || object == "" {
		before, object, after = text, "", ""
	}
	if l.Target.Distribution != "" && l.Target.Recipient != "" {
		after += ": " + i18n.Money(ctx, int64(l.Target.Amount)) + ", " + l.Target.Recipient
	}
	if l.Reason != "" {
		after += ". " + reasonText(ctx, l.Reason)
	}
	return before, object, after
}

// said is the sentence of the action; one without words is shown as its code.
func (l Line) said(ctx context.Context) string {
	if !i18n.From(ctx).Has("audit.say." + l.Action) {
		return strings.TrimSpace(i18n.T(ctx, "layout.code", "Code", l.Action) + " " + l.object())
	}
	return strings.TrimSpace(i18n.T(ctx, "audit.say."+l.Action, "Object", l.object(), "What", l.what(ctx)))
}

// object is what people call the thing; its id when it has no name.
func (l Line) object() string {
	switch {
	case l.Target.Name != "":
		return l.Target.Name
	case l.Object == "sending", l.Object == "hold", l.Object == "plexy", l.Object == "balance", l.Object == "policy", l.Object == "audit", l.Object == "decision", l.Object == "draft":
		return "" // the action says it all
	case l.Object == "user" && l.ObjectID == "":
		return ""
	}
	return l.ObjectID
}

// what is the kind of a decision, or of an export.
func (l Line) what(ctx context.Context) string {
	for _, c := range l.Changes {
		if c.Field == "kind" {
			return c.value(ctx, c.Now)
		}
	}
	return ""
}

// reasonText is a code in words, or somebody's own words in quotes.
func reasonText(ctx context.Context, reason string) string {
	p := i18n.From(ctx)
	switch {
	case p.Has("reason." + reason):
		return components.WhyText(ctx, reason)
	case p.Has("refusal." + reason):
		return components.RefusalText(ctx, reason)
	case p.Has("audit.reason." + reason):
		return components.OrCode(ctx, "audit.reason.", reason)
	}
	return components.Quoted(ctx, reason)
}

// name of the field that changed; what has no words is shown as it is written.
func (c Change) name(ctx context.Context) string {
	if code, ok := strings.CutPrefix(c.Field, "confirmed."); ok {
		return i18n.T(ctx, "audit.confirmed", "What", components.WarningName(ctx, code))
	}
	switch p := i18n.From(ctx); {
	case p.Has("field." + c.Field):
		return components.FieldName(ctx, distribution.Field(c.Field))
	case p.Has("audit.field." + c.Field):
		return components.OrCode(ctx, "audit.field.", c.Field)
	}
	return c.Field
}

// value as people read it.
func (c Change) value(ctx context.Context, text string) string {
	if text == "" {
		return i18n.T(ctx, "audit.none")
	}
	switch c.Field {
	case "status":
		return components.StatusWord(ctx, distribution.Status(text))
	case "origin":
		return components.OrCode(ctx, "filter.origin.", text)
	case "role", "from", "to":
		return components.OrCode(ctx, "role.", text)
	case "amount":
		if tiyn, err := strconv.ParseInt(text, 10, 64); err == nil {
			return i18n.Money(ctx, tiyn)
		}
	case "recipient.iban":
		return components.Fours(text)
	case "kind":
		return kindText(ctx, text)
	}
	return text
}

func kindText(ctx context.Context, kind string) string {
	switch p := i18n.From(ctx); {
	case p.Has("decision.name." + kind):
		return components.OrCode(ctx, "decision.name.", kind)
	case p.Has("audit.kind." + kind):
		return components.OrCode(ctx, "audit.kind.", kind)
	}
	return kind
}

// who is the person, or the part of the program, or who gave a command.
func (l Line) who(ctx context.Context) string {
	switch {
	case strings.HasPrefix(l.Actor.ID, "cli:"):
		return i18n.T(ctx, "audit.cli", "Name", l.Actor.Name)
	case l.Actor.ID == "anonymous":
		return i18n.T(ctx, "audit.anonymous")
	}
	return components.ActorName(ctx, l.Actor)
}

// from where it came.
func (l Line) source(ctx context.Context) string {
	switch {
	case l.Address != "":
		return l.Address
	case strings.HasPrefix(l.Actor.ID, "cli:"):
		return i18n.T(ctx, "audit.source.cli")
	case strings.HasPrefix(l.Actor.ID, "system:"):
		return i18n.T(ctx, "audit.source.program")
	}
	return "–"
}

// icon and tone of the result; a refusal is a rule at work, a failure is ours.
func (l Line) icon() string {
	switch l.Result {
	case "done":
		return "check"
	case "denied":
		return "s-refused"
	}
	return "x"
}

func (l Line) tone() string {
	if l.Result == "done" {
		return "is-green"
	}
	return "is-red"
}

// only is the page with one condition.
func only(name, value string) string { return path + "?" + url.Values{name: {value}}.Encode() }

func (l Line) recordURL() string { return path + "/" + strconv.FormatInt(l.Seq, 10) }

func (l Line) number() string { return strconv.FormatInt(l.Seq, 10) }

// found counts the matches in words; it never says more than was looked at.
func (t Totals) found(ctx context.Context) string {
	text := i18n.T(ctx, "audit.found", "Count", i18n.Count(ctx, t.Count), "Denied", i18n.Count(ctx, t.Denied), "Failed", i18n.Count(ctx, t.Failed))
	if t.More {
		text = i18n.T(ctx, "audit.found_recent", "Found", text)
	}
	return text
}

// verdict is the last look at the log in one sentence.
func (c Check) verdict(ctx context.Context) string {
	switch {
	case c.Broken:
		return i18n.T(ctx, "audit.check.broken", "At", i18n.DateTime(ctx, c.At))
	case c.At.IsZero():
		return i18n.T(ctx, "audit.check.never")
	}
	return i18n.T(ctx, "audit.check.whole", "At", i18n.DateTime(ctx, c.At))
}

// signed says how far the log is signed.
func (c Check) signed(ctx context.Context) string {
	if c.Signed == 0 {
		return i18n.T(ctx, "audit.check.unsigned")
	}
	return i18n.T(ctx, "audit.check.signed", "Signed", i18n.Count(ctx, int(c.Signed)), "Records", i18n.Count(ctx, int(c.Records)), "At", i18n.DateTime(ctx, c.SignedTime))
}
