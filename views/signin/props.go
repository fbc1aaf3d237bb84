// Package signin draws what proves who somebody is: the sign-in page, the code
// of a second factor, a new password, and the question before an action that
// wants to be sure.
package signin

import (
	"time"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/views/layout"
)

// Problem says why the last try failed; one message for any wrong pair.
type Problem string

// Problems.
const (
	None      Problem = ""
	Wrong     Problem = "wrong"     // pair or code
	Throttled Problem = "throttled" // 429, see Minutes beside it
	Expired   Problem = "expired"   // the session ended; nothing was sent
	Short     Problem = "short"     // of a password: the rest too
	Long      Problem = "long"
	Common    Problem = "common"
	Own       Problem = "own"
)

// Props of Page and Code. POST /login takes email, password, next and typed.
type Props struct {
	Bare     layout.Bare
	Problem  Problem
	Minutes  int    // to wait, at least 1; only for Throttled
	Email    string // as typed
	Next     string // local path to go to afterwards; may be empty
	Typed    string // a form that came too late, as it is carried; may be empty
	Accounts []Account
	Password string // of all demo accounts; empty outside demo mode
}

// Account is a demo account, shown as a hint.
type Account struct {
	Email string
	Role  distribution.Role
}

// inWords reports that people typed the value in words.
func inWords(p components.Param) bool { return p.Name == "reason" || p.Name == "note" }

// ProofProps of the question before an action.
type ProofProps struct {
	Chrome  layout.Chrome
	To      string // address of the action
	Email   string
	Fields  []components.Param // of its form
	Code    bool               // the person has a second factor
	Problem Problem
	Minutes int
}

// ResumptionProps of a form that was typed before signing in again.
type ResumptionProps struct {
	Chrome layout.Chrome
	To     string // address of the form
	Page   string // where it was
	Fields []components.Param
}

// FactorProps of one's own second factor: in force, offered, or neither.
type FactorProps struct {
	Chrome      layout.Chrome
	ByPolicy    bool // the policy asks the role for one
	Restricted  bool // the password is too short without one
	Secret      string
	QR          string // path of the SVG
	QRSize      int
	ConfirmedAt time.Time // UTC
	CodesLeft   int
	Recovery    []string // shown once
	Problem     Problem
	Now         time.Time
}

// InvitationProps of the link that sets a password.
type InvitationProps struct {
	Bare        layout.Bare
	To          string // the link itself
	Name, Email string
	Problem     Problem
	Least       int // characters
}
