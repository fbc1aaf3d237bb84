package views_test

import (
	"time"

	"plexydash/distribution"
	"plexydash/views/balance"
	"plexydash/views/components"
	"plexydash/views/integrity"
	"plexydash/views/layout"
	"plexydash/views/settings"
)

// everyPause holds sending back for every reason at once.
func everyPause() []layout.Pause {
	all := []layout.Pause{
		{Reason: "person", By: "А. Сейітқали", Note: "сверка с банком <до обеда>", At: now()},
		{Reason: "unit", ID: "0195a1c2", Reference: "DIST-1", Told: 15_000_000_00, Want: 150_000_00, At: now()},
		{Reason: "invariant", Note: "I3, I7", At: now()},
	}
	for _, reason := range []string{"clock", "hold", "off", "unauthorized", "disk"} {
		all = append(all, layout.Pause{Reason: reason, At: now()})
	}
	return all
}

func stopped(role distribution.Role) layout.Chrome {
	c := chrome(components.Failed)
	c.Person.Role, c.Pauses, c.CanLift = role, everyPause(), role == distribution.Manager
	return c
}

func controlSamples() []sample {
	return append(settingsSamples(), append(integritySamples(), ledgerSamples()...)...)
}

func settingsSamples() []sample {
	going := chrome(components.Fresh)
	going.CanStop = true
	waiting := &settings.Proposal{By: "А. Сейітқали", At: now()}
	limited := settings.Props{
		Chrome: going, SentToday: 12_000_000_00, Now: now(), CanChange: true, Form: settings.PolicyForm{Each: "5 000 000,00", Peers: true, Steps: []settings.StepForm{{From: "1 000 000,00", Approvals: "1"}}},
		Policy:  distribution.Policy{LimitEach: 5_000_000_00, LimitDay: 10_000_000_00, Peers: true, Steps: []distribution.PolicyStep{{From: 1, Approvals: 1}, {From: 1_000_000_00, Approvals: 2}}},
		Program: []settings.Value{{Name: "PLEXY_API_KEY", Text: "***"}, {Name: "PLEXY_BASE_URL", Text: "https://api.plexypay.com/v1"}},
	}
	for i, pause := range everyPause()[:4] {
		s := settings.Stop{Pause: pause, ByID: "u1"}
		if pause.Reason != "person" {
			s.ByID = "system:guard"
		}
		if i%2 == 1 {
			s.LiftedByID, s.LiftedBy, s.LiftedAt, s.LiftedNote = "u2", "Д. Мұратова", now(), "сверено"
		}
		limited.Stops = append(limited.Stops, s)
	}
	refused := limited
	refused.Errors = distribution.FieldErrors{
		settings.FieldFrom(1):      {Code: "steps.order"},
		settings.FieldApprovals(0): {Code: "approvals.range", Args: map[string]string{"Max": "5"}},
		settings.FieldApprovals(1): {Code: "approvals.people", Args: map[string]string{"Want": "2", "Have": "1"}},
		settings.FieldEach:         {Code: "amount.format"},
		settings.FieldReason:       {Code: "required"},
	}
	refused.Form = settings.PolicyForm{Each: "много", Day: "1 000"}
	reader := settings.Props{Chrome: chrome(components.Never), Now: now(), Proposal: waiting}
	return []sample{
		{"sending", settings.Sending(settings.SendingProps{Chrome: going, CanOff: true, Now: now()}), false},
		{"sending-refused", settings.Sending(settings.SendingProps{Chrome: going, CanOff: true, Refused: settings.Filled{Act: settings.Off}, Now: now()}), false},
		{"sending-stopped", settings.Sending(settings.SendingProps{Chrome: stopped(distribution.Manager), CanOn: true, CanUnit: true, Now: now()}), false},
		{"sending-proposed", settings.Sending(settings.SendingProps{Chrome: stopped(distribution.Admin), CanUnit: true, Proposal: waiting, Now: now()}), false},
		{"settings", settings.Page(limited), false},
		{"settings-refused", settings.Page(refused), false},
		{"settings-reader", settings.Page(reader), false},
	}
}

func integritySamples() []sample {
	fresh := integrity.Props{Chrome: chrome(components.Never), Now: now()}
	well := integrity.Props{
		Chrome: chrome(components.Fresh), Now: now(), Queued: 3, QueuedSince: now().Add(-time.Minute), Uncertain: 2,
		UncertainSince: now().Add(-30 * time.Hour), LastRead: now().Add(-time.Minute), Residuals: 1,
		Sweep:  &integrity.Sweep{StartedAt: now().Add(-time.Hour), FinishedAt: now(), Ended: "proven", Pages: 12, Items: 1150},
		Signed: now().Add(-time.Minute), SignedSize: 12_480, LogSize: 12_480, Checked: now().Add(-time.Hour), Took: 840 * time.Millisecond,
	}
	for _, code := range []string{"I1", "I2", "I3", "I5", "I6", "I7", "I8", "I9", "I11", "I12"} {
		fresh.Rules = append(fresh.Rules, integrity.Rule{Code: code})
		well.Rules = append(well.Rules, integrity.Rule{Code: code, Looked: true, Stops: code != "I11"})
	}
	ill := well
	ill.Chrome, ill.LogSize = stopped(distribution.Auditor), 12_490
	ill.Sweep = &integrity.Sweep{StartedAt: now(), Ended: "inconclusive"}
	ill.Alarms = []integrity.Alarm{{Kind: distribution.AlarmTwice, Count: 1}, {Kind: distribution.AlarmOutside, Count: 12}}
	ill.Rules = nil
	for _, rule := range well.Rules {
		rule.Breaches, rule.Examples = 2, []string{"0195a1c2-0000-7000-8000-000000000000", "0195a1c2-0000-7000-8000-000000000001"}
		ill.Rules = append(ill.Rules, rule)
	}
	waits := well
	waits.Waits, waits.Sweep = "stale", &integrity.Sweep{StartedAt: now()}
	failed := well
	failed.Waits, failed.Sweep = "never_read", &integrity.Sweep{StartedAt: now(), Ended: "failed"}
	return []sample{
		{"integrity", integrity.Page(well), false},
		{"integrity-fresh", integrity.Page(fresh), false},
		{"integrity-broken", integrity.Page(ill), false},
		{"integrity-waits", integrity.Page(waits), false},
		{"integrity-failed", integrity.Page(failed), false},
	}
}

func ledgerSamples() []sample {
	change := distribution.Amount(-75_000_00)
	p := balance.Props{
		Chrome: chrome(components.Fresh), Balance: money(components.Fresh), Next: "/balance?cursor=7", Later: true,
		Residuals: []distribution.Residual{
			{Amount: -75_000_00, From: now().Add(-15 * time.Minute), To: now()},
			{Amount: 5_000_000_00, From: now().Add(-time.Hour), To: now().Add(-30 * time.Minute)},
		},
		Readings: []balance.Reading{
			{At: now(), CheckedAt: now(), Amount: 486_050_000, Change: &change, OfID: "0195a1c2", Reference: "DIST-1"},
			{At: now().Add(-time.Hour), CheckedAt: now(), Amount: 486_050_000},
		},
	}
	p.Balance.OfID, p.Balance.Reference = "0195a1c2", "DIST-1"
	return []sample{{"ledger", balance.Page(p), false}}
}
