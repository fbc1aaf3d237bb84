package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
	"plexydash/store/storetest"
)

// traces has a row for each case of each method of DB that writes.
func traces() []trace {
	return slices.Concat(tracesOfDrafts(), tracesOfSending(), tracesOfTheMirror(), tracesOfSweeps(), tracesOfDecisions(),
		tracesOfStops(), tracesOfRecipients(), tracesOfViews(), tracesOfPeople(), tracesOfThresholds(), tracesOfExports())
}

func tracesOfDrafts() []trace {
	return []trace{
		{"RecordRefused", []string{"distribution.approval"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error {
				return w.RecordRefused(t.Context(), by, store.Refused{Action: "distribution.approval", Object: "distribution", ID: "d1", Reason: "own"})
			}
		}, byMaker},
		{"RecordReading", []string{"audit.read"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error { return w.RecordReading(t.Context(), by, "q=a") }
		}, byManager},
		{"RecordReading of the same again", nil, func(t *testing.T, w *world) call {
			require.NoError(t, w.RecordReading(t.Context(), w.manager, "q=a"))
			return func(by distribution.Actor) error { return w.RecordReading(t.Context(), by, "q=a") }
		}, byManager},
		{"Create", []string{"distribution.created"}, func(t *testing.T, w *world) call {
			n := storetest.Filled(t)
			return func(by distribution.Actor) error { return second(w.Create(t.Context(), by, n)) }
		}, byMaker},
		{"Create with a spent form", nil, func(t *testing.T, w *world) call {
			n := storetest.Filled(t)
			require.NoError(t, second(w.Create(t.Context(), w.maker, n)))
			return func(by distribution.Actor) error { return second(w.Create(t.Context(), by, n)) }
		}, byMaker},
		{"Edit", []string{"distribution.edited"}, func(t *testing.T, w *world) call {
			id, n := storetest.Draft(t, w.DB, w.maker).ID, storetest.Filled(t)
			return func(by distribution.Actor) error { return second(w.Edit(t.Context(), by, id, n)) }
		}, byMaker},
		{"Edit with a spent form", nil, func(t *testing.T, w *world) call {
			id, n := storetest.Draft(t, w.DB, w.maker).ID, storetest.Filled(t)
			require.NoError(t, second(w.Edit(t.Context(), w.maker, id, n)))
			return func(by distribution.Actor) error { return second(w.Edit(t.Context(), by, id, n)) }
		}, byMaker},
		{"AddNote", []string{"distribution.annotated"}, func(t *testing.T, w *world) call {
			id := storetest.Draft(t, w.DB, w.maker).ID
			return func(by distribution.Actor) error { return w.AddNote(t.Context(), by, id, "a") }
		}, byMaker},
		{"AddNote of the same again", nil, func(t *testing.T, w *world) call {
			id := storetest.Draft(t, w.DB, w.maker).ID
			require.NoError(t, w.AddNote(t.Context(), w.maker, id, "a"))
			return func(by distribution.Actor) error { return w.AddNote(t.Context(), by, id, "a") }
		}, byMaker},
		{"KeepFormDraft", []string{"draft.kept"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error { return second(w.KeepFormDraft(t.Context(), by, unfinished("a"))) }
		}, byMaker},
		{"KeepFormDraft of one that is kept", nil, func(t *testing.T, w *world) call {
			require.NoError(t, second(w.KeepFormDraft(t.Context(), w.maker, unfinished("a"))))
			return func(by distribution.Actor) error { return second(w.KeepFormDraft(t.Context(), by, unfinished("a"))) }
		}, byMaker},
		{"DropFormDraft", []string{"draft.dropped"}, func(t *testing.T, w *world) call {
			require.NoError(t, second(w.KeepFormDraft(t.Context(), w.maker, unfinished("a"))))
			return func(by distribution.Actor) error { return w.DropFormDraft(t.Context(), by, "a") }
		}, byMaker},
		{"Submit", []string{"distribution.submitted"}, func(t *testing.T, w *world) call {
			id := storetest.Draft(t, w.DB, w.maker).ID
			return func(by distribution.Actor) error { return second(w.Submit(t.Context(), by, id)) }
		}, byMaker},
		{"Submit pressed again", nil, func(t *testing.T, w *world) call {
			id := storetest.Queued(t, w.DB, w.maker).ID
			return func(by distribution.Actor) error { return second(w.Submit(t.Context(), by, id)) }
		}, byMaker},
		{"Submit of one that waited a day", []string{"distribution.held"}, func(t *testing.T, w *world) call {
			id := storetest.Queued(t, w.DB, w.maker).ID
			w.clock.Advance(24 * time.Hour)
			return func(by distribution.Actor) error { return second(w.Submit(t.Context(), by, id)) }
		}, byMaker},
		{"Approve", []string{"distribution.approved"}, func(t *testing.T, w *world) call {
			d := waiting(t, w, storetest.OneApproval())
			return func(by distribution.Actor) error { return second(w.Approve(t.Context(), by, d.ID, codeOf(d))) }
		}, byManager},
		{"Decline", []string{"distribution.declined"}, func(t *testing.T, w *world) call {
			d := waiting(t, w, storetest.OneApproval())
			return func(by distribution.Actor) error {
				return second(w.Decline(t.Context(), by, d.ID, codeOf(d), "нет"))
			}
		}, byManager},
		{"ExpireApprovals", []string{"distribution.expired"}, func(t *testing.T, w *world) call {
			storetest.Awaiting(t, w.DB, w.maker)
			w.clock.Advance(distribution.ExpireAfter)
			return func(by distribution.Actor) error { return w.ExpireApprovals(t.Context(), by) }
		}, bySender},
		{"Change", []string{"distribution.cancelled"}, func(t *testing.T, w *world) call {
			id := storetest.Queued(t, w.DB, w.maker).ID
			return func(by distribution.Actor) error {
				return second(w.Change(t.Context(), by, id, func(d *distribution.Distribution) (distribution.Event, error) {
					return d.Cancel(w.maker, "")
				}))
			}
		}, byMaker},
	}
}

