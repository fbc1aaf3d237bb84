package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// NewestSchema is the number of the last migration that this program knows.
func NewestSchema() (n int64, err error) {
	names, err := fs.Glob(migrations, "migrations/*.sql") // sorted
	if err != nil || len(names) == 0 {
		return 0, fmt.Errorf("store: migrations: %w", errors.Join(err, fs.ErrNotExist))
	}
	number, _, _ := strings.Cut(filepath.Base(names[len(names)-1]), "_")
	if n, err = strconv.ParseInt(number, 10, 64); err != nil {
		return 0, fmt.Errorf("store: migrations: %w", err)
	}
	return n, nil
}

func newerSchema(have, newest int64) error {
	return fmt.Errorf("store: the database has schema %d, this program knows %d: use a newer program", have, newest)
}

func (db *DB) migrate(ctx context.Context) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	return db.migrateTo(ctx, dir)
}

// migrateTo brings the schema up to date with the files; a database that already
// holds something is copied aside first. Each file is one transaction: a program
// that dies in between goes on at its next start.
func (db *DB) migrateTo(ctx context.Context, dir fs.FS) error {
	p, err := goose.NewProvider(goose.DialectSQLite3, db.write, dir, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("store: schema version: %w", err)
	}
	db.schemaWas = have
	sources := p.ListSources()
	newest := sources[len(sources)-1].Version
	switch {
	case have > newest:
		return newerSchema(have, newest)
	case have == newest:
		return nil
	case have > 0:
		if err := db.copyAside(ctx, have, newest); err != nil {
			return err
		}
		if err := db.noteFirst(ctx, have); err != nil {
			return err
		}
	}
	for _, s := range sources {
		if s.Version <= have {
			continue
		}
		if err := db.migrateOne(ctx, p, s, have > 0); err != nil {
			return fmt.Errorf("store: migrate: %w", err)
		}
	}
	return nil
}

// stillAfter is how often a migration that takes long says that it goes on.
const stillAfter = 5 * time.Second

func (db *DB) migrateOne(ctx context.Context, p *goose.Provider, s *goose.Source, told bool) error {
	name, began := filepath.Base(s.Path), time.Now()
	tell := func(what string) {
		if told {
			db.tell(fmt.Sprintf("migration %s %s after %s", name, what, time.Since(began).Round(time.Millisecond)))
		}
	}
	stop := repeat(stillAfter, func() { tell("still works") })
	_, err := p.UpByOne(ctx)
	stop()
	if err != nil {
		return err
	}
	tell("is done")
	return db.reached(pointMigrated)
}

// repeat does something again and again until stop is called and has returned.
func repeat(every time.Duration, do func()) (stop func()) {
	ticker, end, ended := time.NewTicker(every), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-ticker.C:
				do()
			case <-end:
				return
			}
		}
	}()
	return func() {
		ticker.Stop()
		close(end)
		<-ended
	}
}

// copyAside keeps the database as the older program left it.
func (db *DB) copyAside(ctx context.Context, have, newest int64) error {
	name := fmt.Sprintf("%s.schema-%d-before-%d", db.path, have, newest)
	old, err := filepath.Glob(escaped(name) + ".*" + partSuffix + "*") // left by a program that died
	if err != nil {
		return fmt.Errorf("store: copy before migration: %w", err)
	}
	for _, file := range append(old, name) {
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("store: copy before migration: %w", err)
		}
	}
	db.tell(fmt.Sprintf("the database has schema %d, this program %d; a copy of it goes to %s", have, newest, name))
	if _, err := db.Backup(ctx, name, nil); err != nil {
		return fmt.Errorf("copy before migration: %w", err)
	}
	return nil
}
