// Package search draws what is suggested under the search box of the bar.
package search

import (
	"net/url"
	"strconv"

	"plexydash/distribution"
	"plexydash/views/components"
)

// Props of the suggestions for what is typed.
type Props struct {
	Q      string
	Exact  *distribution.Distribution // the only one with this reference or id; may be nil
	Rows   []distribution.Distribution
	Pasted int      // how many references were pasted together; 0: something else is typed
	Absent []string // those of them that nothing here has
	Short  bool     // too few characters to look for
}

// option is one line to choose.
type option struct {
	id   string
	href string
	d    distribution.Distribution
	best bool // what is typed is its reference or id, and of no other
}

func (p Props) options() []option {
	var all []option
	add := func(d distribution.Distribution, best bool) {
		all = append(all, option{"search-option-" + strconv.Itoa(len(all)), components.DistributionURL(d.ID), d, best})
	}
	if p.Exact != nil {
		add(*p.Exact, true)
	}
	for _, d := range p.Rows {
		if p.Exact == nil || d.ID != p.Exact.ID {
			add(d, false)
		}
	}
	return all
}

// all is the list of everything that matches.
func (p Props) all() string { return "/distributions?" + url.Values{"q": {p.Q}}.Encode() }

func reference(d distribution.Distribution) string {
	if d.OrderReference != "" {
		return d.OrderReference
	}
	return d.PlexyID
}
