package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/store"
	"plexydash/views/components"
	"plexydash/views/distributions"
	"plexydash/views/filter"
	"plexydash/views/layout"
	"plexydash/web/session"
)

// List handles GET /distributions: the page, or the results alone when a filter,
// the order or the page of an open list changes.
func (h *Handlers) List(w http.ResponseWriter, r *http.Request) error {
	status, query := http.StatusOK, r.URL.Query()
	f, err := store.ParseFilter(query)
	problem := typedWrong(query, err)
	if problem != nil {
		status = http.StatusBadRequest
		query.Del(problem.Param)
		f, err = store.ParseFilter(query)
	}
	if err != nil {
		return understood(err)
	}
	p, err := h.listProps(r, f)
	if err != nil {
		return err
	}
	p.Filter.Problem = problem
	if p.Sought, err = h.sought(r.Context(), f.Q); err != nil {
		return err
	}
	if Partial(r) {
		return h.showResults(w, r, status, p, f)
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Distributions); err != nil {
		return err
	}
	p.Chrome.Search = f.Q
	return Render(w, r, status, distributions.List(p), nil)
}

// showResults answers with the part of the page that depends on the filter. The
// address of the browser follows without the empty fields of the form.
func (h *Handlers) showResults(w http.ResponseWriter, r *http.Request, status int, p distributions.ListProps, f store.Filter) error {
	sync, err := h.DB.SyncState(r.Context())
	if err != nil {
		return err
	}
	p.Chrome.Fresh = h.freshness(sync, p.Now)
	mayBeKept(w)
	push := withQuery(listPath, f.Values())
	if status != http.StatusOK { // a form to be filled in better, as a script knows it
		status, push = http.StatusUnprocessableEntity, "false"
	}
	w.Header().Set("HX-Push-Url", push)
	return Render(w, r, status, distributions.Results(p), nil)
}

// typedWrong is what somebody typed into a field of the filter that is not
// understood; nil when it is something that only a made-up address holds.
func typedWrong(query url.Values, err error) *filter.Problem {
	bad, ok := errors.AsType[*store.FilterError](err)
	if !ok || !slices.Contains([]string{"q", "from", "to", "min", "max"}, bad.Param) || len(query[bad.Param]) > 1 {
		return nil
	}
	return &filter.Problem{Param: bad.Param, Value: bad.Value}
}

func parseFilter(v url.Values) (store.Filter, error) {
	f, err := store.ParseFilter(v)
	return f, understood(err)
}

// understood names the parameter of a list that is not; other errors stay.
func understood(err error) error {
	bad, ok := errors.AsType[*store.FilterError](err)
	if !ok {
		return err
	}
	return &BadRequest{Reason: "list parameter is not understood", Tell: &layout.Flash{
		Tone: components.Red, Key: "web.filter.invalid", Args: []any{"Param", bad.Param, "Value", bad.Value},
	}}
}

func (h *Handlers) listProps(r *http.Request, f store.Filter) (distributions.ListProps, error) {
	ctx := r.Context()
	by := session.Actor(ctx)
	p := distributions.ListProps{
		Filter: filter.Of(f.Values()), Now: h.DB.Now(),
		CanCreate: distribution.Allows(by.Role, distribution.Create),
		CanExport: distribution.Allows(by.Role, distribution.ExportRegister),
	}
	var err error
	// Before the rows are read: what comes in between is announced, never missed.
	if p.Newest, err = h.DB.Newest(ctx); err != nil {
		return p, err
	}
	page, err := h.DB.List(ctx, f)
	if err != nil {
		return p, err
	}
	all, err := h.sumUp(ctx, &p, f)
	if err != nil {
		return p, err
	}
	if err := h.tabs(ctx, &p, all); err != nil {
		return p, err
	}
	if p.Rows, err = h.rows(ctx, page.Rows, p.Columns); err != nil {
		return p, err
	}
	if p.CanCreate {
		if p.Drafts, err = h.DB.CountFormDrafts(ctx, session.Actor(ctx).ID); err != nil {
			return p, err
		}
	}
	p.First = page.Before + 1
	p.NextPage, p.PrevPage = pageAddress(f, page.Next), pageAddress(f, page.Prev)
	if page.Prev != "" {
		p.FirstPage = p.Filter.URL()
	}
	if p.Count == 0 {
		if p.Steps, err = h.steps(ctx, p.Filter); err != nil {
			return p, err
		}
	}
	sync, err := h.DB.SyncState(ctx)
	p.Import = importOf(sync)
	return p, err
}

