package views_test

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/views/distributions"
	"plexydash/views/filter"
	"plexydash/views/gallery"
	"plexydash/views/layout"
)

// sample is a page in one of its states. A fragment is not a whole document.
type sample struct {
	name     string
	page     templ.Component
	fragment bool
}

func now() time.Time                                       { return gallery.Now() }
func kaspi() distribution.Bank                             { return gallery.Bank() }
func maker() distribution.Person                           { return gallery.Maker() }
func typed() distribution.Form                             { return gallery.Typed() }
func in(s distribution.Status) distribution.Distribution   { return gallery.In(s) }
func foreign() distribution.Distribution                   { return gallery.Foreign() }
func money(state components.FreshState) components.Balance { return gallery.Balance(state) }

func chrome(state components.FreshState) layout.Chrome {
	return layout.Chrome{
		Path: "/distributions?status=paid", Theme: layout.Dark,
		Person: layout.Person{Name: "Гүлнар Сулейменова", Role: distribution.Accountant},
		Nav: []layout.NavItem{
			{Section: layout.Overview},
			{Section: layout.Distributions},
			{Section: layout.Approvals, Count: 6},
			{Section: layout.Unknown, Count: 2, Amber: true},
			{Section: layout.Recipients},
			{Section: layout.Exports},
			{Section: layout.Audit},
			{Section: layout.Users},
			{Section: layout.Settings},
		},
		Fresh: components.Freshness{State: state, At: now().Add(-time.Minute), Since: now().Add(-12 * time.Minute), Now: now()},
	}
}

func demoChrome() layout.Chrome {
	c := chrome(components.Fresh)
	c.Demo, c.Theme, c.Nav = true, layout.System, c.Nav[1:3]
	c.Pauses = []layout.Pause{{Reason: "person", By: "А. Сейітқали", Note: "сверка с банком", At: now()}}
	c.Flash = &layout.Flash{Tone: components.Green, Key: "common.copied"}
	return c
}

func samples() []sample {
	var all []sample
	for _, group := range [][]sample{
		signinSamples(), listSamples(), formSamples(), reviewSamples(), detailSamples(), exportSamples(), proposalSamples(), resolutionSamples(), deskSamples(), otherSamples(), controlSamples(), holdSamples(), approvalSamples(), auditSamples(), proofSamples(), peopleSamples(), overviewSamples(), shellSamples(), recipientSamples(),
	} {
		all = append(all, group...)
	}
	return all
}

func listProps() distributions.ListProps {
	p := distributions.ListProps{
		Chrome: chrome(components.Fresh), Now: now(), Count: 1284, Sum: 31_245_000_000, First: 51,
		FirstPage: "/distributions", PrevPage: "/distributions?cursor=w", NextPage: "/distributions?cursor=x", Authors: []string{"g@sapa.kz"},
		Tabs: []distributions.Tab{
			{Key: "list.tab.all", URL: "/distributions", Count: 1284, Current: true},
			{Key: "list.tab.uncertain", URL: "/distributions?status=unknown", Count: 18, Amber: true},
			{Name: "Поставщики Шымкент", URL: "/distributions?q=x", Count: 18, Shared: true},
		},
		More:      []distributions.Tab{{Name: "Налоги", URL: "/distributions?knp=911", Count: -1}},
		CanCreate: true, CanExport: true,
	}
	for i, s := range distribution.Statuses() {
		p.Rows = append(p.Rows, distributions.RowProps{D: in(s), Bank: kaspi(), Now: now()})
		p.ByStatus = append(p.ByStatus, distributions.StatusCount{Status: s, Count: i})
	}
	p.Rows[1].D.ApprovedBy = []distribution.Person{{Name: "Дана Мұратова"}, {Name: "Ли А."}}
	p.Rows = append(p.Rows, distributions.RowProps{D: foreign(), Now: now()})
	p.Rows[11].Ties, p.Rows[12].Ties = distribution.Ties{Twice: true}, distribution.Ties{Corrected: true}
	p.Rows[13].Ties, p.Drafts = distribution.Ties{Correction: true}, 2
	return p
}

