package views_test

import (
	"time"

	"plexydash/distribution"
	"plexydash/views/approvals"
	"plexydash/views/components"
	"plexydash/views/distributions"
)

func awaitingRow(n int) approvals.Row {
	d := in(distribution.AwaitingApproval)
	d.ID, d.SubmittedAt = d.ID+string(rune('a'+n)), now().Add(-time.Duration(n)*time.Hour)
	return approvals.Row{D: d, Bank: kaspi(), Code: "4K7Q2M", Need: 1, CanDecide: true}
}

func approvalSamples() []sample {
	first, second, own := awaitingRow(1), awaitingRow(2), awaitingRow(3)
	first.Warnings = []string{"balance.short", "bin.check", "duplicate", "iban.new"}
	second.Need, second.D.ApprovedBy = 2, []distribution.Person{{Name: "Дана Мұратова"}}
	own.CanDecide, own.WhyNot = false, "own"
	queue := approvals.Props{
		Chrome: chrome(components.Fresh), Tab: approvals.All, Decides: true, Mine: 2, All: 3, Rows: []approvals.Row{first, second, own},
		Balance: money(components.Fresh), Next: "c", Later: true, Now: now(),
	}
	last := in(distribution.Paid)
	open := queue
	open.Tab, open.Open = approvals.Mine, &approvals.Peek{Row: first, Last: &last, People: []string{"Ли А."}, Changes: []components.Change{
		{Field: distribution.FieldIBAN, Was: "KZ86125KZT5004100100", Now: "KZ53601A861005417851"},
		{Field: distribution.FieldAmount, Was: "1250000.00", Now: "1250000.00"},
	}}
	mine := queue
	mine.Open = &approvals.Peek{Row: own}
	reader := queue
	reader.Decides, reader.Balance, reader.Rows = false, money(components.Never), []approvals.Row{own}
	none := approvals.Props{Chrome: chrome(components.Failed), Tab: approvals.Mine, Decides: true, All: 3, Balance: money(components.Failed)}
	nobody := approvals.Props{Chrome: demoChrome(), Tab: approvals.Mine, Decides: true}
	all := approvals.Props{Chrome: chrome(components.Fresh), Tab: approvals.All}
	decided := approvals.Props{Chrome: chrome(components.Fresh), Tab: approvals.Decided, Decides: true, Verdicts: []approvals.Verdict{
		{D: in(distribution.Paid), Kind: distribution.EventApproved, At: now()},
		{D: in(distribution.Declined), Kind: distribution.EventDeclined, Note: "нет <договора>", At: now()},
	}}
	undecided := decided
	undecided.Verdicts = nil
	d := first.D
	stale := distributions.StaleProps{Chrome: chrome(components.Fresh), D: d, Changes: open.Open.Changes}
	results := approvals.ResultProps{Chrome: chrome(components.Fresh), Done: []approvals.Result{{D: d}, {D: second.D, NeedMore: true}}, Failed: []approvals.Result{
		{D: own.D, Refusal: "own"}, {Refusal: "missing"}, {D: d, Refusal: "code"},
	}}
	return []sample{
		{"approvals", approvals.Page(queue), false},
		{"approvals-open", approvals.Page(open), false},
		{"approvals-own", approvals.Page(mine), false},
		{"approvals-reader", approvals.Page(reader), false},
		{"approvals-none", approvals.Page(none), false},
		{"approvals-nobody", approvals.Page(nobody), false},
		{"approvals-all-none", approvals.Page(all), false},
		{"approvals-decided", approvals.Page(decided), false},
		{"approvals-undecided", approvals.Page(undecided), false},
		{"approvals-result", approvals.ResultPage(results), false},
		{"decline", distributions.Decline(distributions.DeclineProps{Chrome: chrome(components.Fresh), D: d, Code: "4K7Q2M"}), false},
		{"decline-empty", distributions.Decline(distributions.DeclineProps{Chrome: chrome(components.Fresh), D: d, Problem: "error.required"}), false},
		{"stale", distributions.Stale(stale), false},
		{"stale-unknown", distributions.Stale(distributions.StaleProps{Chrome: chrome(components.Fresh), D: d}), false},
		{"requirement", distributions.RequirementText(needed(2)), true},
		{"requirement-nobody", distributions.RequirementText(distributions.Requirement{Amount: 1, Need: 1}), true},
	}
}
