package views_test

import (
	"strings"
	"time"

	"plexydash/distribution"
	"plexydash/views/balance"
	"plexydash/views/components"
	"plexydash/views/distributions"
	"plexydash/views/errorpage"
	"plexydash/views/exports"
	"plexydash/views/filter"
	"plexydash/views/layout"
)

func formProps(f distribution.Form) distributions.FormProps {
	amount, _ := distribution.ParseAmount(f.Amount)
	return distributions.FormProps{
		Chrome: chrome(components.Fresh), Values: f, FormToken: "t", Balance: money(components.Fresh),
		Order: components.Order{
			Number: f.OrderReference, Date: now(), Amount: amount, Purpose: f.Purpose, MadeBy: maker().Name, Bank: kaspi(),
			Recipient: distribution.RecipientText{Name: f.Name, BIN: f.BIN, IBAN: f.IBAN, BIC: f.BIC, KBe: f.KBe, KNP: f.KNP},
		},
	}
}

func warnings() []distribution.Warning {
	return []distribution.Warning{
		{Code: distribution.WarnBINCheck, Field: distribution.FieldBIN},
		{Code: distribution.WarnBICBank, Field: distribution.FieldBIC, Args: map[string]string{"Bank": "Х", "Want": "A", "Got": "B"}},
		{Code: "duplicate", Field: distribution.FieldAmount},
	}
}

func answeredTwins() []distributions.Twin {
	return []distributions.Twin{
		{Ref: distributions.Ref{ID: "0195a1c3", Reference: "DIST-2", Status: distribution.Paid}, At: now().Add(-48 * time.Hour)},
		{Ref: distributions.Ref{ID: "0195a1c4", Reference: "DIST-3", Status: distribution.Accepted}, At: now().Add(-time.Hour)},
	}
}

func formSamples() []sample {
	wrong := typed()
	wrong.KNP, wrong.KBe, wrong.Amount, wrong.IBAN, wrong.Name = "85", "99", "1.250", "KZ86", ""
	_, errs := wrong.Parse()
	refused := formProps(wrong)
	refused.Refused, refused.KeptAt, refused.Drafts = true, now(), 3
	refused.Errors, refused.Order.Bad = errs, []distribution.Field{distribution.FieldKNP, distribution.FieldName}
	refused.Errors[distribution.FieldCurrency] = &distribution.Reason{Code: "currency.kzt"}
	warned := formProps(typed())
	warned.Warnings, warned.Confirmed, warned.ReasonMissing = warnings(), []string{"bin.check", "duplicate"}, true
	warned.Refused = true
	warned.Twins, warned.Limit = answeredTwins(), 1_000_000_00
	warned.Requirement, refused.Requirement = needed(1), needed(0)
	editing := formProps(typed())
	editing.ID, editing.Balance = "0195a1c2", money(components.Failed)
	copied := formProps(typed())
	copied.CopyID = "0195a1c2"
	copied.CopyOf = &distributions.Ref{ID: "0195a1c2", Reference: "DIST-1"}
	copied.Balance = components.Balance{State: components.Never, Now: now()}
	return []sample{
		{"form", distributions.Form(formProps(distribution.Form{Currency: "KZT"})), false},
		{"form-errors", distributions.Form(refused), false},
		{"form-warnings", distributions.Form(warned), false},
		{"form-edit", distributions.Form(editing), false},
		{"form-copy", distributions.Form(copied), false},
		{"form-checks", distributions.FormChecks(refused, formProps(typed())), true},
		{"drafts", distributions.Drafts(draftsProps()), false},
		{"drafts-none", distributions.Drafts(distributions.DraftsProps{Chrome: chrome(components.Fresh), Now: now(), Email: "g@sapa.kz"}), false},
	}
}

