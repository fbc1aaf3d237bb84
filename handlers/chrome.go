package handlers

import (
	"context"
	"net/http"
	"time"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/components"
	"plexydash/views/layout"
	"plexydash/web/session"
)

// standing is how things stand for whoever looks: every page tells it, and some
// tell more of it.
type standing struct {
	sync    store.SyncState
	notices store.Notices
}

func (h *Handlers) standing(ctx context.Context) (s standing, err error) {
	if s.sync, err = h.DB.SyncState(ctx); err != nil {
		return s, err
	}
	s.notices, err = h.DB.Notices(ctx, session.Actor(ctx))
	return s, err
}

// Chrome is what surrounds a page of a person who is signed in. It hands out
// the flash that waits, so it is made once for each page, and last.
func (h *Handlers) Chrome(w http.ResponseWriter, r *http.Request, current layout.Section) (layout.Chrome, error) {
	s, err := h.standing(r.Context())
	if err != nil {
		return layout.Chrome{}, err
	}
	return h.chromeOf(w, r, current, s)
}

func (h *Handlers) chromeOf(w http.ResponseWriter, r *http.Request, current layout.Section, s standing) (layout.Chrome, error) {
	ctx := r.Context()
	flash, err := h.Sessions.TakeFlash(w, r)
	if err != nil {
		return layout.Chrome{}, err
	}
	pauses, err := h.pauses(ctx, s.sync)
	if err != nil {
		return layout.Chrome{}, err
	}
	actor, now := session.Actor(ctx), h.DB.Now()
	return layout.Chrome{
		Path: r.URL.RequestURI(), Theme: themeOf(r), Demo: h.Demo != nil,
		Person: layout.Person{Name: actor.Name, Role: actor.Role}, Current: current, Nav: nav(actor.Role, s.notices),
		Fresh: h.freshness(s.sync, now), Flash: shown(flash), Notices: bell(s.notices), Pauses: pauses,
		CanStop: distribution.Allows(actor.Role, distribution.StopSending) && !stopped(s.sync, store.StopPerson),
		CanLift: distribution.Allows(actor.Role, distribution.StartSending),
		KeysOff: keysOff(r),
	}, nil
}

// Bare is what surrounds a page that needs nobody signed in.
func (h *Handlers) Bare(r *http.Request) layout.Bare {
	return layout.Bare{Path: r.URL.RequestURI(), Theme: themeOf(r), Demo: h.Demo != nil, Version: h.Version}
}

// nav offers the sections that exist and that the role may open, with what waits
// there.
func nav(role distribution.Role, n store.Notices) []layout.NavItem {
	waiting := waiting(n)
	var items []layout.NavItem
	for _, entry := range []struct {
		section layout.Section
		may     distribution.Action
	}{
		{layout.Overview, distribution.ReadMoney},
		{layout.Distributions, distribution.ReadMoney},
		{layout.Approvals, distribution.ReadMoney},
		{layout.Unknown, distribution.ReadMoney},
		{layout.Balance, distribution.ReadMoney},
		{layout.Proposals, distribution.ReadMoney},
		{layout.Recipients, distribution.ReadMoney},
		{layout.Exports, distribution.ExportRegister},
		{layout.Audit, distribution.ReadAudit},
		{layout.Integrity, distribution.ReadAudit},
		{layout.Users, distribution.ReadSettings},
		{layout.Settings, distribution.ReadSettings},
	} {
		if distribution.Allows(role, entry.may) {
			items = append(items, layout.NavItem{Section: entry.section, Count: waiting[entry.section], Amber: entry.section == layout.Unknown})
		}
	}
	return items
}

// waiting counts what wants a person, by the section where it is.
func waiting(n store.Notices) map[layout.Section]int {
	return map[layout.Section]int{layout.Approvals: n.Approvals.Count, layout.Unknown: n.Uncertain + n.Alarmed(), layout.Proposals: n.Proposals}
}

func (h *Handlers) freshness(s store.SyncState, now time.Time) components.Freshness {
	f := components.Freshness{State: components.Fresh, At: s.LastSuccess, Since: s.FailingSince, Now: now}
	switch {
	case !s.FailingSince.IsZero():
		f.State = components.Failed
	case s.LastSuccess.IsZero():
		f.State = components.Never
	case now.Sub(s.LastSuccess) > 2*h.SyncEvery:
		f.State = components.Ageing
	}
	return f
}

func shown(f *session.Flash) *layout.Flash {
	if f == nil {
		return nil
	}
	args := make([]any, len(f.Args))
	for i, a := range f.Args {
		args[i] = a
	}
	return &layout.Flash{Tone: components.Tone(f.Tone), Key: f.Key, Args: args}
}

// tell keeps a message for the page that the person is sent to next.
func (h *Handlers) tell(w http.ResponseWriter, r *http.Request, tone components.Tone, key string, args ...string) error {
	return h.Sessions.AddFlash(w, r, session.Flash{Tone: string(tone), Key: key, Args: args})
}
