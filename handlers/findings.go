package handlers

import (
	"context"
	"slices"
	"strings"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/store"
	"plexydash/views/components"
	"plexydash/views/distributions"
)

// findings are what a person must look at before a payment is made.
type findings struct {
	warnings []distribution.Warning
	hints    []distribution.Finding
	history  []distribution.Finding      // hints about whom was paid before: they stand with the book of recipients
	twins    []distribution.Distribution // answered ones that pay the same
	same     *distribution.Distribution  // names the same contract or invoice; nil: none
}

// compared holds the recipient against whom was paid before.
func (h *Handlers) compared(ctx context.Context, c distribution.Content) ([]distribution.Finding, error) {
	known, err := h.DB.Known(ctx, c.Recipient.BIN.String(), c.Recipient.IBAN.String())
	if err != nil {
		return nil, err
	}
	return distribution.Compare(c, known), nil
}

// findings looks at the requisites, at what was paid before, and at what is free
// to commit. exceptID is the draft itself.
func (h *Handlers) findings(ctx context.Context, c distribution.Content, exceptID string, balance components.Balance) (f findings, err error) {
	f.warnings = distribution.Warnings(c, h.Banks)
	compared, err := h.compared(ctx, c)
	if err != nil {
		return f, err
	}
	for _, found := range compared {
		if found.Severity == distribution.Warns {
			f.warnings = append(f.warnings, found)
		} else {
			f.history = append(f.history, found)
		}
	}
	if f.twins, err = h.DB.AnsweredTwins(ctx, c, exceptID); err != nil {
		return f, err
	}
	if len(f.twins) > 0 {
		f.warnings = append(f.warnings, distribution.Warning{Code: distribution.WarnDuplicate, Field: distribution.FieldAmount})
	}
	if balance.State != components.Never && balance.After(c.Amount) < 0 {
		f.warnings = append(f.warnings, distribution.Warning{
			Code: distribution.WarnBalanceShort, Field: distribution.FieldAmount, Args: map[string]string{"Free": i18n.Money(ctx, int64(balance.Free))},
		})
	}
	f.hints = h.Hints(c)
	err = h.sameDocument(ctx, &f, c, exceptID)
	return f, err
}

// sameDocument looks for an earlier payment to the account by the same contract
// or invoice. A likely repetition says more, and is said alone.
func (h *Handlers) sameDocument(ctx context.Context, f *findings, c distribution.Content, exceptID string) error {
	if len(f.twins) > 0 || c.Recipient.IBAN == (distribution.IBAN{}) || len(distribution.Documents(c.PaymentPurpose)) == 0 {
		return nil
	}
	recent, err := h.DB.RecentTo(ctx, c.Recipient.IBAN, exceptID)
	for i := range recent {
		if d, ok := distribution.SameDocument(c.PaymentPurpose, recent[i].PaymentPurpose); ok {
			f.same, f.hints = &recent[i], append(f.hints, distribution.SameDocumentHint(d))
			break
		}
	}
	return err
}

// keepReadable drops what rests on fields that cannot be read yet.
func (f *findings) keepReadable(bad distribution.FieldErrors) {
	if bad[distribution.FieldIBAN] != nil || bad[distribution.FieldAmount] != nil || bad[distribution.FieldPurpose] != nil {
		f.twins = nil
	}
	f.hints = slices.DeleteFunc(f.hints, func(hint distribution.Finding) bool { return bad[hint.Field] != nil })
	f.warnings = slices.DeleteFunc(f.warnings, func(w distribution.Warning) bool {
		return bad[w.Field] != nil || w.Code == distribution.WarnDuplicate && len(f.twins) == 0
	})
}

// has reports whether one of the warnings has the code.
func (f findings) has(code distribution.WarningCode) bool {
	return slices.ContainsFunc(f.warnings, func(w distribution.Warning) bool { return w.Code == code })
}

// unexplained reports that a duplicate is ticked, but nobody wrote why.
func (f findings) unexplained(form draftForm) bool {
	return f.has(distribution.WarnDuplicate) && slices.Contains(form.Ticked, string(distribution.WarnDuplicate)) && form.reason() == ""
}

// open reports that something was not ticked or not explained yet.
func (f findings) open(form draftForm) bool {
	unticked := func(w distribution.Warning) bool { return !slices.Contains(form.Ticked, string(w.Code)) }
	return slices.ContainsFunc(f.warnings, unticked) || f.unexplained(form)
}

func (f draftForm) reason() string { return strings.TrimSpace(f.DuplicateReason) }

// draft is what the store keeps of a form. What was ticked or explained without
// a cause is not kept.
func (f findings) draft(form draftForm, c distribution.Content) store.NewDraft {
	n := store.NewDraft{FormToken: form.Token, Content: c, CopyOf: form.CopyOf}
	for _, w := range f.warnings {
		if slices.Contains(form.Ticked, string(w.Code)) {
			n.Confirmed = append(n.Confirmed, string(w.Code))
		}
	}
	if f.has(distribution.WarnDuplicate) {
		n.DuplicateReason = form.reason()
	}
	return n
}

func refsTo(all []distribution.Distribution) []distributions.Twin {
	var refs []distributions.Twin
	for _, d := range all {
		refs = append(refs, distributions.Twin{Ref: *refTo(&d), At: d.CreatedAt})
	}
	return refs
}