func draftsProps() distributions.DraftsProps {
	whole, half := typed(), distribution.Form{Currency: "KZT", Amount: "1.250", Name: strings.Repeat("ТОО «Өндіріс» ", 12)}
	return distributions.DraftsProps{
		Chrome: chrome(components.Fresh), Now: now(), Email: "g@sapa.kz", Max: 50,
		Drafts: []distributions.FormDraft{
			{Token: "a", Values: whole, Amount: 1_250_000_00, KeptAt: now().Add(-time.Minute), Editing: "0195a1c2", About: "DIST-1"},
			{Token: "b", Values: half, KeptAt: now().Add(-48 * time.Hour), CopyOf: "0195a1c3", About: "DIST-2"},
			{Token: "c", KeptAt: now().Add(-72 * time.Hour)},
		},
	}
}

// needed is what so many approvals of the typed amount take.
func needed(n int) distributions.Requirement {
	r := distributions.Requirement{
		Amount: 1_250_000_00, Need: n, Steps: distribution.DefaultPolicy().Steps, People: []string{"Дана Мұратова", "Александр Ли"},
	}
	if n == 0 {
		r.Amount, r.People = 0, nil
	}
	return r
}

func reviewSamples() []sample {
	ready := distributions.ReviewProps{
		Chrome: chrome(components.Fresh), D: in(distribution.Draft), Code: "4K7Q2M", Bank: kaspi(), Balance: money(components.Fresh), CanSubmit: true,
		Warnings: warnings()[:1],
	}
	approval := ready
	before := in(distribution.Paid)
	before.Recipient.IBAN = elsewhere()
	approval.Last = &before
	approval.Requirement, approval.Waits, approval.Chrome = needed(2), distributions.WaitsPaused, demoChrome()
	again := ready
	again.Last = &distribution.Distribution{ID: "0195a1c3", Content: in(distribution.Paid).Content, CreatedAt: now()}
	again.Twins, again.D.DuplicateReason, again.DayIsFull = answeredTwins(), "две поставки <в один день>", true
	again.D.Confirmations = []distribution.Confirmation{{Code: "duplicate", By: maker(), At: now()}, {Code: "bin.check", By: maker(), At: now()}}
	over := ready
	over.Limit = 1_000_000_00
	twin := ready
	twin.Twin, twin.Waits = &distributions.Ref{ID: "0195a1c3", Reference: "DIST-2", Status: distribution.Queued}, distributions.WaitsPlexy
	unticked := ready
	unticked.Warnings, unticked.D.Amount = warnings(), 999_999_999
	reader := ready
	reader.CanSubmit, reader.WhyNot, reader.Balance = false, "not_yours", money(components.Never)
	return []sample{
		{"review", distributions.Review(ready), false},
		{"review-approval", distributions.Review(approval), false},
		{"review-twin", distributions.Review(twin), false},
		{"review-unticked", distributions.Review(unticked), false},
		{"review-reader", distributions.Review(reader), false},
		{"review-again", distributions.Review(again), false},
		{"review-over", distributions.Review(over), false},
	}
}

func elsewhere() distribution.IBAN {
	iban, err := distribution.ParseIBAN("KZ84722C000012345678")
	if err != nil {
		panic(err)
	}
	return iban
}

func everyEvent() []distributions.Event {
	kinds := []distribution.EventKind{distribution.EventCreated, distribution.EventNoted}
	for _, a := range distribution.Arrows() {
		kinds = append(kinds, a.Event)
	}
	var all []distributions.Event
	for i, kind := range kinds {
		all = append(all, distributions.Event{
			Event: distribution.Event{Kind: kind, From: distribution.Paid, To: distribution.Failed, PlexyAt: now(), PlexyWord: "failed", Regression: i == 3},
			At:    now().Add(-time.Duration(i) * time.Hour), Actor: distribution.Person{ID: "system:syncer", Name: "syncer"},
		})
	}
	return all
}

