package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// longestWait is how long a change waits for its turn in all: for the one
// connection that writes, and then for another program that holds the database.
const longestWait = 5 * time.Second

// errBusy says that others had the writing connection for so long.
var errBusy = errors.New("store: others write for too long")

// Unavailable reports the error of a change that was not made because it did not
// get its turn, or because the disk is full. It may be tried again.
func Unavailable(err error) bool {
	if _, unsettled := errors.AsType[*UnsettledCommitError](err); unsettled {
		return false
	}
	if errors.Is(err, errBusy) {
		return true
	}
	code := resultCode(err)
	return code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED || diskFull(err)
}

// diskFull reports that a write found no room. A sync that finds none is another
// error.
func diskFull(err error) bool { return resultCode(err) == sqlite3.SQLITE_FULL }

// resultCode is what SQLite says, without its details; 0 when it said nothing.
func resultCode(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}

// begin waits for the turn of a write transaction, not past the deadline of ctx.
// done gives the connection back after the transaction.
func (db *DB) begin(ctx context.Context) (tx *sql.Tx, done func() error, err error) {
	until := time.Now().Add(longestWait)
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(until) {
		until = deadline
	}
	waiting, cancel := context.WithDeadline(ctx, until)
	conn, err := db.write.Conn(waiting)
	cancel()
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, nil, errors.Join(errBusy, ctx.Err())
	}
	if err != nil {
		return nil, nil, err
	}
	done = conn.Close
	if left := time.Until(until); left < longestWait-100*time.Millisecond {
		done = func() error {
			return errors.Join(patience(context.WithoutCancel(ctx), conn, longestWait), conn.Close())
		}
		err = patience(ctx, conn, max(left, time.Millisecond))
	}
	if err == nil {
		tx, err = conn.BeginTx(ctx, nil)
	}
	if err != nil {
		return nil, nil, errors.Join(err, done())
	}
	return tx, done, nil
}

// patience sets how long the connection waits for another program.
func patience(ctx context.Context, conn *sql.Conn, most time.Duration) error {
	_, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", most.Milliseconds()))
	return err
}
