// Package layout draws what surrounds every page.
package layout

import (
	"time"

	"plexydash/distribution"
	"plexydash/views/components"
)

// Theme is the colour scheme a person chose; empty follows the system.
type Theme string

// Themes.
const (
	System Theme = ""
	Light  Theme = "light"
	Dark   Theme = "dark"
)

// Chrome is what a page's surroundings need. One helper of the handlers fills
// it; a page adds Title. The language is that of the printer in ctx.
type Chrome struct {
	Title   string // translated
	Path    string // path and query of this page: where the language and theme buttons return to
	Theme   Theme
	Demo    bool // money and Plexy are make-believe
	Person  Person
	Current Section   // empty: none of the navigation
	Nav     []NavItem // only what the person may open, in order
	Search  string    // what was searched for, as typed
	Fresh   components.Freshness
	Notices []Notice
	Pauses  []Pause // why nothing is sent; empty: sending goes on
	CanStop bool    // the person may stop sending now
	CanLift bool    // the person may start it again
	KeysOff bool    // the person switched single keys off
	Flash   *Flash  // nil: nothing to tell
	Reload  int     // seconds after which a browser without scripts loads the page again; 0: never
}

// Person is who is signed in.
type Person struct {
	Name string
	Role distribution.Role
}

// Section is an entry of the navigation.
type Section string

// Sections, in their order on the page.
const (
	Overview      Section = "overview"
	Distributions Section = "distributions"
	Balance       Section = "balance"
	Approvals     Section = "approvals"
	Unknown       Section = "unknown"
	Proposals     Section = "proposals"
	Recipients    Section = "recipients"
	Exports       Section = "exports"
	Audit         Section = "audit"
	Users         Section = "users"
	Settings      Section = "settings"
	Integrity     Section = "integrity"
)

// NavItem is a section that is offered. Address, icon and name follow from it.
type NavItem struct {
	Section Section
	Count   int  // waiting there; 0 shows nothing
	Amber   bool // Count is of things nobody knows for sure
}

// Pause is one reason why nothing is sent. Reason is a message key without its
// "pause." prefix.
type Pause struct {
	Reason    string
	By        string    // name, when a person did it
	Note      string    // that person's words, or what was found
	At        time.Time // UTC
	ID        string    // of the distribution that raised the alarm about units
	Reference string
	Told      distribution.Amount // by Plexy, of that one
	Want      distribution.Amount // what it should have been
}

// Flash is told once, on the page after an action. Key is a whole message key;
// Args are the pairs of i18n.T.
type Flash struct {
	Tone components.Tone
	Key  string
	Args []any
}

// Bare is the surroundings of a page outside the shell: sign-in, and errors
// where nobody is signed in.
type Bare struct {
	Title   string // translated
	Path    string // as in Chrome
	Theme   Theme
	Demo    bool
	Version string // of the program; empty: not shown
	Foot    string // translated; empty: none
}
