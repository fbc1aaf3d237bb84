package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

func byManager(w *world) distribution.Actor { return w.manager }

func tracesOfDecisions() []trace {
	confirm := func(kind distribution.DecisionKind, made func(*testing.T, *world) distribution.Distribution) func(*testing.T, *world) call {
		return func(t *testing.T, w *world) call {
			d := made(t, w)
			if kind == distribution.DecideLink {
				other(t, w, d)
			}
			id := w.propose(t, kind, d.ID).ID
			return func(by distribution.Actor) error { return second(w.Confirm(t.Context(), by, id)) }
		}
	}
	return []trace{
		{"Propose", []string{"decision.proposed"}, func(t *testing.T, w *world) call {
			id := missed(t, w).ID
			return func(by distribution.Actor) error {
				return second(w.Propose(t.Context(), by, proposal(distribution.DecideResend, id), window))
			}
		}, byMaker},
		{"Confirm a resend", []string{"decision.confirmed", "distribution.resent"}, confirm(distribution.DecideResend, missed), byManager},
		{"Confirm a link", []string{"decision.confirmed", "distribution.noted", "distribution.linked", "recipient.saved"}, confirm(distribution.DecideLink, missed), byManager},
		{"Confirm that it is not ours", []string{"decision.confirmed", "distribution.not_ours"}, confirm(distribution.DecideNotOurs, differs), byManager},
		{"Confirm an override", []string{"decision.confirmed", "distribution.overridden"}, confirm(distribution.DecideOverride, drafted), byManager},
		{"Confirm a policy", []string{"decision.confirmed", "policy.changed"}, func(t *testing.T, w *world) call {
			dec, err := w.Propose(t.Context(), storetest.User(t, w.DB, distribution.Admin), proposal(distribution.DecidePolicy, ""), window)
			require.NoError(t, err)
			return func(by distribution.Actor) error { return second(w.Confirm(t.Context(), by, dec.ID)) }
		}, func(w *world) distribution.Actor {
			return distribution.Actor{Person: distribution.Person{ID: "another", Name: "Another"}, Role: distribution.Admin}
		}},
		{"RefuseProposal", []string{"decision.refused"}, func(t *testing.T, w *world) call {
			id := w.propose(t, distribution.DecideClose, missed(t, w).ID).ID
			return func(by distribution.Actor) error { return second(w.RefuseProposal(t.Context(), by, id, "no")) }
		}, byManager},
		{"WithdrawProposal", []string{"decision.withdrawn"}, func(t *testing.T, w *world) call {
			id := w.propose(t, distribution.DecideClose, missed(t, w).ID).ID
			return func(by distribution.Actor) error { return second(w.WithdrawProposal(t.Context(), by, id)) }
		}, byMaker},
		{"ApplyRemote of what a proposal was about", []string{"distribution.found", "decision.void", "recipient.saved"}, func(t *testing.T, w *world) call {
			d := missed(t, w)
			w.propose(t, distribution.DecideClose, d.ID)
			return applyBy(t, w, w.seen("list", storetest.Remote(&d, "P-1", "paid")), nil)
		}, bySyncer},
		{"Acknowledge", []string{"distribution.acknowledged"}, func(t *testing.T, w *world) call {
			id := steppedBack(t, w).ID
			return func(by distribution.Actor) error {
				return w.Acknowledge(t.Context(), by, id, "звонили в банк")
			}
		}, byManager},
	}
}

func drafted(t *testing.T, w *world) distribution.Distribution {
	t.Helper()
	return w.read(t, storetest.Draft(t, w.DB, w.maker).ID)
}

// steppedBack was paid and is processed again, by Plexy's word.
func steppedBack(t *testing.T, w *world) distribution.Distribution {
	t.Helper()
	d := storetest.Accepted(t, w.DB, w.maker, "P-1")
	w.apply(t, "detail", storetest.Remote(&d, "P-1", "paid"))
	w.apply(t, "detail", storetest.Remote(&d, "P-1", "processing"))
	return w.read(t, d.ID)
}

