// Package handlers answers the requests of people: one file for each screen or
// resource. A handler reads the request, makes one call of the store, and draws
// a page or redirects. Failures are returned; package web turns them into
// answers. Nothing here talks to Plexy: pages show what the store knows.
package handlers

import (
	"context"
	"net/http"
	"time"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/views/settings"
	"plexydash/views/signin"
	"plexydash/web/session"
)

// Deps is what handlers work with. All fields without a remark are required.
type Deps struct {
	DB                  *store.DB
	Sessions            *session.Store
	distribution.Tables // of the operator, where there are any
	// ExportDir holds finished files as <id>.<format>.
	ExportDir string
	// SyncEvery is how often Plexy is read; data older than two such intervals
	// is shown as ageing.
	SyncEvery time.Duration
	// SettleWindow is how long an unknown outcome is searched for before people
	// may decide.
	SettleWindow time.Duration
	Submit       bool // sending is switched on
	CutOff       distribution.CutOff
	Version      string           // of the program
	Program      []settings.Value // what the program was told, secrets hidden
	Demo         *Demo            // nil: money is real
	// Wake tells the workers, without waiting, that there is something to do.
	Wake func()
	// Refresh asks, without waiting, that Plexy be read now.
	Refresh func()
	// Ready is an error while the program must not be used; nil means that an
	// answering database is enough.
	Ready func(context.Context) error
}

// Demo is what the sign-in page says in demo mode.
type Demo struct {
	Accounts []signin.Account
	Password string // of all of them
}

// Handlers are the handlers of one program.
type Handlers struct{ Deps }

// New makes them.
func New(d Deps) *Handlers { return &Handlers{d} }

// maxAge is how old the last good read of Plexy may be for sending to go on.
func (h *Handlers) maxAge() time.Duration { return max(time.Minute, 2*h.SyncEvery) }

// mayBeKept is for what a script asks for while somebody types: after an answer
// that may not be stored, browsers do not keep the page itself, and going back to
// it would find the form empty.
func mayBeKept(w http.ResponseWriter) { w.Header().Set("Cache-Control", "private, no-cache") }
