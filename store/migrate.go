package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

func (db *DB) migrate(ctx context.Context) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	return db.migrateTo(ctx, dir)
}

// migrateTo brings the schema up to date with the files; a database that already
// holds something is copied aside first.
func (db *DB) migrateTo(ctx context.Context, dir fs.FS) error {
	p, err := goose.NewProvider(goose.DialectSQLite3, db.write, dir, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("store: schema version: %w", err)
	}
	sources := p.ListSources()
	newest := sources[len(sources)-1].Version
	switch {
	case have > newest:
		return fmt.Errorf("store: the database has schema %d, this program knows %d: use a newer program", have, newest)
	case have == newest:
		return nil
	case have > 0:
		if err := db.copyAside(ctx, have); err != nil {
			return err
		}
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("store: migrate: %w", err)
	}
	return nil
}

func (db *DB) copyAside(ctx context.Context, version int64) error {
	name := fmt.Sprintf("%s.before-%d", db.path, version+1)
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("store: copy before migration: %w", err)
	}
	// SQLite would make the copy readable for everybody; it takes an empty file too.
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		return fmt.Errorf("store: copy before migration: %w", err)
	}
	if _, err := db.write.ExecContext(ctx, "VACUUM INTO ?", name); err != nil {
		return fmt.Errorf("store: copy before migration: %w", err)
	}
	return nil
}