// sumUp counts all matches, and names whom the filter may ask for. all is what
// there is without a filter.
func (h *Handlers) sumUp(ctx context.Context, p *distributions.ListProps, f store.Filter) (all store.Totals, err error) {
	found, err := h.DB.Totals(ctx, f)
	if err != nil {
		return all, err
	}
	all = found
	if f.Narrow() {
		if all, err = h.DB.Totals(ctx, store.Filter{}); err != nil {
			return all, err
		}
	}
	p.Count, p.Sum = found.Count, found.Sum
	for _, s := range distribution.Statuses() {
		if t := found.ByStatus[s]; t.Count > 0 {
			p.ByStatus = append(p.ByStatus, distributions.StatusCount{Status: s, Count: t.Count, Sum: t.Sum})
		}
	}
	users, err := h.DB.Users(ctx)
	const most = 30
	for _, u := range users {
		if u.Role == distribution.Accountant && len(p.Authors) < most {
			p.Authors = append(p.Authors, u.Email)
		}
	}
	return all, err
}

// steps are what would be found without each condition, and in a longer period,
// where that is anything.
func (h *Handlers) steps(ctx context.Context, f filter.Filter) ([]filter.Step, error) {
	var steps []filter.Step
	if wide, ok := f.Widened(); ok {
		steps = append(steps, filter.Step{Text: i18n.T(ctx, "list.none.widen"), URL: wide.URL()})
	}
	chips := f.Chips(ctx)
	const most = 8 // each is a count
	for _, c := range chips[:min(len(chips), most)] {
		steps = append(steps, filter.Step{Text: i18n.T(ctx, "filter.drop", "Name", c.Name, "Value", c.Value), URL: c.Drop})
	}
	for i := range steps {
		n, err := h.countOf(ctx, steps[i].URL)
		if err != nil {
			return nil, err
		}
		steps[i].Count = n
	}
	return slices.DeleteFunc(steps, func(s filter.Step) bool { return s.Count == 0 }), nil
}

// countOf is how many a list of ours holds.
func (h *Handlers) countOf(ctx context.Context, address string) (int, error) {
	u, err := url.Parse(address)
	if err != nil {
		return 0, err
	}
	f, err := store.ParseFilter(u.Query())
	if err != nil {
		return 0, err
	}
	return h.DB.Count(ctx, f)
}

// pageAddress is the list from the cursor on; empty when there is none.
func pageAddress(f store.Filter, cursor string) string {
	if cursor == "" {
		return ""
	}
	f.Cursor = cursor
	return withQuery(listPath, f.Values())
}

func importOf(s store.SyncState) *distributions.Import {
	if s.Import == nil {
		return nil
	}
	return &distributions.Import{Done: s.Import.Items, Total: s.Import.Total, StartedAt: s.Import.StartedAt}
}

// Arrivals handles GET /distributions/arrivals: how many matches of an open list
// came after it was drawn.
func (h *Handlers) Arrivals(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	since := query.Get("since")
	query.Del("since")
	f, err := parseFilter(query)
	if err != nil {
		return err
	}
	const most = 99
	n, err := h.DB.Arrived(r.Context(), f, since, most+1)
	if err != nil {
		return err
	}
	shown := filter.Of(f.Values())
	mayBeKept(w)
	return Render(w, r, http.StatusOK, distributions.Arrivals(distributions.ArrivalsProps{
		Address: distributions.ArrivalsURL(shown, since), Show: shown.URL(), Count: min(n, most), More: n > most,
	}), nil)
}