func statusProps(s distribution.Status) distributions.StatusProps {
	p := distributions.StatusProps{D: in(s), Now: now(), Bank: kaspi(), Code: "7F3K9Q", Events: everyEvent()[:2]}
	if s == distribution.Unknown || s == distribution.NotFound {
		p.Search = &distributions.Search{
			Since: now().Add(-time.Hour), Looks: 3, Next: now().Add(time.Hour), Until: now().Add(23 * time.Hour),
			Past: []distributions.Look{{At: now().Add(-30 * time.Minute), Counted: true}, {At: now().Add(-20 * time.Minute)}},
		}
		p.Actions.Check.Allowed = true
		p.Doubt = doubt()
		p.Search.Sweeping, p.Search.SweepPages = true, 37
	}
	if s == distribution.Mismatch {
		p.Mismatch = &distributions.Mismatch{Amount: 1, Currency: "KZT", IBAN: "KZ86125KZT5004100100", Name: "ТОО «Другое»", At: now()}
		p.Doubt = &distributions.Doubt{Attempts: doubt().Attempts, Offers: []distributions.Offer{{Kind: distribution.DecideOurs}, {Kind: distribution.DecideNotOurs}}}
	}
	return p
}

func detailSamples() []sample {
	var all []sample
	for _, s := range distribution.Statuses() {
		all = append(all, sample{"detail-" + string(s), distributions.Detail(distributions.DetailProps{
			Chrome: chrome(components.Fresh), Status: statusProps(s), Bank: kaspi(), Code: "7F3K9Q", Hash: "0123456789abcdef",
		}), false})
	}
	full := distributions.DetailProps{
		Chrome: demoChrome(), Status: statusProps(distribution.Queued), Bank: kaspi(), Code: "7F3K9Q", Hash: "0123456789abcdef",
		Related:  []distributions.Related{{Relation: distributions.CopyOf, Ref: distributions.Ref{ID: "1", Reference: "DIST-0", Status: distribution.Refused}}, {Relation: distributions.CopiedTo, Ref: distributions.Ref{ID: "2", Reference: "DIST-2", Status: distribution.Draft}}},
		Attempts: []distributions.Attempt{{N: 2, StartedAt: now()}, {N: 1, Outcome: "not_sent", Reason: "no_connection", StartedAt: now(), EndedAt: now()}},
		Answers:  []distributions.Answer{{At: now(), Call: "create", Status: 502, Body: "<html>bad gateway</html>"}, {At: now(), Call: "list"}},
	}
	yes := distributions.Action{Allowed: true}
	full.Status.Actions = distributions.Actions{Review: yes, Edit: yes, Withdraw: yes, Cancel: yes, Copy: yes}
	free := money(components.Ageing)
	full.Free = &free
	full.Status.Waits, full.Status.Events = distributions.WaitsPlexy, everyEvent()
	full.Status.D.StatusReason, full.Status.D.StatusNote = "no_connection", "примечание"
	full.Status.D.ApprovedBy = []distribution.Person{{Name: "Дана Мұратова"}}
	full.Status.Notes = []distributions.Note{{At: now(), By: maker(), Text: "Счёт № 118\n<у Айгуль>"}}
	full.NoteForm = &distributions.NoteForm{Text: "слишком", Problem: "resolution.too_long"}
	no := distributions.Action{WhyNot: "not_yours"}
	alarmed := distributions.DetailProps{Chrome: chrome(components.Failed), Status: statusProps(distribution.Returned)}
	alarmed.Status.D, alarmed.Status.Events, alarmed.Status.Code = foreign(), everyEvent(), ""
	alarmed.Status.Twins = []distributions.Ref{{ID: "3", Reference: "DIST-3", Status: distribution.Paid}}
	alarmed.Status.Actions = distributions.Actions{Review: no, Edit: no, Withdraw: no, Cancel: no}
	over := statusProps(distribution.NotFound)
	over.Search.Until, over.Search.Next = now().Add(-time.Minute), time.Time{}
	over.Search.Sweeping, over.Search.NextSweep = false, now().Add(8*time.Hour)
	return append(all,
		sample{"detail-full", distributions.Detail(full), false},
		sample{"detail-alarms", distributions.Detail(alarmed), false},
		sample{"sheet", distributions.Sheet(sheetProps()), false},
		sample{"sheet-foreign", distributions.Sheet(distributions.SheetProps{Chrome: chrome(components.Never), D: foreign(), Now: now()}), false},
		sample{"status-over", distributions.StatusBlock(over), true},
	)
}

