package distribution

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestShortOf(t *testing.T) {
	two := Policy{Steps: []PolicyStep{{From: 1, Approvals: 1}, {From: 100, Approvals: 2}}}
	peers := two
	peers.Peers = true
	type having = map[Role]int
	cases := map[string]struct {
		policy       Policy
		was, becomes having
		want         *Shortage
	}{
		"nobody has to approve":                    {Policy{}, having{Manager: 1}, having{}, nil},
		"the second of two goes":                   {two, having{Manager: 2}, having{Manager: 1}, &Shortage{2, 2, 1}},
		"the only one goes":                        {two, having{Manager: 1}, having{Auditor: 1}, &Shortage{2, 1, 0}},
		"the third of three goes":                  {two, having{Manager: 3}, having{Manager: 2}, nil},
		"the first one comes":                      {two, having{Accountant: 1}, having{Manager: 1}, &Shortage{2, 0, 1}},
		"the second one comes":                     {two, having{Manager: 1}, having{Manager: 2}, nil},
		"somebody else changes":                    {two, having{Manager: 1, Auditor: 1}, having{Manager: 1, Admin: 1}, nil},
		"an accountant approves nothing":           {two, having{Manager: 2, Accountant: 1}, having{Manager: 2}, nil},
		"where accountants do, the maker does not": {peers, having{Accountant: 3}, having{Accountant: 2}, &Shortage{2, 2, 1}},
		"managers and accountants":                 {peers, having{Manager: 2, Accountant: 2}, having{Manager: 1, Accountant: 2}, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, c.policy.ShortOf(c.was, c.becomes)) })
	}
}
