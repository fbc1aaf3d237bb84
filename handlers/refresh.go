package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/web/session"
)

// askedParam tells a page when somebody asked it to read Plexy: microseconds.
const askedParam = "asked"

const (
	// refreshPatience is how long a page looks for the answer to a refresh.
	refreshPatience = time.Minute
	// refreshForgotten is when a page that is still open does not tell any more
	// what a refresh brought.
	refreshForgotten = 10 * time.Minute
)

// RefreshBalance handles POST /balance/refresh. Nothing is changed and no record
// is left: it only brings the next read of Plexy forward.
func (h *Handlers) RefreshBalance(w http.ResponseWriter, r *http.Request) error {
	v, err := readForm(r, nil, "back")
	if err != nil {
		return err
	}
	back := v.Get("back")
	if !slices.Contains([]string{overviewPath, balancePath}, back) {
		return &BadRequest{Reason: "unknown page to go back to"}
	}
	h.Refresh()
	return redirect(w, r, withQuery(back, url.Values{askedParam: {strconv.FormatInt(h.DB.Now().UnixMicro(), 10)}}))
}

// refreshed is what became of the refresh that the address speaks of.
func (h *Handlers) refreshed(r *http.Request, b components.Balance) (components.Refresh, error) {
	none := components.Refresh{Allowed: distribution.Allows(session.Actor(r.Context()).Role, distribution.Propose)}
	text := r.URL.Query().Get(askedParam)
	if text == "" {
		return none, nil
	}
	micros, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return none, &BadRequest{Reason: "unknown time of a refresh"}
	}
	now, asked := h.DB.Now(), time.UnixMicro(micros)
	waited := now.Sub(asked)
	if waited < 0 || waited > refreshForgotten {
		return none, nil
	}
	found := components.Refresh{Allowed: none.Allowed, State: components.RefreshWaits, Here: r.URL.RequestURI(), Shown: b.At, Now: now}
	if b.State != components.Never && !b.At.Before(asked) {
		was, _, err := h.DB.BalanceAround(r.Context(), distribution.KZT, asked, now)
		found.State, found.Is = components.RefreshSame, b.Available
		if was != nil && *was != b.Available {
			found.State, found.Was = components.RefreshChanged, *was
		}
		return found, err
	}
	run, read, err := h.DB.ReadSince(r.Context(), asked)
	switch {
	case err != nil:
		return none, err
	case read && run.Error != "":
		found.State, found.Error, found.At = components.RefreshFailed, run.Error, run.FinishedAt
	case waited > refreshPatience:
		found.State = components.RefreshLate
	}
	return found, nil
}

// reloadFor makes a browser without scripts look again while the answer is
// awaited.
func reloadFor(r components.Refresh) int {
	if r.State == components.RefreshWaits {
		return 2
	}
	return 0
}
