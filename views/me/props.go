// Package me draws the page of one's own account.
package me

import (
	"time"

	"plexydash/distribution"
	"plexydash/views/layout"
	"plexydash/views/signin"
)

// Props of GET /me and of the 422 answer to a password that was not changed.
type Props struct {
	Chrome      layout.Chrome
	Name, Email string
	Role        distribution.Role
	Policy      distribution.Policy
	Factor      bool
	Least       int            // characters of a new password
	Old, New    signin.Problem // of the passwords typed
	Minutes     int            // to wait, when Old is throttled
	Sessions    []Session      // the newest first
	Failures    []Failure      // the newest first
	Now         time.Time
}

// Session is one browser that is signed in. Times are UTC.
type Session struct {
	ID        string
	UserAgent string
	Address   string
	CreatedAt time.Time
	LastSeen  time.Time
	Current   bool // the one that reads
}

// Failure is a sign-in under one's address that did not succeed.
type Failure struct {
	At      time.Time // UTC
	Address string
	Reason  string // password, factor, or disabled
}
