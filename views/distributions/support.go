package distributions

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/views/components"
)

// supportText is what Plexy's support needs to find a payment: numbers, codes
// and times in UTC.
func (p DetailProps) supportText(ctx context.Context) string {
	d, none := p.d(), i18n.T(ctx, "detail.none")
	var b strings.Builder
	line := func(name, value string) { b.WriteString(name + ": " + value + "\n") }
	line(components.FieldName(ctx, distribution.FieldReference), d.OrderReference)
	line(i18n.T(ctx, "detail.plexy_id"), cmp.Or(d.PlexyID, none))
	line(i18n.T(ctx, "detail.our_id"), d.ID)
	line(components.FieldName(ctx, distribution.FieldAmount), d.Amount.String()+" "+string(d.Currency))
	line(i18n.T(ctx, "support.status"), string(d.Status)+" ("+components.StatusWord(ctx, d.Status)+")")
	line(i18n.T(ctx, "detail.plexy_status"), cmp.Or(d.PlexyStatus, none))
	line(i18n.T(ctx, "support.created"), utc(d.CreatedAt))
	if !d.PlexyUpdatedAt.IsZero() {
		line(i18n.T(ctx, "support.changed"), utc(d.PlexyUpdatedAt))
	}
	for _, a := range p.Attempts {
		text := []string{utc(a.StartedAt)}
		if !a.EndedAt.IsZero() {
			text[0] += " – " + utc(a.EndedAt)
		}
		text = append(text, cmp.Or(a.Outcome, "open"))
		if a.Reason != "" {
			text = append(text, a.Reason)
		}
		line(i18n.T(ctx, "support.attempt", "N", a.N), strings.Join(append(text, i18n.T(ctx, "support.our_request")+" "+a.ID), ", "))
	}
	for _, a := range p.Answers {
		line(i18n.T(ctx, "support.answer"), a.support(ctx))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (a Answer) support(ctx context.Context) string {
	text := []string{utc(a.At), a.Call}
	if a.Status == 0 {
		text = append(text, i18n.T(ctx, "detail.no_answer"))
	} else {
		text = append(text, "HTTP "+strconv.Itoa(a.Status))
	}
	if a.RequestID != "" {
		text = append(text, i18n.T(ctx, "support.their_request")+" "+a.RequestID)
	}
	return strings.Join(text, ", ")
}

// utc is a time for people elsewhere, to the second.
func utc(t time.Time) string { return t.UTC().Format(time.RFC3339) }
