package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"plexydash/distribution"
)

// Vitals is what those who watch the program want to know, in numbers. Times are
// UTC, and zero where there is nothing.
type Vitals struct {
	At        time.Time // of the reading
	Waiting   map[distribution.Status]Pile
	Proposals int // open decisions of two
	Sessions  int // that have not ended
	Alarms    map[distribution.AlarmKind]int
	Swept     time.Time // end of the last sweep that proved to be complete
	Sync      SyncState
	Log       CheckpointState
	Files     Files
}

// Files is the room that the database takes.
type Files struct {
	Bytes, WAL int64
	WrittenAt  time.Time // when what is in the WAL was last moved into the database
	Free       uint64    // bytes left where it lies; 0 when nobody can tell
}

// Vitals reads all of it, in a handful of statements that search an index.
func (db *DB) Vitals(ctx context.Context) (v Vitals, err error) {
	v.At = db.Now()
	steps := []func() error{
		func() (err error) { v.Waiting, err = db.waiting(ctx); return err },
		func() (err error) { v.Alarms, err = db.CountOpenAlarms(ctx); return err },
		func() (err error) { v.Sync, err = db.SyncState(ctx); return err },
		func() (err error) { v.Log, err = db.CheckpointState(ctx); return err },
		func() (err error) { v.Files, err = db.files(); return err },
		func() error {
			var swept sql.NullInt64
			err := db.read.QueryRowContext(ctx, vitalsQuery, v.At.UnixMicro()).Scan(&v.Proposals, &v.Sessions, &swept)
			v.Swept = moment(swept)
			return err
		},
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return v, fmt.Errorf("store: vitals: %w", err)
		}
	}
	return v, nil
}

const vitalsQuery = `SELECT (SELECT count(*) FROM decisions WHERE status = 'open'),
	(SELECT count(*) FROM sessions WHERE expires_at > $1),
	(SELECT finished_at FROM sweeps WHERE ended = 'proven' ORDER BY id DESC LIMIT 1)`

// waitingStatuses are the states that should not last.
func waitingStatuses() []distribution.Status {
	return []distribution.Status{
		distribution.AwaitingApproval, distribution.Queued, distribution.Sending,
		distribution.Unknown, distribution.NotFound, distribution.Mismatch,
	}
}

const waitingQuery = `SELECT status, count(*), sum(amount),
		min(CASE status WHEN 'queued' THEN queued_at WHEN 'awaiting_approval' THEN submitted_at ELSE coalesce(unknown_since, updated_at) END)
	FROM distributions INDEXED BY distributions_by_state
	WHERE status IN ('awaiting_approval', 'queued', 'sending', 'unknown', 'not_found', 'mismatch') AND origin = 'dashboard'
	GROUP BY status`

func (db *DB) waiting(ctx context.Context) (map[distribution.Status]Pile, error) {
	piles := map[distribution.Status]Pile{}
	for _, s := range waitingStatuses() {
		piles[s] = Pile{}
	}
	rows, err := db.read.QueryContext(ctx, waitingQuery)
	_, err = collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var status distribution.Status
		var p Pile
		var oldest sql.NullInt64
		err := r.Scan(&status, &p.Count, &p.Sum, &oldest)
		p.Oldest = moment(oldest)
		piles[status] = p
		return struct{}{}, err
	})
	return piles, err
}

// files looks at the files from outside: SQLite's locks are its own.
func (db *DB) files() (f Files, err error) {
	main, err := os.Stat(db.path)
	if err != nil {
		return f, err
	}
	f.Bytes, f.WrittenAt = main.Size(), main.ModTime().UTC()
	wal, err := os.Stat(db.path + "-wal")
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return f, err
	default:
		f.WAL = wal.Size()
	}
	f.Free, _ = db.free() // 0 is what an alarm needs
	return f, nil
}

// Schema is the number of the last migration that the database has seen.
func (db *DB) Schema(ctx context.Context) (n int64, err error) {
	err = db.read.QueryRowContext(ctx, "SELECT max(version_id) FROM goose_db_version WHERE is_applied").Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("store: schema version: %w", err)
	}
	return n, nil
}

// SendingRuns is the state of sending while nothing keeps it from going on.
const SendingRuns = "running"

// SendingStates are all states of sending: that it runs, and why it does not.
func SendingStates() []string {
	all := []string{SendingRuns, PausedOff, PausedUnauthorized, PausedNeverRead, PausedStale, PausedDisk}
	for _, kind := range StopKinds() {
		all = append(all, string(kind))
	}
	return all
}

// Sending is one of them. A HOLD is told before any other stop.
func (s SyncState) Sending(now time.Time, maxAge time.Duration, submit bool) string {
	if s.Held() {
		return string(StopHold)
	}
	return cmp.Or(s.Paused(now, maxAge, submit), SendingRuns)
}
