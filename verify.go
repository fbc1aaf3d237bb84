package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"plexydash/audit"
	"plexydash/config"
	"plexydash/store"
)

// verifyAudit proves the log by its records alone, and by the signed
// checkpoints as far as there are keys. It changes nothing in the database.
func verifyAudit(ctx context.Context, cfg config.Config, stdout io.Writer) error {
	db, err := store.OpenReader(cfg.Database())
	if err != nil {
		return noDatabase(err)
	}
	return errors.Join(verifyLog(ctx, cfg, db, stdout), db.Close())
}

func verifyLog(ctx context.Context, cfg config.Config, db *store.DB, stdout io.Writer) error {
	v, err := newVerification(ctx, cfg, db)
	if err != nil {
		return err
	}
	if err := db.VerifyAudit(ctx, v); err != nil {
		return fmt.Errorf("audit log: %w; the newest good checkpoint before that is of %d records", err, v.Newest.Size)
	}
	_, _ = fmt.Fprintf(stdout, "audit log: %d records, root %s, no gap\n", v.Size(), v.Root())
	if v.Checkpoints == 0 {
		_, err := fmt.Fprintln(stdout, "checkpoints: none; a log that was cut would look the same")
		return err
	}
	_, _ = fmt.Fprintf(stdout, "checkpoints: %d, the newest at %d records, signed by %s\n", v.Checkpoints, v.Newest.Size, v.Newest.Origin)
	if cfg.Audit.Keep == "" {
		return nil
	}
	return os.WriteFile(cfg.Audit.Keep, v.Signed, 0o600)
}

func newVerification(ctx context.Context, cfg config.Config, db *store.DB) (*audit.Verification, error) {
	keys, err := publicKeys(ctx, cfg, db)
	if err != nil {
		return nil, err
	}
	var witnesses [][]byte
	for _, file := range cfg.Audit.Witness {
		signed, err := os.ReadFile(file) //nolint:gosec // the operator names the file
		if err != nil {
			return nil, fmt.Errorf("checkpoint kept elsewhere: %w", err)
		}
		witnesses = append(witnesses, signed)
	}
	return audit.NewVerification(keys, witnesses...)
}

// publicKeys reads those that were given, or those beside the database. A log
// that was never signed needs none.
func publicKeys(ctx context.Context, cfg config.Config, db *store.DB) (audit.Keys, error) {
	if cfg.Audit.Public != "" {
		return audit.ReadKeys(cfg.Audit.Public)
	}
	keys, err := audit.ReadKeys(audit.PublicFile(cfg.AuditKey()))
	if !errors.Is(err, fs.ErrNotExist) {
		return keys, err
	}
	state, err := db.CheckpointState(ctx)
	if err == nil && (state.Size > 0 || len(cfg.Audit.Witness) > 0) {
		err = fmt.Errorf("the log is signed and %s is not there: give the public key that was handed to you, --pub FILE", audit.PublicFile(cfg.AuditKey()))
	}
	return nil, err
}
