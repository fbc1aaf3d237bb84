package views_test

import (
	"time"

	"github.com/a-h/templ"

	"plexydash/distribution"
	"plexydash/views/balance"
	"plexydash/views/components"
	"plexydash/views/overview"
)

// month is a balance of thirty days with deposits and payments.
func month() components.BalanceChart {
	first := distribution.AlmatyDay(now()).AddDate(0, 0, -29)
	var told []distribution.BalanceDay
	opening := distribution.Amount(5_540_000_00)
	for i := 3; i < 30; i++ {
		d := distribution.BalanceDay{Known: true, Opening: opening}
		d.Day, d.Out = first.AddDate(0, 0, i), distribution.Amount(i%5)*230_000_00
		if i%9 == 0 {
			d.In = 2_400_000_00
		}
		d.Closing = opening + d.In - d.Out
		opening = d.Closing
		told = append(told, d)
	}
	return components.BalanceChart{Days: distribution.FillDays(first, 30, told), Threshold: 1_000_000_00, At: now(), Now: now()}
}

func stock() components.Runway {
	c, today := month(), distribution.AlmatyDay(now())
	r := components.Runway{Spending: distribution.SpendingBefore(today, c.Days, weekday), Threshold: c.Threshold}
	r.Available, r.Known = r.Spending.Lasts(4_860_500_00, today, weekday)
	r.Free, _ = r.Spending.Lasts(1_960_500_00, today, weekday)
	r.TopUp = &components.TopUp{Amount: 1_500_000_00, At: now().Add(-72 * time.Hour)}
	return r
}

func overviewSamples() []sample {
	all := []sample{
		{"overview", overview.Page(overview.Props{
			Chrome: chrome(components.Fresh), Balance: tile(components.Fresh), Chart: month(), Runway: stock(), LimitHref: "/balance#limit", Now: now(),
			Paid:     overview.Figure{Count: 14, Sum: 3_182_400_00, Href: "/distributions?status=paid"},
			UnderWay: overview.Figure{Count: 4, Sum: 2_060_900_50, Oldest: now().Add(-2 * time.Hour), Href: "/distributions?status=accepted"},
			NotPaid:  overview.Figure{Count: 3, Sum: 418_300_00, Href: "/distributions?status=failed"}, Ended: 96,
			Tasks: everyTask(), Residual: 3, Swept: now().Add(-11 * time.Hour),
			Doubts: []overview.Doubt{
				{ID: "1", Reference: "DIST-7F3K9Q", Payee: typed().Name, Status: distribution.Unknown, Amount: 250_000_00, Since: now().Add(-26 * time.Minute), Looks: 3},
				{ID: "2", Reference: "DIST-2M8XTC", Payee: "ИП Щербаков Ё. И.", Status: distribution.Mismatch, Amount: 100_000_00, Since: now().Add(-time.Hour)},
			},
			Alarms: []overview.Alarm{{Kind: distribution.AlarmTwice, At: now(), D: in(distribution.Paid)}, {Kind: distribution.AlarmRegressed, At: now(), D: foreign()}, {Kind: distribution.AlarmOutside, At: now(), D: foreign()}},
			Losses: []distribution.Residual{{Amount: -75_000_00, From: now().Add(-time.Hour), To: now().Add(-45 * time.Minute)}},
			More:   overview.Rest{Doubts: 3, Alarms: 12}, Integrity: &overview.Integrity{Checked: now(), Broken: 2, Signed: now(), SignedSize: 12_480, Unsigned: 3},
			Moves: []balance.Reading{
				{At: now(), Amount: 4_860_500_00, Change: new(distribution.Amount(-250_000_00)), OfID: "1", Reference: "DIST-7F3K9Q", Payee: "<b>ТОО</b>"},
				{At: now().Add(-48 * time.Hour), Amount: 5_110_500_00, Change: new(distribution.Amount(186_500_00))},
				{At: now().Add(-49 * time.Hour), Amount: 4_924_000_00, Change: new(distribution.Amount(-1_00))},
				{At: now().Add(-50 * time.Hour), Amount: 4_924_001_00},
			},
		}), false},
		{"overview-calm", overview.Page(overview.Props{Chrome: chrome(components.Never), Balance: components.Balance{State: components.Never, Now: now()}, Now: now(), Integrity: &overview.Integrity{}}), false},
		{"overview-failed", overview.Page(overview.Props{
			Chrome: chrome(components.Failed), Balance: tile(components.Failed), Chart: month(), Runway: stock(), Now: now(),
			Tasks: []overview.Task{{Kind: overview.TaskProposals, Figure: overview.Figure{Count: 1, Oldest: now().Add(-time.Hour), Href: "/proposals"}}},
		}), false},
	}
	return append(append(all, refreshSamples()...), runwaySamples()...)
}

