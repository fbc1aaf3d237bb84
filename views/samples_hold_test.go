package views_test

import (
	"time"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/views/hold"
	"plexydash/views/layout"
)

func heldChrome(role distribution.Role) layout.Chrome {
	c := chrome(components.Fresh)
	c.Person.Role, c.Pauses = role, []layout.Pause{{Reason: "hold", Note: "behind", At: now()}}
	return c
}

func holdSamples() []sample {
	reading := hold.Props{
		Chrome: heldChrome(distribution.Manager), Now: now(), Import: &hold.Import{Done: 1200, Total: 5300}, CanLift: true,
		Hold: &hold.Hold{
			Why: "behind", At: now().Add(-time.Minute), NewestAt: now().Add(-time.Hour), KnownSize: 12_480, Size: 9_120, Queued: 21, Sending: 1,
		},
	}
	read := reading
	done, unproven := *reading.Hold, *reading.Hold
	done.ImportedAt, done.ProvenAt, done.NotFound = now(), now(), 2
	unproven.ImportedAt = now()
	proving, nothing, silent := reading, reading, reading
	proving.Hold, proving.Import, proving.Proof = &unproven, nil, hold.Proof{Running: &hold.Import{Done: 3_400, Total: 5_300}}
	nothing.Hold, nothing.Import, nothing.Proof = &unproven, nil, hold.Proof{Inconclusive: true, Next: now().Add(time.Hour)}
	silent.Hold, silent.Import, silent.Proof = &unproven, nil, hold.Proof{Failed: true, Next: now()}
	read.Hold, read.Import = &done, nil
	read.Outside = hold.Outside{Count: 172, Sum: 25_800_000_00, Day: "2026-11-22"}
	read.Known, read.KnownAll = []distribution.Distribution{in(distribution.Draft), in(distribution.AwaitingApproval)}, 12
	refused := read
	refused.Refused = true
	proposed := read
	proposed.Proposal = &hold.Proposal{By: "Д. Мұратова", At: now()}
	lifted := read
	over := done
	over.LiftedAt, over.LiftedBy = now(), "А. Сейітқали"
	lifted.Hold, lifted.Chrome = &over, chrome(components.Fresh)
	all := []sample{
		{"hold-none", hold.Page(hold.Props{Chrome: chrome(components.Fresh), Now: now()}), false},
		{"hold-reading", hold.Page(reading), false},
		{"hold-proving", hold.Page(proving), false},
		{"hold-unproven", hold.Page(nothing), false},
		{"hold-silent", hold.Page(silent), false},
		{"hold-read", hold.Page(read), false},
		{"hold-refused", hold.Page(refused), false},
		{"hold-proposed", hold.Page(proposed), false},
		{"hold-lifted", hold.Page(lifted), false},
	}
	for _, why := range []string{"missing", "forked", "moved", "machine"} {
		p, h := reading, *reading.Hold
		h.Why = why
		p.Hold, p.Import, p.CanLift, p.Chrome = &h, nil, false, heldChrome(distribution.Accountant)
		all = append(all, sample{"hold-" + why, hold.Page(p), false})
	}
	return all
}