func tracesOfSending() []trace {
	return []trace{
		{"Claim", []string{"distribution.claimed"}, func(t *testing.T, w *world) call {
			storetest.Queued(t, w.DB, w.maker)
			return claimBy(t, w)
		}, bySender},
		{"Claim of one that no longer holds", []string{"distribution.bounced"}, func(t *testing.T, w *world) call {
			storetest.Queued(t, w.DB, w.maker)
			w.sql(t, "UPDATE distributions SET payment_purpose = 'other'")
			return claimBy(t, w)
		}, bySender},
		{"KeepAnswer", []string{"attempt.answered"}, func(t *testing.T, w *world) call {
			id := storetest.Sending(t, w.DB, w.maker).Attempt.ID
			return func(by distribution.Actor) error {
				return w.KeepAnswer(t.Context(), by, id, storetest.Answer("create", w.Now()))
			}
		}, bySender},
		{"Finish", []string{"distribution.lost"}, func(t *testing.T, w *world) call {
			id := storetest.Sending(t, w.DB, w.maker).Attempt.ID
			return func(by distribution.Actor) error {
				return w.Finish(t.Context(), by, id, store.OutcomeUnknown, "timeout", func(d *distribution.Distribution) (distribution.Event, error) {
					return d.Lose("timeout", w.Now())
				})
			}
		}, bySender},
		{"Recover", []string{"distribution.lost", "distribution.lost"}, func(t *testing.T, w *world) call {
			storetest.Sending(t, w.DB, w.maker)
			storetest.Sending(t, w.DB, w.maker)
			w.restart(t)
			return func(by distribution.Actor) error { return second(w.Recover(t.Context(), by)) }
		}, bySender},
	}
}

func claimBy(t *testing.T, w *world) call {
	return func(by distribution.Actor) error {
		return second(w.Claim(t.Context(), by, storetest.Wire))
	}
}