func tracesOfStops() []trace {
	return []trace{
		{"StopSending", []string{"sending.stopped"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error {
				return w.StopSending(t.Context(), by, "ждём ответа банка")
			}
		}, byMaker},
		{"StopSending again", nil, func(t *testing.T, w *world) call {
			require.NoError(t, w.StopSending(t.Context(), w.manager, "first"))
			return func(by distribution.Actor) error { return w.StopSending(t.Context(), by, "second") }
		}, byMaker},
		{"StartSending", []string{"sending.started", "sending.started"}, func(t *testing.T, w *world) call {
			require.NoError(t, w.StopSending(t.Context(), w.maker, "first"))
			require.NoError(t, w.Stop(t.Context(), sender(), store.StopClock, "it jumped", ""))
			return func(by distribution.Actor) error { return w.StartSending(t.Context(), by, "") }
		}, byManager},
		{"StartSending when nothing is stopped", nil, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error { return w.StartSending(t.Context(), by, "") }
		}, byManager},
		{"Stop", []string{"sending.stopped"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error {
				return w.Stop(t.Context(), by, store.StopInvariant, "I1", "")
			}
		}, bySender},
		{"Lift", []string{"sending.started"}, func(t *testing.T, w *world) call {
			require.NoError(t, w.Stop(t.Context(), sender(), store.StopInvariant, "I1", ""))
			return func(by distribution.Actor) error { return w.Lift(t.Context(), by, store.StopInvariant, "it holds") }
		}, bySender},
		{"SetPolicy", []string{"policy.changed"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error { return w.SetPolicy(t.Context(), by, storetest.OneApproval()) }
		}, byCLI},
		{"EnsurePolicy", []string{"policy.changed"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error {
				return w.EnsurePolicy(t.Context(), by, distribution.DefaultPolicy())
			}
		}, bySender},
		{"EnsurePolicy of one that is there", nil, func(t *testing.T, w *world) call {
			storetest.SetPolicy(t, w.DB, storetest.OneApproval())
			return func(by distribution.Actor) error {
				return w.EnsurePolicy(t.Context(), by, distribution.DefaultPolicy())
			}
		}, bySender},
		{"Unclaim", []string{"distribution.not_sent"}, func(t *testing.T, w *world) call {
			id := storetest.Sending(t, w.DB, w.maker).Attempt.ID
			return func(by distribution.Actor) error { return w.Unclaim(t.Context(), by, id) }
		}, bySender},
		{"Claim over the limit of the day", []string{"distribution.held"}, func(t *testing.T, w *world) call {
			storetest.Queued(t, w.DB, w.maker)
			storetest.SetPolicy(t, w.DB, distribution.Policy{LimitDay: 1})
			return claimBy(t, w)
		}, bySender},
		{"Claim of a row that cannot be read", []string{"queue.unreadable"}, func(t *testing.T, w *world) call {
			id := storetest.Queued(t, w.DB, w.maker).ID
			w.sql(t, "UPDATE distributions SET recipient_kbe = '' WHERE id = $1", id)
			return claimBy(t, w)
		}, bySender},
		{"KeepBalance of a hundredth of what an answer told", []string{"sending.stopped", "balance.moved"}, func(t *testing.T, w *world) call {
			answered(t, w, 1_000_000_00_00, 1_000_000_00_00-150_000_00)
			return func(by distribution.Actor) error {
				return w.KeepBalance(t.Context(), by, store.Balance{Amount: 1_000_000_00 - 150_000, Currency: "KZT"}, storetest.Answer("balance", w.Now()))
			}
		}, bySyncer},
		{"Finish with a debit of a hundred times the amount", []string{"distribution.answered", "recipient.saved", "sending.stopped"}, func(t *testing.T, w *world) call {
			c := storetest.Sending(t, w.DB, w.maker)
			require.NoError(t, w.KeepAnswer(t.Context(), sender(), c.Attempt.ID, storetest.Answer("create", w.Now())))
			return func(by distribution.Actor) error {
				return w.Finish(t.Context(), by, c.Attempt.ID, store.OutcomeOK, "", toldBalance(20_000_000_00, 20_000_000_00-150_000_00_00))
			}
		}, bySender},
	}
}

// answered is one accepted by an answer that told the balance around it.
func answered(t *testing.T, w *world, before, after distribution.Amount) distribution.Distribution {
	t.Helper()
	return storetest.Finish(t, w.DB, storetest.Sending(t, w.DB, w.maker), store.OutcomeOK, toldBalance(before, after))
}

func toldBalance(before, after distribution.Amount) func(*distribution.Distribution) (distribution.Event, error) {
	return func(d *distribution.Distribution) (distribution.Event, error) {
		r := storetest.Remote(d, "P-1", "created")
		r.BalanceBefore, r.BalanceAfter, r.CreatedAt = &before, &after, time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
		return d.Answer(r)
	}
}