func sheetProps() distributions.SheetProps {
	d := in(distribution.Paid)
	d.PlexyID, d.PlexyUpdatedAt, d.ApprovedBy = "P-1", now(), []distribution.Person{{Name: "Дана Мұратова"}}
	yes := distributions.Event{At: now().Add(-time.Hour), Actor: distribution.Person{Name: "Дана Мұратова"}}
	yes.Kind = distribution.EventApproved
	return distributions.SheetProps{
		Chrome: chrome(components.Fresh), D: d, Bank: kaspi(), Hash: distribution.Hash(&d), Now: now(), Version: "1.0", Events: []distributions.Event{yes},
	}
}

func exportSamples() []sample {
	e := exports.Export{ID: "e1", Kind: "distributions", State: exports.Waiting, Format: "csv", Dialect: "excel", CreatedAt: now()}
	done := e
	done.State, done.FileName, done.Rows, done.Sum, done.SHA256, done.AsOf = exports.Ready, "register.csv", 1284, 31_245_000_000, "0123456789abcdef0123", now()
	partial := done
	partial.Incomplete, partial.Dialect, partial.Filter = true, "plain", filter.Filter{Statuses: []distribution.Status{distribution.Paid}, To: "2026-03-16", Max: "5000"}
	broken := e
	broken.State, broken.ErrorCode, broken.Filter = exports.Failed, "7F3K9Q", partial.Filter
	waiting := chrome(components.Fresh)
	waiting.Reload = 5
	return []sample{
		{"export-waiting", exports.Page(exports.PageProps{Chrome: waiting, Export: e}), false},
		{"export-ready", exports.Page(exports.PageProps{Chrome: chrome(components.Fresh), Export: done}), false},
		{"export-partial", exports.Page(exports.PageProps{Chrome: chrome(components.Fresh), Export: partial}), false},
		{"export-failed", exports.Page(exports.PageProps{Chrome: chrome(components.Fresh), Export: broken}), false},
		{"export-block", exports.Block(e), true},
		{"exports", exports.List(exports.ListProps{Chrome: chrome(components.Fresh), Exports: []exports.Export{e, done, broken}, Now: now()}), false},
		{"exports-empty", exports.List(exports.ListProps{Chrome: chrome(components.Fresh), Now: now()}), false},
	}
}

func otherSamples() []sample {
	var all []sample
	for _, state := range []components.FreshState{components.Fresh, components.Ageing, components.Failed, components.Never} {
		all = append(all, sample{"balance-" + string(state), balance.Page(balance.Props{Chrome: chrome(state), Balance: money(state)}), false})
	}
	for status, name := range map[int]string{400: "400", 403: "403", 404: "404", 410: "410", 405: "405", 409: "409", 413: "413", 429: "429", 500: "500", 503: "503", 418: "other"} {
		p := errorpage.Props{Chrome: chrome(components.Fresh), Bare: layout.Bare{Path: "/"}, Status: status, Number: "R-8F3K", At: now()}
		all = append(all, sample{"error-bare-" + name, errorpage.Page(p), false}, sample{"error-fragment-" + name, errorpage.Fragment(p), true})
		p.SignedIn, p.Refusal, p.Link = true, "state", &errorpage.Link{Href: "/distributions/1", Key: "common.back"}
		all = append(all, sample{"error-" + name, errorpage.Page(p), false})
	}
	again := &errorpage.Again{To: "/distributions", Fields: []components.Param{{Name: "amount", Value: "1 000,00"}}}
	all = append(all, sample{"error-again", errorpage.Page(errorpage.Props{
		Chrome: chrome(components.Fresh), SignedIn: true, Status: 503, Number: "R-8F3K", At: now(), Again: again,
	}), false})
	return all
}
