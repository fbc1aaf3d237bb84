package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/components"
	"plexydash/views/distributions"
	"plexydash/views/filter"
	"plexydash/views/layout"
	"plexydash/web/session"
)

const viewsPath = "/me/views"

// tabs are the lists that have a name, with how many are in each. What depends on
// more than states is counted, so only so many saved views stand among the tabs.
func (h *Handlers) tabs(ctx context.Context, p *distributions.ListProps, all store.Totals) error {
	for _, t := range distributions.BuiltInTabs() {
		f := filter.Filter{Statuses: t.Statuses, Sort: p.Filter.Sort, Size: p.Filter.Size}.Within(t.Preset, p.Now)
		n := all.In(t.Statuses...)
		if t.Preset != "" {
			var err error
			if n, err = h.countOf(ctx, f.URL()); err != nil {
				return err
			}
		}
		p.Tabs = append(p.Tabs, distributions.Tab{Key: t.Key, URL: f.URL(), Count: n, Current: f.Same(p.Filter), Amber: t.Amber})
	}
	by := session.Actor(ctx)
	views, err := h.DB.Views(ctx, by)
	if err != nil {
		return err
	}
	current := currentView(views, *p)
	const most = 6
	for i, v := range views {
		f := viewFilter(v, *p)
		t := distributions.Tab{Name: v.Name, URL: f.URL(), Count: -1, Shared: v.Shared, Current: i == current}
		if i >= most && !t.Current {
			p.More = append(p.More, t)
			continue
		}
		if t.Count, err = h.countOf(ctx, t.URL); err != nil {
			return err
		}
		p.Tabs = append(p.Tabs, t)
	}
	if current >= 0 {
		shown := viewShown(ctx, by, views[current], *p)
		p.View, p.Columns = &shown, views[current].Columns
	}
	if len(p.Columns) == 0 {
		p.Columns, err = h.DB.ColumnsOf(ctx, by)
	}
	return err
}

// currentView is the place of the view that asks for what is shown, rather one
// in the same order; below zero when a tab of everybody's does, or none.
func currentView(views []store.SavedView, p distributions.ListProps) int {
	if slices.ContainsFunc(p.Tabs, func(t distributions.Tab) bool { return t.Current }) && p.Filter.Sort == "" {
		return -1
	}
	same := func(v store.SavedView) bool { return viewFilter(v, p).Same(p.Filter) }
	i := slices.IndexFunc(views, func(v store.SavedView) bool { return same(v) && viewFilter(v, p).Sort == p.Filter.Sort })
	if i < 0 {
		i = slices.IndexFunc(views, same)
	}
	return i
}

// viewFilter is what a view asks for today, with as many rows as the list has.
func viewFilter(v store.SavedView, p distributions.ListProps) filter.Filter {
	values, err := url.ParseQuery(v.Query) // we wrote it
	if err != nil {
		return filter.Filter{}
	}
	f := filter.Of(values)
	f.Size = p.Filter.Size
	if v.Period != "" {
		f = f.Within(filter.Preset(v.Period), p.Now)
	}
	return f
}

func viewShown(ctx context.Context, by distribution.Actor, v store.SavedView, p distributions.ListProps) distributions.View {
	f := viewFilter(v, p)
	shown := distributions.View{
		ID: v.ID, Name: v.Name, URL: f.URL(), About: f.Title(ctx, p.Now), Shared: v.Shared,
		Columns: len(v.Columns) > 0, CanChange: v.MayChange(by),
	}
	if v.Owner.ID != by.ID {
		shown.Owner = v.Owner.Name
	}
	return shown
}

// Views handles GET /me/views: the saved ones, to be renamed, shared and taken away.
func (h *Handlers) Views(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, nil); err != nil {
		return err
	}
	return h.showViews(w, r, http.StatusOK, distributions.ViewsProps{})
}

func (h *Handlers) showViews(w http.ResponseWriter, r *http.Request, status int, p distributions.ViewsProps) error {
	ctx := r.Context()
	by := session.Actor(ctx)
	views, err := h.DB.Views(ctx, by)
	if err != nil {
		return err
	}
	now := distributions.ListProps{Now: h.DB.Now()}
	for _, v := range views {
		if shown := viewShown(ctx, by, v, now); v.Owner.ID == by.ID {
			p.Mine = append(p.Mine, shown)
		} else {
			p.Others = append(p.Others, shown)
		}
	}
	if p.Chrome, err = h.Chrome(w, r, layout.Distributions); err != nil {
		return err
	}
	p.Chrome.Path = viewsPath
	return Render(w, r, status, distributions.Views(p), nil)
}

// SaveView handles POST /me/views: the list that is shown gets a name.
func (h *Handlers) SaveView(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "query", "name", "relative", "columns", "shared")
	if err != nil {
		return err
	}
	query, err := url.ParseQuery(v.Get("query"))
	if err != nil {
		return &BadRequest{Reason: "the list is not readable"}
	}
	if _, err := parseFilter(query); err != nil {
		return err
	}
	by := session.Actor(r.Context())
	f := filter.Of(query)
	view := store.SavedView{Name: v.Get("name"), Shared: v.Has("shared")}
	preset := f.Preset(h.DB.Now())
	if preset != "" && v.Has("relative") {
		view.Period = string(preset)
		f.From, f.To = "", ""
	}
	view.Query = f.Query()
	if v.Has("columns") {
		if view.Columns, err = h.DB.ColumnsOf(r.Context(), by); err != nil {
			return err
		}
	}
	if view, err = h.DB.SaveView(r.Context(), by, view); err != nil {
		code := refusalCode(err)
		if !aboutName(code) {
			return err
		}
		return h.showViews(w, r, http.StatusUnprocessableEntity, distributions.ViewsProps{Save: &distributions.SaveProps{
			Query: v.Get("query"), Name: v.Get("name"), Period: preset, Relative: v.Has("relative"), Shared: v.Has("shared"),
			WithColumns: v.Has("columns"), Problem: code,
		}})
	}
	if err := h.tell(w, r, components.Blue, "views.flash.saved", "Name", view.Name); err != nil {
		return err
	}
	return redirect(w, r, viewFilter(view, distributions.ListProps{Now: h.DB.Now()}).URL())
}

// aboutName reports that another name, or fewer views, would do.
func aboutName(code string) bool {
	return slices.Contains([]string{"view_name", "view_taken", "view_limit"}, code)
}

// EditView handles POST /me/views/{id}: its name, and whether everybody has it.
func (h *Handlers) EditView(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "name", "shared")
	if err != nil {
		return err
	}
	err = h.DB.EditView(r.Context(), session.Actor(r.Context()), idOf(r), v.Get("name"), v.Has("shared"))
	if code := refusalCode(err); aboutName(code) {
		return h.showViews(w, r, http.StatusUnprocessableEntity, distributions.ViewsProps{Edited: idOf(r), Typed: v.Get("name"), Wrong: code})
	}
	if err != nil {
		return err
	}
	return redirect(w, r, viewsPath)
}

// DeleteView handles POST /me/views/{id}/deletion.
func (h *Handlers) DeleteView(w http.ResponseWriter, r *http.Request) error {
	if err := noFields(r); err != nil {
		return err
	}
	if err := h.DB.DeleteView(r.Context(), session.Actor(r.Context()), idOf(r)); err != nil {
		return err
	}
	return redirect(w, r, viewsPath)
}
