package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/user"
	"strings"
	"text/tabwriter"
	"time"

	"plexydash/audit"
	"plexydash/config"
	"plexydash/distribution"
	"plexydash/plexyclient/plexytest"
	"plexydash/store"
	"plexydash/web/session"
)

// cli is the actor of a command: who is signed in on this machine.
func cli() distribution.Actor {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return distribution.CLI(u.Username)
	}
	return distribution.CLI(fmt.Sprint(os.Getuid()))
}

// withDatabase opens the database of the mode. Only a command that may be the
// first on a new folder makes one; the others would find it empty and say so.
func withDatabase(ctx context.Context, cfg config.Config, do func(*store.DB) error) error {
	if cfg.Command != "user add" && cfg.Command != "migrate" {
		if _, err := os.Stat(cfg.Database()); err != nil {
			return noDatabase(err)
		}
	}
	db, err := openDatabase(ctx, cfg)
	if err != nil {
		return err
	}
	return errors.Join(do(db), db.Close())
}

func noDatabase(err error) error {
	return fmt.Errorf("no database there: %w (is PLEXYDASH_DATA right?)", err)
}

// openDatabase opens the database of the mode for writing; what is written to
// its audit log is signed.
func openDatabase(ctx context.Context, cfg config.Config) (*store.DB, error) {
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	signer, err := audit.OpenKey(cfg.AuditKey(), "plexydash/"+cfg.Mode)
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, store.Options{
		Path: cfg.Database(), Signer: signer, Instance: true, At: crashAt(),
		Tell: func(line string) { _, _ = fmt.Fprintln(os.Stderr, "plexydash:", line) },
	})
}

func userCommand(ctx context.Context, cfg config.Config, stdin io.Reader, stdout io.Writer) error {
	return withDatabase(ctx, cfg, func(db *store.DB) error {
		switch cfg.Command {
		case "user list":
			return listUsers(ctx, db, stdout)
		case "user add":
			return addUser(ctx, db, cfg, stdin, stdout)
		}
		u, err := db.UserByEmail(ctx, cfg.User.Email)
		if err != nil {
			return fmt.Errorf("%s: %w", cfg.User.Email, err)
		}
		switch cfg.Command {
		case "user role":
			_, err = db.SetRole(ctx, cli(), u.ID, distribution.Role(cfg.User.Role))
		case "user disable":
			err = db.DisableUser(ctx, cli(), u.ID)
		case "user passwd":
			err = setPassword(ctx, db, u, cfg.Mode, stdin)
		}
		if err == nil {
			_, err = fmt.Fprintf(stdout, "%s: done\n", u.Email)
		}
		return err
	})
}

func addUser(ctx context.Context, db *store.DB, cfg config.Config, stdin io.Reader, stdout io.Writer) error {
	u := cfg.User
	hash, err := readPassword(stdin, store.User{Email: u.Email, Name: u.Name}, cfg.Mode)
	if err != nil {
		return err
	}
	added, err := db.CreateUser(ctx, cli(), store.NewUser{
		Email: u.Email, Name: u.Name, Role: distribution.Role(u.Role), PasswordHash: hash,
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%s: added as %s\n", added.Email, added.Role)
	return err
}

func setPassword(ctx context.Context, db *store.DB, u store.User, mode string, stdin io.Reader) error {
	hash, err := readPassword(stdin, u, mode)
	if err != nil {
		return err
	}
	return db.SetPassword(ctx, cli(), u.ID, hash)
}

// readPassword takes the first line, so that no password stands in the process
// list or the shell's history.
func readPassword(stdin io.Reader, of store.User, mode string) (hash string, err error) {
	line, err := bufio.NewReader(stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("password from standard input: %w", err)
	}
	return session.HashPassword(strings.TrimRight(line, "\r\n"), of, mode == config.Demo)
}

func listUsers(ctx context.Context, db *store.DB, stdout io.Writer) error {
	users, err := db.Users(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "email\trole\tname\tdisabled")
	for _, u := range users {
		disabled := ""
		if u.Disabled() {
			disabled = u.DisabledAt.Format(time.RFC3339)
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", u.Email, u.Role, u.Name, disabled)
	}
	return w.Flush()
}

// sandbox serves the stand-in of Plexy alone until the context ends.
func sandbox(ctx context.Context, cfg config.Config, stdout io.Writer) error {
	unit := plexytest.UnitMajor
	if cfg.Plexy.AmountUnit == "minor" {
		unit = plexytest.UnitMinor
	}
	plexy, err := plexytest.New(plexytest.Options{Key: cfg.SandboxKey.Reveal(), Balance: demoBalance, Unit: unit})
	if err != nil {
		return err
	}
	server := &http.Server{Addr: cfg.Listen, Handler: plexy.Handler(), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute}
	_, _ = fmt.Fprintf(stdout, "Stand-in of the Plexy API on http://%s/v1, control on /_admin\n", cfg.Listen)
	return serveUntil(ctx, server, nil)
}