func listSamples() []sample {
	narrow := filter.Filter{
		Q: "Сарыарка", Statuses: []distribution.Status{distribution.Failed, distribution.Returned, distribution.Refused},
		From: "2026-03-01", To: "2026-03-16", Min: "10000", BIN: "141040012347", IBAN: "KZ86125KZT5004100100", KNP: "859",
		Author: "g@sapa.kz", Origin: distribution.FromPlexy, IDs: []string{"a", "b"}, Sort: "amount", Size: "100",
	}
	none := listProps()
	none.Rows, none.ByStatus, none.Count, none.Filter = nil, nil, 0, narrow
	none.Steps = []filter.Step{
		{Text: "Расширить период на 90 дней", URL: "/distributions?from=2025-12-01", Count: 12},
		{Text: "Снять: БИН / ИИН 141040012347", URL: "/distributions?q=x"},
	}
	typed := listProps()
	typed.Filter = filter.Filter{KNP: "859", Problem: &filter.Problem{Param: "min", Value: "abc"}}
	columns := listProps()
	columns.Columns = strings.Fields("reference recipient amount status knp kbe bic purpose plexyId origin code created updated")
	columns.View = &distributions.View{ID: "v1", Name: "Поставщики", Columns: true}
	first := distributions.ListProps{Chrome: demoChrome(), CanCreate: true}
	waiting := distributions.ListProps{Chrome: chrome(components.Never)}
	importing := listProps()
	importing.Import = &distributions.Import{Done: 400, Total: 1284}
	importing.Chrome, importing.Filter = chrome(components.Failed), narrow
	countless := listProps()
	countless.Import, countless.Chrome = &distributions.Import{Done: 400}, chrome(components.Ageing)
	return []sample{
		{"list", distributions.List(listProps()), false},
		{"list-none", distributions.List(none), false},
		{"list-first", distributions.List(first), false},
		{"list-waiting", distributions.List(waiting), false},
		{"list-importing", distributions.List(importing), false},
		{"list-countless", distributions.List(countless), false},
		{"list-problem", distributions.List(typed), false},
		{"list-columns", distributions.List(columns), false},
		{"list-arrivals", distributions.Arrivals(distributions.ArrivalsProps{Address: "/distributions/arrivals?since=1", Show: "/distributions", Count: 3}), true},
		{"list-arrivals-many", distributions.Arrivals(distributions.ArrivalsProps{Address: "/distributions/arrivals?since=1", Show: "/distributions", Count: 99, More: true}), true},
		{"peek", distributions.Peek(distributions.PeekProps{D: in(distribution.Processing), Bank: kaspi(), Now: now(), CanCopy: true}), true},
		{"columns", distributions.ColumnsPage(chrome(components.Fresh), distributions.ColumnsProps{
			Back: "/distributions", Chosen: []string{"reference", "created"}, Others: []string{"knp"}, Fixed: []string{"reference"}, Page: true,
		}), false},
		{"views", distributions.Views(distributions.ViewsProps{
			Chrome: chrome(components.Fresh), Mine: []distributions.View{{ID: "v1", Name: "Налоги", URL: "/distributions?knp=911", About: "КНП: 911", CanChange: true}},
			Others: []distributions.View{{ID: "v2", Name: "Шымкент", URL: "/distributions?q=x", Owner: "Дана Мұратова", Shared: true, Columns: true}},
			Edited: "v1", Typed: "Шымкент", Wrong: "view_taken",
		}), false},
		{"views-none", distributions.Views(distributions.ViewsProps{
			Chrome: chrome(components.Fresh), Save: &distributions.SaveProps{Query: "q=x", Period: filter.Week, Relative: true, Problem: "view_name"},
		}), false},
	}
}
