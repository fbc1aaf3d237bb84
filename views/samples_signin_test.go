package views_test

import (
	"github.com/a-h/templ"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/views/layout"
	"plexydash/views/signin"
)

func signinSamples() []sample {
	bare := layout.Bare{Path: "/login", Version: "1.4.2"}
	demo := signin.Props{
		Bare: layout.Bare{Path: "/login", Demo: true}, Password: "plexy-demo-password",
		Accounts: []signin.Account{{Email: "accountant@demo.kz", Role: distribution.Accountant}, {Email: "auditor@demo.kz", Role: distribution.Auditor}},
	}
	return []sample{
		{"signin", signin.Page(signin.Props{Bare: bare, Next: "/distributions"}), false},
		{"signin-wrong", signin.Page(signin.Props{Bare: bare, Problem: signin.Wrong, Email: "d@sapa.kz"}), false},
		{"signin-throttled", signin.Page(signin.Props{Bare: bare, Problem: signin.Throttled, Minutes: 3}), false},
		{"signin-expired", signin.Page(signin.Props{Bare: bare, Problem: signin.Expired}), false},
		{"signin-demo", signin.Page(demo), false},
		{"signin-typed", signin.Page(signin.Props{Bare: bare, Problem: signin.Expired, Next: "/distributions/new", Typed: `{"to":"/distributions"}`}), false},
		{"signin-code", signin.Code(signin.Props{Bare: bare}), false},
		{"signin-code-wrong", signin.Code(signin.Props{Bare: bare, Problem: signin.Wrong}), false},
		{"invitation", signin.Invitation(signin.InvitationProps{Bare: bare, To: "/invitations/AAAA", Name: "Динара Мұратова", Email: "d@sapa.kz", Least: 15}), false},
		{"invitation-common", signin.Invitation(signin.InvitationProps{Bare: bare, To: "/invitations/AAAA", Name: "Динара Мұратова", Email: "d@sapa.kz", Problem: signin.Common, Least: 15}), false},
		{"invitation-over", signin.InvitationOver(signin.InvitationProps{Bare: bare}), false},
		{"signin-layer", signin.Layer(signin.Props{Bare: bare, Problem: signin.Expired}), true},
		{"signin-code-layer", signin.CodeLayer(signin.Props{Bare: bare}), true},
	}
}

// proofSamples are the pages that ask who it is of who is signed in.
func proofSamples() []sample {
	fields := []components.Param{{Name: "code", Value: "K7Q2M9"}, {Name: "reason", Value: "Договор № 5"}}
	factor := func(p signin.FactorProps) templ.Component {
		p.Chrome, p.Now = chrome(components.Fresh), now()
		return signin.Factor(p)
	}
	return []sample{
		{"proof", signin.Proof(signin.ProofProps{Chrome: chrome(components.Fresh), To: "/distributions/1/approval", Email: "d@sapa.kz", Fields: fields}), false},
		{"proof-wrong", signin.Proof(signin.ProofProps{Chrome: chrome(components.Fresh), To: "/settings/limits", Email: "d@sapa.kz", Fields: fields, Code: true, Problem: signin.Wrong}), false},
		{"resumption", signin.Resumption(signin.ResumptionProps{Chrome: chrome(components.Fresh), To: "/settings/limits", Page: "/settings", Fields: fields}), false},
		{"factor-none", factor(signin.FactorProps{}), false},
		{"factor-asked", factor(signin.FactorProps{ByPolicy: true}), false},
		{"factor-offered", factor(signin.FactorProps{Secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", QR: "M4 4h1v1h-1z", QRSize: 45, Restricted: true}), false},
		{"factor-recovery", factor(signin.FactorProps{ConfirmedAt: now(), Recovery: []string{"ABCD-EFGH-2345-67AB", "BCDE-FGHA-3456-72BC"}, CodesLeft: 10}), false},
		{"factor-on", factor(signin.FactorProps{ConfirmedAt: now(), CodesLeft: 9, Problem: signin.Short}), false},
		{"factor-required", factor(signin.FactorProps{ConfirmedAt: now(), CodesLeft: 10, ByPolicy: true}), false},
	}
}
