package gallery

import (
	"time"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/views/exports"
	"plexydash/views/proposals"
)

// Now is the moment of every sample: 14:32 in Almaty.
func Now() time.Time { return time.Date(2026, 3, 16, 9, 32, 0, 0, time.UTC) }

// Bank is the recipient's bank of a sample.
func Bank() distribution.Bank {
	return distribution.Bank{Code: "722", BIC: "CASPKZKA", RU: "АО «Kaspi Bank»", KK: "«Kaspi Bank» АҚ", EN: "Kaspi Bank", Active: true}
}

// Maker made the samples.
func Maker() distribution.Person {
	return distribution.Person{ID: "u1", Email: "g@sapa.kz", Name: "Гүлнар Сулейменова"}
}

// Typed is a form that is filled and accepted.
func Typed() distribution.Form {
	return distribution.Form{
		OrderReference: "DIST-K4W9TB", Amount: "1 250 000,00", Currency: "KZT", Name: "ТОО «Сарыарка Логистик Сервис Плюс»",
		BIN: "141040012347", IBAN: "KZ86 125K ZT50 0410 0100", BIC: "CASPKZKA", KBe: "17", KNP: "859",
		Purpose: "Оплата по договору № 118 от 12.01.2026 за перевозку <грузов>",
	}
}

// wrong is the same with what a form refuses.
func wrong() distribution.Form {
	f := Typed()
	f.KNP, f.Amount, f.IBAN = "85", "1.250", "KZ86 125K ZT50 0410 010"
	return f
}

// In is a distribution in a state.
func In(status distribution.Status) distribution.Distribution {
	content, errs := Typed().Parse()
	if len(errs) > 0 {
		panic(errs) // the sample is written wrongly
	}
	return distribution.Distribution{
		ID: "0195a1c2-0000-7000-8000-" + string(status), Content: content, Status: status, Origin: distribution.FromDashboard,
		CreatedBy: Maker(), CreatedAt: Now().Add(-time.Hour), UpdatedAt: Now().Add(-time.Minute), Version: 3,
		Confirmations: []distribution.Confirmation{{Code: "bin.check", By: Maker(), At: Now()}},
	}
}

// Foreign was made elsewhere, regressed, and repeats another one.
func Foreign() distribution.Distribution {
	d := In(distribution.Returned)
	d.ID, d.Origin, d.CreatedBy, d.Confirmations = "0195a1c2-foreign", distribution.FromPlexy, distribution.Person{}, nil
	d.Seen, d.Regressed, d.TwinOf, d.PlexyStatus = d.Recipient.Text(), true, "0195a1c2-other", "half_done"
	before, after := distribution.Amount(511_050_000), distribution.Amount(486_050_000)
	d.BalanceBefore, d.BalanceAfter, d.PlexyID = &before, &after, "plx-1"
	return d
}

// Balance is the agent's money, read so well.
func Balance(state components.FreshState) components.Balance {
	return components.Balance{
		State: state, Free: 196_050_000, Available: 486_050_000, At: Now().Add(-time.Minute), Since: Now().Add(-10 * time.Minute), Now: Now(),
		Held: []components.Held{
			{Kind: components.HeldAwaiting, Count: 6, Amount: 164_000_000},
			{Kind: components.HeldQueued, Count: 3, Amount: 91_000_000},
			{Kind: components.HeldUncertain, Count: 2, Amount: 35_000_000},
		},
	}
}

// Freshness is the age of data, in a state.
func Freshness(state components.FreshState) components.Freshness {
	f := components.Freshness{State: state, At: Now().Add(-time.Minute), Since: Now().Add(-12 * time.Minute), Now: Now()}
	if state == components.Ageing {
		f.At = Now().Add(-12 * time.Minute)
	}
	if state == components.Never {
		f.At = time.Time{}
	}
	return f
}

func freshStates() []components.FreshState {
	return []components.FreshState{components.Fresh, components.Ageing, components.Failed, components.Never}
}

func orderOf(f distribution.Form) components.Order {
	amount, _ := distribution.ParseAmount(f.Amount) // 0: not known yet
	return components.Order{
		Number: f.OrderReference, Date: Now(), Amount: amount, Purpose: f.Purpose, MadeBy: Maker().Name, Bank: Bank(),
		Recipient: distribution.RecipientText{Name: f.Name, BIN: f.BIN, IBAN: f.IBAN, BIC: f.BIC, KBe: f.KBe, KNP: f.KNP},
	}
}

func changes() []components.Change {
	return []components.Change{
		{Field: distribution.FieldIBAN, Was: "KZ86125KZT5004100100", Now: "KZ53601A861005417851"},
		{Field: distribution.FieldAmount, Was: "455000.00", Now: "480000.00"},
	}
}

func proposal() proposals.Card {
	d := In(distribution.NotFound)
	return proposals.Card{Now: Now(), CanSettle: true, D: &d, Decision: distribution.Decision{
		ID: "p1", Kind: distribution.DecideResend, Subject: d.ID, Reason: "Plexy ответил письмом: запроса не было", Ticket: "TT-4711",
		Status: distribution.DecisionOpen, ProposedBy: Maker(), ProposedRole: distribution.Accountant, ProposedAt: Now().Add(-20 * time.Minute),
	}}
}

func file() exports.Export {
	return exports.Export{
		ID: "e1", Kind: "distributions", State: exports.Ready, Format: "csv", Dialect: "excel", CreatedAt: Now(), AsOf: Now(),
		FileName: "register.csv", Rows: 1284, Sum: 31_245_000_000, SHA256: "0123456789abcdef0123",
	}
}

func timeline() []components.TimelineItem {
	return []components.TimelineItem{
		{Icon: "s-paid", Tone: components.Green, What: "paid", PlexyAt: Now().Add(-2 * time.Minute), At: Now().Add(-time.Minute)},
		{Icon: "s-unknown", Tone: components.Amber, What: "unknown", Note: "502", At: Now().Add(-30 * time.Minute)},
		{Icon: "send", Tone: components.Blue, What: "sending", At: Now().Add(-31 * time.Minute)},
		{Icon: "edit", What: "draft", Note: Maker().Name, At: Now().Add(-time.Hour)},
	}
}
