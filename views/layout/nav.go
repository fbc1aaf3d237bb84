package layout

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"plexydash/distribution"
	"plexydash/i18n"
)

// place is where a section is and how it is drawn.
type place struct {
	Href string
	Icon string
	Name string // message key
}

// KeyOf is the key that leads to a section after g; empty: none.
func KeyOf(s Section) string {
	switch s {
	case Overview:
		return "o"
	case Balance:
		return "b"
	case Distributions:
		return "d"
	case Approvals:
		return "a"
	case Unknown:
		return "u"
	case Exports:
		return "e"
	case Audit: // the journal
		return "j"
	case Settings:
		return "s"
	case Proposals, Recipients, Users, Integrity:
	}
	return ""
}

// NameOf is what a section is called.
func NameOf(ctx context.Context, s Section) string { return i18n.T(ctx, placeOf(s).Name) }

func placeOf(s Section) place {
	switch s {
	case Overview:
		return place{"/", "home", "nav.overview"}
	case Distributions:
		return place{"/distributions", "list", "nav.distributions"}
	case Balance:
		return place{"/balance", "wallet", "nav.balance"}
	case Approvals:
		return place{"/approvals", "approve", "nav.approvals"}
	case Unknown:
		return place{"/unknown", "unknown", "nav.unknown"}
	case Proposals:
		return place{"/proposals", "inbox", "nav.proposals"}
	case Recipients:
		return place{"/recipients", "bank", "nav.recipients"}
	case Exports:
		return place{"/exports", "out", "nav.exports"}
	case Audit:
		return place{"/audit", "log", "nav.audit"}
	case Users:
		return place{"/users", "users", "nav.users"}
	case Settings:
		return place{"/settings", "gear", "nav.settings"}
	case Integrity:
		return place{"/integrity", "shield", "nav.integrity"}
	}
	return place{"/", "home", "nav.overview"}
}

// onPhone is how many sections the bottom bar of a phone has room for beside
// the menu of the others.
const onPhone = 4

// phoneSections stand in the bottom bar before all others: what is needed away
// from the desk.
func phoneSections() []Section { return []Section{Overview, Distributions, Approvals, Unknown} }

// onBar are the sections of the bottom bar: all of them when they fit.
func (c Chrome) onBar() []Section {
	var on []Section
	for _, s := range phoneSections() {
		if slices.ContainsFunc(c.Nav, func(item NavItem) bool { return item.Section == s }) {
			on = append(on, s)
		}
	}
	for _, item := range c.Nav {
		fits := len(on) < onPhone || len(c.Nav) == onPhone+1
		if fits && !slices.Contains(on, item.Section) {
			on = append(on, item.Section)
		}
	}
	return on
}

// overflow are the sections a phone shows in a menu.
func (c Chrome) overflow() []NavItem {
	on := c.onBar()
	return slices.DeleteFunc(slices.Clone(c.Nav), func(item NavItem) bool { return slices.Contains(on, item.Section) })
}

// inOverflow reports whether the current page is behind that menu.
func (c Chrome) inOverflow() bool {
	return slices.ContainsFunc(c.overflow(), func(item NavItem) bool { return item.Section == c.Current })
}

// waitingInOverflow is what waits behind that menu.
func (c Chrome) waitingInOverflow() int {
	n := 0
	for _, item := range c.overflow() {
		n += item.Count
	}
	return n
}

// begins reports whether a group of sections begins here: what comes before it is
// the money, then what it is paid by, then what is proved about it.
func begins(s Section) bool { return s == Recipients || s == Audit }

// keysPath is the list of keys for people.
const keysPath = "/help/keyboard"

// themes lists them in the order of the menu.
func themes() []Theme { return []Theme{System, Light, Dark} }

// name is a message key.
func (t Theme) name() string {
	switch t {
	case Light:
		return "layout.theme.light"
	case Dark:
		return "layout.theme.dark"
	case System:
	}
	return "layout.theme.system"
}

// keys is what keys.js is told on the body of a page.
func (c Chrome) keys() templ.Attributes {
	told := templ.Attributes{"data-keys": keysPath}
	if c.KeysOff {
		told["data-hotkeys"] = "off"
	}
	if distribution.Allows(c.Person.Role, distribution.Create) {
		told["data-new"] = "/distributions/new"
	}
	return told
}
