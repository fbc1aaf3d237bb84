package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"plexydash/distribution"
)

// Keys of sync_state.
const (
	keyLastSuccess  = "last_success"
	keyFailingSince = "failing_since"
	keyLastError    = "last_error"
	keyBaseline     = "baseline_at"
	keyOrder        = "list_order"
	keyPace         = "pace"
	keySweepAsked   = "sweep_asked" // when somebody last pressed "check now" and no sweep served it yet
	keyCompared     = "compared_to" // id at Plexy up to which unseen rows were read
)

// Codes of what keeps Plexy from being read.
const (
	Unreachable  = "unreachable"
	Unauthorized = "unauthorized"
	Unreadable   = "unreadable"
	Throttled    = "throttled"
	ServerError  = "server_error"
)

// SyncState is how well the mirror knows Plexy.
type SyncState struct {
	LastSuccess  time.Time // last round of reads that succeeded whole; zero: never
	FailingSince time.Time // zero: the last round succeeded
	LastError    string    // code of the last failure; empty when FailingSince is zero
	BaselineAt   time.Time // first complete import; zero: not yet
	Order        Order     // of Plexy's list, once a whole import has seen it
	Import       *Import   // the open one, or nil
	Stops        []Stop    // what keeps everything from being sent, oldest first
	LowDisk      bool      // an answer might not find room
	Pace
}

// Pace is how attempts that came to nothing hold the sender back.
type Pace struct {
	Unknowns  int       // outcomes in a row
	Unsent    int       // in a row: no connection
	Barred    int       // in a row: Plexy did not take our key
	SendAfter time.Time // nothing leaves before; zero: nothing holds it back
}

// SyncState reads it.
func (db *DB) SyncState(ctx context.Context) (SyncState, error) {
	s := SyncState{LowDisk: db.lowDisk()}
	rows, err := db.read.QueryContext(ctx, "SELECT key, value FROM sync_state")
	_, err = collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var key, value string
		if err := r.Scan(&key, &value); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, s.set(key, value)
	})
	if err != nil {
		return s, fmt.Errorf("store: sync state: %w", err)
	}
	if s.Import, err = openImport(ctx, db.read); err != nil {
		return s, err
	}
	s.Stops, err = openStops(ctx, db.read)
	return s, err
}

// Held reports that a HOLD keeps everything from being sent.
func (s SyncState) Held() bool {
	return slices.ContainsFunc(s.Stops, func(stop Stop) bool { return stop.Kind == StopHold })
}

func (s *SyncState) set(key, value string) (err error) {
	switch key {
	case keyLastSuccess:
		s.LastSuccess, err = parseTime(value)
	case keyFailingSince:
		s.FailingSince, err = parseTime(value)
	case keyBaseline:
		s.BaselineAt, err = parseTime(value)
	case keyLastError:
		s.LastError = value
	case keyOrder:
		s.Order = Order(value)
	case keyPace:
		err = json.Unmarshal([]byte(value), &s.Pace)
	}
	return err
}

func timeText(t time.Time) string { return t.Format(time.RFC3339Nano) }

func parseTime(s string) (time.Time, error) { return time.Parse(time.RFC3339Nano, s) }

// Reasons for not sending, beside the kinds of stops.
const (
	PausedOff          = "off"          // switched off by the operator
	PausedUnauthorized = "unauthorized" // Plexy does not take our key
	PausedNeverRead    = "never_read"   // Plexy has not answered since the program was set up
	PausedStale        = "stale"        // the last good read is too old
	PausedDisk         = "disk"         // less than MinFree is free
)

// Paused says why nothing is sent now, or nothing: a reason of the list above,
// or the kind of the oldest stop. maxAge is how old the last
// good read may be.
func (s SyncState) Paused(now time.Time, maxAge time.Duration, submit bool) string {
	switch {
	case !submit:
		return PausedOff
	case len(s.Stops) > 0:
		return string(s.Stops[0].Kind)
	case s.LowDisk:
		return PausedDisk
	case s.LastError == Unauthorized:
		return PausedUnauthorized
	case s.LastSuccess.IsZero():
		return PausedNeverRead
	case now.Sub(s.LastSuccess).Abs() > maxAge: // one of the future is from a clock that was wrong
		return PausedStale
	}
	return ""
}

// SyncSucceeded notes a good round of reads. The log hears of it only when it
// ends a failure.
func (db *DB) SyncSucceeded(ctx context.Context, by distribution.Actor) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		since, err := stateText(ctx, tx, keyFailingSince)
		if err != nil {
			return err
		}
		if since != "" {
			if _, err := tx.audit(ctx, by, entry{action: "plexy.recovered", object: "plexy", details: map[string]string{"since": since}}); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "DELETE FROM sync_state WHERE key IN ($1, $2)", keyFailingSince, keyLastError); err != nil {
				return fmt.Errorf("store: sync state: %w", err)
			}
		}
		return tx.setState(ctx, keyLastSuccess, timeText(tx.now))
	})
}

// SyncFailed notes a failed round; the log hears of the first one only.
// Unauthorized stays the reason until a round succeeds: only a read shows that
// Plexy takes our key again.
func (db *DB) SyncFailed(ctx context.Context, by distribution.Actor, code string) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		last, err := stateText(ctx, tx, keyLastError)
		if err != nil || last == code || last == Unauthorized {
			return err
		}
		if last == "" {
			if err := tx.setState(ctx, keyFailingSince, timeText(tx.now)); err != nil {
				return err
			}
			if _, err := tx.audit(ctx, by, entry{action: "plexy.failing", object: "plexy", reason: code}); err != nil {
				return err
			}
		}
		return tx.setState(ctx, keyLastError, code)
	})
}

// KeepPace lets the next run of the program hold back as this one does.
func (db *DB) KeepPace(ctx context.Context, by distribution.Actor, p Pace) error {
	return db.txBy(ctx, by, func(tx *Tx) error {
		value, err := json.Marshal(p)
		if err != nil {
			return fmt.Errorf("store: pace: %w", err)
		}
		return tx.setState(ctx, keyPace, string(value))
	})
}

func stateText(ctx context.Context, q querier, key string) (value string, err error) {
	err = q.QueryRowContext(ctx, "SELECT coalesce((SELECT value FROM sync_state WHERE key = $1), '')", key).Scan(&value)
	if err != nil {
		return "", fmt.Errorf("store: sync state: %w", err)
	}
	return value, nil
}

func (tx *Tx) setState(ctx context.Context, key, value string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO sync_state (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value)
	if err != nil {
		return fmt.Errorf("store: sync state: %w", err)
	}
	return nil
}

// Run is one round of reads, kept for thirty days.
type Run struct {
	Kind                  string // import, sync, look or sweep
	StartedAt, FinishedAt time.Time
	Pages, Items, Changed int
	Error                 string // code; empty: good
}

const keepRuns = 30 * 24 * time.Hour

// KeepRun writes one and forgets old ones.
func (db *DB) KeepRun(ctx context.Context, r Run) error {
	return db.tx(ctx, func(tx *Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO sync_runs (kind, started_at, finished_at, pages, items, changed, error)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			r.Kind, r.StartedAt.UnixMicro(), r.FinishedAt.UnixMicro(), r.Pages, r.Items, r.Changed, r.Error)
		if err == nil {
			_, err = tx.ExecContext(ctx, "DELETE FROM sync_runs WHERE started_at < $1", tx.now.Add(-keepRuns).UnixMicro())
		}
		if err != nil {
			return fmt.Errorf("store: run: %w", err)
		}
		return nil
	})
}
