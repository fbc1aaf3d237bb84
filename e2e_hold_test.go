package main

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

// A data folder that was copied is a second instance: it says so on every page,
// and sends nothing until two people allow it.
func (e *e2e) onHold(t *testing.T) {
	p := start(t, merelyCopied(t, e.fresh), nil)
	axe, b := axeSource(t), e.open(t, p)
	accountant, manager := visit(t, p).signIn("accountant@demo.kz"), visit(t, p).signIn("manager@demo.kz")
	require.Contains(t, accountant.get("/distributions").text(".banner.is-kill"), "HOLD")
	require.Eventually(t, func() bool { // all that Plexy has is read anew
		return manager.get("/hold").Find(`form[action="/hold/proposal"]`).Length() == 1
	}, patience, patience/1000)
	for _, l := range looks() {
		b.resize(l.Width)
		b.visit("/login")
		b.enterAs("manager@demo.kz")
		b.prefer(l)
		b.inspect(t, axe, l, []shown{
			{"hold", "/hold", http.StatusOK, ""},
			{"hold-empty", "/hold", http.StatusUnprocessableEntity, "main form button[type=submit]"},
			{"sending-hold", "/settings/sending", http.StatusOK, ""},
		})
		b.leave()
	}
	require.Zero(t, accountant.get("/hold").Find(`form[action="/hold/proposal"]`).Length())

	manager.get("/hold").submit("Предложить снять HOLD", url.Values{"reason": {"сверено с выпиской"}})
	second := visit(t, p).signIn("manager2@demo.kz")
	second.get("/proposals").submit("Подтвердить: «Снять HOLD»", nil)
	require.Zero(t, accountant.get("/distributions").Find(".banner.is-kill").Length())
	require.Contains(t, accountant.get("/hold").text("main"), "HOLD снят")
}
