package views_test

import (
	"time"

	"plexydash/distribution"
	"plexydash/views/balance"
	"plexydash/views/components"
	"plexydash/views/layout"
	"plexydash/views/me"
	"plexydash/views/signin"
	"plexydash/views/users"
)

// ringing has every kind of notice.
func ringing() layout.Chrome {
	c := chrome(components.Fresh)
	for _, kind := range []distribution.AlarmKind{
		distribution.AlarmTwice, distribution.AlarmFoundLate, distribution.AlarmRegressed, distribution.AlarmVanished, distribution.AlarmOutside,
	} {
		c.Notices = append(c.Notices, layout.Notice{Kind: layout.NoticeKind(kind), Count: 1})
	}
	c.Notices = append(c.Notices,
		layout.Notice{Kind: layout.NoticeLate, Count: 2, Oldest: now().Add(-time.Hour)},
		layout.Notice{Kind: layout.NoticeLow, Count: 1, Amount: 480_000_00, Limit: 1_000_000_00, Oldest: now()},
		layout.Notice{Kind: layout.NoticeApprovals, Count: 21, Oldest: now()},
		layout.Notice{Kind: layout.NoticeProposals, Count: 1, Oldest: now()})
	return c
}

func members() []users.Person {
	return []users.Person{
		{ID: "u1", Name: "Гүлнар Сулейменова", Email: "g@sapa.kz", Role: distribution.Admin, Factor: true, Sessions: 2, LastSignIn: now(), Self: true},
		{ID: "u2", Name: "А. Сейітқали", Email: "a@sapa.kz", Role: distribution.Manager, LastSignIn: now().Add(-time.Hour)},
		{ID: "u3", Name: "Д. <Мұратова>", Email: "d@sapa.kz", Role: distribution.Accountant, NoPassword: true, InvitedUntil: now().Add(time.Hour)},
		{ID: "u4", Name: "Ю. Цой", Email: "y@sapa.kz", Role: distribution.Accountant, NoPassword: true},
		{ID: "u5", Name: "С. Ли", Email: "s@sapa.kz", Role: distribution.Auditor, Factor: true, DisabledAt: now(), LastSignIn: now()},
	}
}

func peopleSamples() []sample {
	peers := distribution.Policy{Peers: true, Steps: []distribution.PolicyStep{{From: 1, Approvals: 2}}}
	list := users.Props{Chrome: ringing(), People: members(), Policy: peers, CanChange: true, Now: now()}
	refused := list
	refused.Form = users.Form{Email: "kim", Name: " ", Role: "owner"}
	refused.Errors = map[string]string{"email": "people.error.email", "name": "people.error.name", "role": "people.error.role"}
	taken := list
	taken.Errors = map[string]string{"email": "people.error.taken"}
	person := func(p users.Person, refused users.Refused) users.PersonProps {
		return users.PersonProps{Chrome: chrome(components.Fresh), Person: p, Policy: peers, CanChange: true, Refused: refused, Now: now()}
	}
	all := members()
	few := distribution.Shortage{Asked: 2, Was: 2, Left: 1}
	only := distribution.Shortage{Asked: 1, Was: 0, Left: 1}
	reader := person(all[1], users.Refused{})
	reader.CanChange = false
	return append([]sample{
		{"users", users.Page(list), false},
		{"users-refused", users.Page(refused), false},
		{"users-taken", users.Page(taken), false},
		{"person", users.PersonPage(person(all[2], users.Refused{})), false},
		{"person-self", users.PersonPage(person(all[0], users.Refused{})), false},
		{"person-disabled", users.PersonPage(person(all[4], users.Refused{Act: users.Enable, Shortage: only})), false},
		{"person-role-short", users.PersonPage(person(all[1], users.Refused{Act: users.ChangeRole, Role: distribution.Auditor, Shortage: few})), false},
		{"person-disable-short", users.PersonPage(person(all[1], users.Refused{Act: users.Disable, Shortage: few})), false},
		{"person-reader", users.PersonPage(reader), false},
		{"person-invited", users.Invited(users.InvitedProps{Chrome: chrome(components.Fresh), Person: all[2], Link: "https://pay.example.kz/invitations/x", Until: now()}), false},
	}, append(meSamples(), thresholdSamples()...)...)
}

func meSamples() []sample {
	own := me.Props{
		Chrome: ringing(), Name: "Гүлнар Сулейменова", Email: "g@sapa.kz", Role: distribution.Accountant, Factor: true, Least: 8, Now: now(),
		Sessions: []me.Session{
			{ID: "s1", UserAgent: "Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36", Address: "10.0.3.7", CreatedAt: now(), LastSeen: now(), Current: true},
			{ID: "s2", UserAgent: "<script>", Address: "10.0.3.8", CreatedAt: now(), LastSeen: now().Add(-time.Minute)},
		},
	}
	for _, reason := range []string{"password", "factor", "disabled"} {
		own.Failures = append(own.Failures, me.Failure{At: now(), Address: "10.0.3.9", Reason: reason})
	}
	calm := own
	calm.Sessions, calm.Failures, calm.Factor, calm.Role = own.Sessions[:1], nil, false, distribution.Admin
	samples := []sample{{"me", me.Page(own), false}, {"me-calm", me.Page(calm), false}}
	for _, problem := range []signin.Problem{signin.Wrong, signin.Throttled} {
		p := calm
		p.Old, p.Minutes = problem, 3
		samples = append(samples, sample{"me-" + string(problem), me.Page(p), false})
	}
	for _, problem := range []signin.Problem{signin.Short, signin.Long, signin.Common, signin.Own} {
		p := calm
		p.New = problem
		samples = append(samples, sample{"me-" + string(problem), me.Page(p), false})
	}
	return samples
}

func thresholdSamples() []sample {
	p := balance.Props{
		Chrome: ringing(), Balance: money(components.Fresh),
		Threshold: balance.Threshold{Amount: 5_000_000_00, By: "А. Сейітқали", At: now(), CanChange: true, Form: "5 000 000,00"},
		Dip:       &balance.Dip{Threshold: 5_000_000_00, Since: now(), CanSee: true},
	}
	seen := p
	seen.Dip = &balance.Dip{Threshold: 5_000_000_00, Since: now(), Seen: "А. Сейітқали", SeenAt: now()}
	seen.Threshold.Form, seen.Threshold.Problem = "много", &distribution.Reason{Code: "amount.format"}
	return []sample{{"balance-low", balance.Page(p), false}, {"balance-low-seen", balance.Page(seen), false}}
}