func tracesOfTheMirror() []trace {
	return []trace{
		{"ApplyRemote of one made elsewhere", []string{"distribution.found"}, func(t *testing.T, w *world) call {
			return applyBy(t, w, w.seen("list", w.foreign("P-1", "created")), nil)
		}, bySyncer},
		{"ApplyRemote of what is known", nil, func(t *testing.T, w *world) call {
			w.apply(t, "list", w.foreign("P-1", "created"))
			return applyBy(t, w, w.seen("list", w.foreign("P-1", "created")), nil)
		}, bySyncer},
		{"ApplyRemote of one executed twice", []string{"distribution.noted", "distribution.found"}, func(t *testing.T, w *world) call {
			d := storetest.Accepted(t, w.DB, w.maker, "P-1")
			return applyBy(t, w, w.seen("list", storetest.Remote(&d, "P-2", "created")), nil)
		}, bySyncer},
		{"ApplyRemote of an empty page with a mark", nil, func(t *testing.T, w *world) call {
			i, err := w.OpenImport(t.Context(), 100)
			require.NoError(t, err)
			return applyBy(t, w, w.seen("list"), &store.Mark{ImportID: i.ID, NextPage: 2})
		}, bySyncer},
		{"OpenImport", nil, func(t *testing.T, w *world) call {
			return func(distribution.Actor) error { return second(w.OpenImport(t.Context(), 100)) }
		}, nil},
		{"FinishImport", []string{"import.finished"}, func(t *testing.T, w *world) call {
			i, err := w.OpenImport(t.Context(), 100)
			require.NoError(t, err)
			return func(by distribution.Actor) error { return w.FinishImport(t.Context(), by, i.ID) }
		}, bySyncer},
		{"SyncSucceeded", nil, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error { return w.SyncSucceeded(t.Context(), by) }
		}, bySyncer},
		{"SyncSucceeded after a failure", []string{"plexy.recovered"}, func(t *testing.T, w *world) call {
			require.NoError(t, w.SyncFailed(t.Context(), syncer(), store.Throttled))
			return func(by distribution.Actor) error { return w.SyncSucceeded(t.Context(), by) }
		}, bySyncer},
		{"SyncFailed", []string{"plexy.failing"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error { return w.SyncFailed(t.Context(), by, store.Throttled) }
		}, bySyncer},
		{"SyncFailed again", nil, func(t *testing.T, w *world) call {
			require.NoError(t, w.SyncFailed(t.Context(), syncer(), store.Throttled))
			return func(by distribution.Actor) error { return w.SyncFailed(t.Context(), by, store.Unreachable) }
		}, bySyncer},
		{"KeepPace", nil, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error { return w.KeepPace(t.Context(), by, store.Pace{Unknowns: 1}) }
		}, bySender},
		{"DoubtClock", []string{"sending.stopped"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error {
				return w.DoubtClock(t.Context(), by, "Plexy's is another", store.Jump{})
			}
		}, bySender},
		{"DoubtClock after a jump", []string{"sending.stopped", "clock.jumped"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error {
				return w.DoubtClock(t.Context(), by, "it jumped", store.Jump{Step: time.Hour})
			}
		}, bySender},
		{"DoubtClock again", nil, func(t *testing.T, w *world) call {
			require.NoError(t, w.DoubtClock(t.Context(), sender(), "it jumped", store.Jump{Step: time.Hour}))
			return func(by distribution.Actor) error {
				return w.DoubtClock(t.Context(), by, "Plexy's is another", store.Jump{})
			}
		}, bySender},
		{"KeepRun", nil, func(t *testing.T, w *world) call {
			return func(distribution.Actor) error {
				return w.KeepRun(t.Context(), store.Run{Kind: "sync", StartedAt: w.Now(), FinishedAt: w.Now()})
			}
		}, nil},
		{"KeepInvariantCheck", nil, func(t *testing.T, w *world) call {
			return func(distribution.Actor) error {
				return w.KeepInvariantCheck(t.Context(), store.InvariantCheck{At: w.Now()})
			}
		}, nil},
		{"KeepBalance", []string{"balance.moved"}, func(t *testing.T, w *world) call { return keepBalanceBy(t, w) }, bySyncer},
		{"KeepBalance of the same figure", nil, func(t *testing.T, w *world) call {
			require.NoError(t, keepBalanceBy(t, w)(syncer()))
			w.clock.Advance(time.Minute)
			return keepBalanceBy(t, w)
		}, bySyncer},
		{"LookNow", []string{"distribution.look_asked"}, func(t *testing.T, w *world) call {
			id := storetest.Unknown(t, w.DB, w.maker).ID
			return func(by distribution.Actor) error { return w.LookNow(t.Context(), by, id) }
		}, byMaker},
		{"Looked", nil, func(t *testing.T, w *world) call {
			id := storetest.Unknown(t, w.DB, w.maker).ID
			return func(distribution.Actor) error { return w.Looked(t.Context(), id, w.Now()) }
		}, nil},
		{"ReadByID", nil, func(t *testing.T, w *world) call {
			storetest.Accepted(t, w.DB, w.maker, "P-1")
			return func(distribution.Actor) error { return w.ReadByID(t.Context(), "P-1") }
		}, nil},
	}
}

func applyBy(t *testing.T, w *world, seen store.Seen, m *store.Mark) call {
	return func(by distribution.Actor) error { return second(w.ApplyRemote(t.Context(), by, seen, m)) }
}

func keepBalanceBy(t *testing.T, w *world) call {
	return func(by distribution.Actor) error {
		return w.KeepBalance(t.Context(), by, store.Balance{Amount: 1_000_000_00, Currency: "KZT"}, storetest.Answer("balance", w.Now()))
	}
}

func tracesOfExports() []trace {
	return []trace{
		{"CreateExport", []string{"export.requested"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error { return second(w.CreateExport(t.Context(), by, registerExport())) }
		}, byMaker},
		{"CreateExport of the log", []string{"audit.exported"}, func(t *testing.T, w *world) call {
			return func(by distribution.Actor) error {
				return second(w.CreateExport(t.Context(), by, store.NewExport{Kind: store.ExportAudit, Format: "jsonl", Dialect: "excel"}))
			}
		}, byManager},
		{"FinishExport", []string{"export.made"}, func(t *testing.T, w *world) call {
			id := askExport(t, w.DB, w.maker).ID
			return func(by distribution.Actor) error {
				return w.FinishExport(t.Context(), by, id, store.Made{FileName: "a.csv"})
			}
		}, bySyncer},
		{"FailExport", []string{"export.failed"}, func(t *testing.T, w *world) call {
			id := askExport(t, w.DB, w.maker).ID
			return func(by distribution.Actor) error { return w.FailExport(t.Context(), by, id, "E1") }
		}, bySyncer},
	}
}

func second[T any](_ T, err error) error { return err }