func tile(state components.FreshState) components.Balance {
	return components.Balance{
		State: state, Free: 1_960_500_00, Available: 4_860_500_00, At: now(), PlexyAt: now().Add(-time.Minute), Since: now().Add(-12 * time.Minute), Now: now(),
		Held: []components.Held{{Kind: components.HeldAwaiting, Statuses: []distribution.Status{distribution.AwaitingApproval}, Count: 6, Amount: 2_900_000_00}},
	}
}

func everyTask() []overview.Task {
	var all []overview.Task
	for i, kind := range []overview.TaskKind{
		overview.TaskApprovals, overview.TaskProposals, overview.TaskAlarms, overview.TaskDoubts, overview.TaskLow, overview.TaskStops, overview.TaskBroken,
		overview.TaskDeclined, overview.TaskStale, overview.TaskDrafts, overview.TaskOwnDoubts, overview.TaskAwaiting,
	} {
		all = append(all, overview.Task{Kind: kind, Figure: overview.Figure{Count: i + 1, Sum: distribution.Amount(i) * 410_000_00, Oldest: now().Add(-time.Duration(i) * time.Hour), Href: "/approvals"}})
	}
	return all
}

func refreshSamples() []sample {
	var all []sample
	for _, state := range []components.RefreshState{components.RefreshWaits, components.RefreshSame, components.RefreshChanged, components.RefreshLate, components.RefreshFailed} {
		r := components.Refresh{State: state, Here: "/balance?asked=1", Was: 5_110_500_00, Is: 4_860_500_00, Error: "unreachable", At: now(), Shown: now().Add(-17 * time.Minute), Now: now()}
		all = append(all, sample{"refresh-" + string(state), components.RefreshResult(r), true})
	}
	none := components.Refresh{State: components.RefreshFailed, Error: "unauthorized", At: now(), Now: now()}
	return append(all, sample{"refresh-never", components.RefreshResult(none), true}, sample{"refresh-button", components.RefreshButton(components.Refresh{Allowed: true}, "/"), true})
}

func runwaySamples() []sample {
	long, none := stock(), stock()
	long.Available, long.Free = distribution.Runway{Days: distribution.LongestRunway, Long: true}, distribution.Runway{Days: distribution.LongestRunway, Long: true}
	none.Free, none.TopUp, none.Threshold = distribution.Runway{}, nil, 0
	page := func(name string, r components.Runway) sample {
		return sample{name, templ.Join(balance.Free(tile(components.Ageing), r), components.RunwayBlock(r)), true}
	}
	small := month()
	small.Threshold = 0
	for i := range small.Days {
		d := &small.Days[i]
		d.Opening, d.In, d.Out, d.Closing = d.Opening/10_000, d.In/10_000, d.Out/10_000, d.Closing/10_000
	}
	low := chrome(components.Fresh)
	low.Person.Role = distribution.Manager
	return []sample{
		page("runway-long", long), page("runway-none", none), page("runway-unknown", components.Runway{}),
		{"chart-small", components.Chart(small, ""), true},
		{"balance-month", balance.Page(balance.Props{Chrome: low, Balance: tile(components.Fresh), Chart: month(), Runway: stock(), Threshold: balance.Threshold{Amount: 1_000_000_00, By: "Д. Мұратова", At: now(), CanChange: true}}), false},
	}
}

func weekday(day time.Time) bool {
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
}
