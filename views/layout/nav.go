package layout

// place is where a section is and how it is drawn.
type place struct {
	Href string
	Icon string
	Name string // message key
}

func placeOf(s Section) place {
	switch s {
	case Overview:
		return place{"/", "home", "nav.overview"}
	case Distributions:
		return place{"/distributions", "list", "nav.distributions"}
	case Balance:
		return place{"/balance", "balance", "nav.balance"}
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
const onPhone = 3

// phoneItems are those of the bottom bar: all of them when they fit.
func (c Chrome) phoneItems() int {
	if len(c.Nav) <= onPhone+1 {
		return len(c.Nav)
	}
	return onPhone
}

// overflow are the sections a phone shows in a menu.
func (c Chrome) overflow() []NavItem { return c.Nav[c.phoneItems():] }

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
