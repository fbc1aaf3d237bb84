package worker

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"plexydash/distribution"
	"plexydash/export"
	"plexydash/i18n"
	"plexydash/store"
)

// Exporter writes the files that people asked for, one at a time. A file is in
// its place only when it is whole; one that was being written when the program
// was killed is written again.
type Exporter struct {
	waker
	db    *store.DB
	dir   string
	words *i18n.Catalog
	log   *slog.Logger
}

const (
	exporterIdle = 5 * time.Second
	unfinished   = ".part" // suffix of a file that is being written
)

func exporterActor() distribution.Actor { return distribution.System("exporter") }

// Run works until ctx ends. The error is a folder that cannot be used.
func (x *Exporter) Run(ctx context.Context) error {
	if err := x.prepare(); err != nil {
		return fmt.Errorf("exporter: %w", err)
	}
	for ctx.Err() == nil {
		worked, err := x.exportOne(ctx)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			x.log.Error("cannot finish an export", "error", err)
			pause(ctx, exporterIdle)
		case !worked:
			x.idle(ctx, exporterIdle)
		}
	}
	return nil
}

// prepare makes the folder and removes what a crash left in it.
func (x *Exporter) prepare() error {
	if err := os.MkdirAll(x.dir, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(x.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), unfinished) {
			if err := os.Remove(filepath.Join(x.dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// exportOne makes the oldest file that is waited for; false when there is none.
// A file that cannot be made is told to its owner by a number that the log has
// too. The error is a database that cannot be asked or told.
func (x *Exporter) exportOne(ctx context.Context) (worked bool, err error) {
	e, err := x.db.NextExport(ctx)
	if errors.Is(err, distribution.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	made, err := x.make(ctx, e)
	if ctx.Err() != nil {
		return false, ctx.Err() // it stays waiting
	}
	if err != nil {
		number := errorNumber()
		x.log.Error("export failed", "number", number, "export", e.ID, "error", err)
		return true, x.db.FailExport(ctx, exporterActor(), e.ID, number)
	}
	return true, x.db.FinishExport(ctx, exporterActor(), e.ID, made)
}

// errorNumber is for people to read out.
func errorNumber() string {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return distribution.Code(b[:])
}

func (x *Exporter) make(ctx context.Context, e store.Export) (store.Made, error) {
	dialect, ok := export.ParseDialect(e.Dialect)
	if !ok {
		return store.Made{}, fmt.Errorf("no such export: dialect %q", e.Dialect)
	}
	query, err := url.ParseQuery(e.Filter)
	if err != nil {
		return store.Made{}, err
	}
	made := store.Made{FileName: e.Kind + "-" + e.CreatedAt.In(i18n.Almaty()).Format("2006-01-02-150405") + "." + e.Format}
	var fill func(io.Writer) (export.Summary, error)
	switch e.Kind {
	case store.ExportDistributions:
		fill, err = x.register(ctx, e, query, dialect, &made)
	case store.ExportAudit:
		fill, err = x.auditLog(ctx, e, query, dialect, &made)
	default:
		err = fmt.Errorf("no such export: kind %q", e.Kind)
	}
	if err == nil {
		err = x.write(e.ID+"."+e.Format, &made, fill)
	}
	return made, err
}

// register is the file of distributions.
func (x *Exporter) register(ctx context.Context, e store.Export, query url.Values, dialect export.Dialect, made *store.Made,
) (fill func(io.Writer) (export.Summary, error), err error) {
	filter, err := store.ParseFilter(query)
	if err != nil {
		return nil, err
	}
	// Before the rows: they may be newer than it says, never older.
	state, err := x.db.SyncState(ctx)
	if err != nil {
		return nil, err
	}
	made.AsOf, made.Complete = state.LastSuccess, state.Import == nil && !state.BaselineAt.IsZero()
	rows := x.db.Register(ctx, filter)
	switch e.Format {
	case "csv":
		return func(w io.Writer) (export.Summary, error) { return export.CSV(w, dialect, rows) }, nil
	case "xlsx":
		return func(w io.Writer) (export.Summary, error) {
			return export.XLSX(w, rows, func(sum export.Summary) export.Passport {
				return passport(x.words.Printer(i18n.Lang(e.Lang)), e, filter, *made, sum)
			})
		}, nil
	}
	return nil, fmt.Errorf("no such export: format %q", e.Format)
}

// write makes a whole and durable file of the name, or none.
func (x *Exporter) write(name string, made *store.Made, fill func(io.Writer) (export.Summary, error)) (err error) {
	part := filepath.Join(x.dir, name+unfinished)
	f, err := os.OpenFile(part, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(part)))
		}
	}()
	sum, size := sha256.New(), counter(0)
	summary, err := fill(io.MultiWriter(f, sum, &size))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err = os.Rename(part, filepath.Join(x.dir, name)); err != nil {
		return err
	}
	made.Rows, made.Sum, made.SHA256, made.Bytes = summary.Rows, summary.Sum, sum.Sum(nil), int64(size)
	return syncFolder(x.dir)
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// syncFolder makes a rename durable.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// counter counts the bytes written to it.
type counter int64

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}
