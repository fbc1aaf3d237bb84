//go:build !crashpoints

package main

import (
	"context"
	"net"
	"net/http"

	"plexydash/store"
)

// The program that people run has no crash points; crash_on.go says what they are.

func crashAt() func(point string) error { return nil }

func crashDial() func(ctx context.Context, network, address string) (net.Conn, error) { return nil }

func crashHandler(next http.Handler) http.Handler { return next }

func lockSender(database string) (*store.Lock, error) { return store.LockSender(database) }
