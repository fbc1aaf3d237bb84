// Package signin draws the sign-in page.
package signin

import (
	"plexydash/distribution"
	"plexydash/views/layout"
)

// Problem says why the last try failed; one message for any wrong pair.
type Problem string

// Problems.
const (
	None      Problem = ""
	Wrong     Problem = "wrong"     // 401
	Throttled Problem = "throttled" // 429, see Props.Minutes
	Expired   Problem = "expired"   // the session ended; nothing was sent
)

// Props of the page. POST /login takes email, password and next.
type Props struct {
	Bare     layout.Bare
	Problem  Problem
	Minutes  int    // to wait, at least 1; only for Throttled
	Email    string // as typed
	Next     string // local path to go to afterwards; may be empty
	Accounts []Account
	Password string // of all demo accounts; empty outside demo mode
}

// Account is a demo account, shown as a hint.
type Account struct {
	Email string
	Role  distribution.Role
}
