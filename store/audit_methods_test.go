package store_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"plexydash/distribution"
	"plexydash/store"
)

// call is one call of a method by an actor.
type call func(by distribution.Actor) error

// trace says what one call of a method leaves in the audit log.
type trace struct {
	method  string // with words after it that tell the case
	records []string
	// given prepares the case and returns the call.
	given func(*testing.T, *world) call
	by    func(*world) distribution.Actor // nil: the method takes no actor
}

func byMaker(w *world) distribution.Actor { return w.maker }
func bySender(*world) distribution.Actor  { return sender() }
func bySyncer(*world) distribution.Actor  { return syncer() }
func byCLI(*world) distribution.Actor     { return distribution.CLI("root") }

func TestEveryChangeLeavesExactlyItsRecords(t *testing.T) {
	for _, row := range traces() {
		t.Run(row.method, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			do := row.given(t, w)
			before, state, by := len(auditRecords(t, w.DB)), w.dump(t), distribution.Actor{}
			if row.by != nil {
				by = row.by(w)
				assert.Error(t, do(distribution.Actor{}), "nobody did it")
				require.Equal(t, state, w.dump(t), "written although nobody did it")
			}

			require.NoError(t, do(by))

			var left []string
			for _, r := range auditRecords(t, w.DB)[before:] {
				left = append(left, r.Action)
				assert.Equal(t, by.ID, r.Actor.ID, r.Action)
			}
			assert.Equal(t, row.records, left)
		})
	}
}

// reads are the methods of DB that write nothing.
func reads() []string {
	return strings.Fields(`Absent AlarmsOf Answer AnsweredTwins AnyUnknown Arrived Attempts AuditLog AuditObjects AuditRecord AuditRegister
		AwaitingApprovals Backlog Backup Balance BalanceAround BalanceDays CheckpointState Checks ClearingOf Close ColumnsOf Compared
		CopiesOf Count CountAudit CountAwaiting CountFormDrafts CountOpenAlarms CountUncertain Decided Decision DecisionsOn Dip
		Distribution Doubts DueLooks DueReads Events EvidenceOf Export Exports Factor FailedSignIns FormDraft FormDrafts FormSpent
		Invariants Invited KeepInstance Known KnownAtPlexy LastHold LastInvariantCheck LastPaid LastSignIn LastWritten List LiveTwin
		Member Members Mirrored Newest NextExport NextSweep NotPaid Notes Notices Now OpenAlarms OpenDecisions OwnWork
		PaidToday PastStops Policy ReadSince Readings RecentCodes RecentTo Recipient RecipientEvents RecipientOf Recipients
		ReferenceTaken Register Residuals RoleCounts RowOfPlexy Schema Session SessionsOf SettledDecisions SignInStep SignInWait Similar
		Stops Suggest Sweeps SyncState Threshold TiesOf Totals TwinsOf Uncertain UnderWay User UserByEmail Users VerifyAudit Views Vitals`)
}

// A method that is added has to say what it leaves in the log.
func TestEveryMethodReadsOrHasATrace(t *testing.T) {
	listed := reads()
	for _, row := range traces() {
		name, _, _ := strings.Cut(row.method, " ")
		listed = append(listed, name)
	}
	slices.Sort(listed)
	var methods []string
	for m := range reflect.TypeFor[*store.DB]().Methods() {
		methods = append(methods, m.Name)
	}
	assert.Equal(t, methods, slices.Compact(listed))
}

// With the log broken, a change is refused whole: row, event and record are one.
func TestNothingIsChangedWithoutItsRecord(t *testing.T) {
	for _, row := range traces() {
		if row.records == nil {
			continue
		}
		t.Run(row.method, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			do := row.given(t, w)
			w.sql(t, "CREATE TRIGGER log_is_full BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'log is full'); END")
			before := w.dump(t)
			require.ErrorContains(t, do(row.by(w)), "log is full")
			require.Equal(t, before, w.dump(t))
		})
	}
}
