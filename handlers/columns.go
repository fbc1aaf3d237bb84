package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/distributions"
	"plexydash/views/layout"
	"plexydash/web/session"
)

const columnsPath = "/me/columns"

// columnsFor are the columns of a saved view that has its own, else the person's.
func (h *Handlers) columnsFor(ctx context.Context, by distribution.Actor, view string) ([]string, error) {
	if view != "" {
		views, err := h.DB.Views(ctx, by)
		if err != nil {
			return nil, err
		}
		for _, v := range views {
			if v.ID == view && len(v.Columns) > 0 {
				return v.Columns, nil
			}
		}
	}
	return h.DB.ColumnsOf(ctx, by)
}

// Columns handles GET /me/columns: which columns the list has, and in what order.
func (h *Handlers) Columns(w http.ResponseWriter, r *http.Request) error {
	if err := checkQuery(r, []string{"back"}); err != nil {
		return err
	}
	return h.showColumns(w, r, r.URL.Query().Get("back"))
}

func (h *Handlers) showColumns(w http.ResponseWriter, r *http.Request, back string) error {
	chosen, err := h.DB.ColumnsOf(r.Context(), session.Actor(r.Context()))
	if err != nil {
		return err
	}
	p := distributions.ColumnsProps{Back: backToList(back), Chosen: chosen, Fixed: store.FixedColumns(), Page: !Partial(r)}
	for _, c := range store.ListColumns() {
		if !slices.Contains(chosen, c) {
			p.Others = append(p.Others, c)
		}
	}
	if Partial(r) {
		mayBeKept(w)
		return Render(w, r, http.StatusOK, distributions.Columns(p), nil)
	}
	chrome, err := h.Chrome(w, r, layout.Distributions)
	if err != nil {
		return err
	}
	return Render(w, r, http.StatusOK, distributions.ColumnsPage(chrome, p), nil)
}

// backToList is the list that somebody came from.
func backToList(text string) string {
	u, err := url.Parse(LocalPath(text))
	if err != nil || u.Path != listPath {
		return listPath
	}
	return u.RequestURI()
}

// SetColumns handles POST /me/columns. Whichever button is pressed, what is ticked
// is kept; an arrow moves one column and stays.
func (h *Handlers) SetColumns(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, fieldItem, "back", "up", "down", "done", "reset")
	if err != nil {
		return err
	}
	chosen := v[fieldItem]
	switch {
	case v.Has("reset"):
		chosen = store.DefaultColumns()
	case v.Has("up"):
		move(chosen, v.Get("up"), -1)
	case v.Has("down"):
		move(chosen, v.Get("down"), +1)
	}
	if err := h.DB.ChooseColumns(r.Context(), session.Actor(r.Context()), chosen); err != nil {
		return err
	}
	back := backToList(v.Get("back"))
	switch {
	case v.Has("done"), v.Has("reset") && !Partial(r):
		return redirect(w, r, back)
	case Partial(r):
		return h.showColumns(w, r, back)
	}
	return redirect(w, r, withQuery(columnsPath, url.Values{"back": {back}}))
}

// move changes places with the neighbour; at an end nothing happens.
func move(all []string, one string, by int) {
	i := slices.Index(all, one)
	if i >= 0 && i+by >= 0 && i+by < len(all) {
		all[i], all[i+by] = all[i+by], all[i]
	}
}
