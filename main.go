// Command plexydash serves a dashboard for distributions: payments from an
// agent's balance at Plexy to the bank accounts of companies in Kazakhstan.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"plexydash/config"
	"plexydash/store"
)

// version is set by the linker.
var version = "dev" //nolint:gochecknoglobals // the linker writes it

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Getenv, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "plexydash:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop was called
	}
}

// run does what the command line says until the context ends.
func run(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	cfg, err := config.Parse(args, getenv, stdout)
	if errors.Is(err, config.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	switch cfg.Command {
	case "serve":
		return serve(ctx, cfg, stdout)
	case "sandbox":
		return sandbox(ctx, cfg, stdout)
	case "audit verify":
		return verifyAudit(ctx, cfg, stdout)
	case "backup":
		return backup(ctx, cfg, stdout)
	case "restore":
		return restore(ctx, cfg, stdout)
	case "migrate":
		return withDatabase(ctx, cfg, func(*store.DB) error { return nil }) // opening migrates
	case "version":
		_, err := fmt.Fprintln(stdout, version)
		return err
	}
	return userCommand(ctx, cfg, os.Stdin, stdout)
}
