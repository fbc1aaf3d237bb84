package distribution

import "strings"

// Role is what a person may do here.
type Role string

// Roles.
const (
	Accountant Role = "accountant"
	Manager    Role = "manager"
	Auditor    Role = "auditor"
	Admin      Role = "admin"
)

// Roles lists all of them.
func Roles() []Role { return []Role{Accountant, Manager, Auditor, Admin} }

// ParseRole accepts exactly the codes.
func ParseRole(code string) (Role, bool) {
	for _, r := range Roles() {
		if string(r) == code {
			return r, true
		}
	}
	return "", false
}

// Actor is who acts: a person, a part of the program, or a user of the machine.
// The zero Actor is refused by everything that changes something.
type Actor struct {
	Person      // ID is a user id, "system:sender" or "cli:root"
	Role   Role // empty for system and cli

	Address   string // of the request, for the audit log; may be empty
	RequestID string // of the request, for the audit log; may be empty
}

// System is the actor of a part of the program: sender, reconciler, syncer.
func System(part string) Actor {
	return Actor{Person: Person{ID: "system:" + part, Name: part}}
}

// CLI is the actor of a command given on the machine itself.
func CLI(osUser string) Actor {
	return Actor{Person: Person{ID: "cli:" + osUser, Name: osUser}}
}

// IsZero reports that nobody acts.
func (a Actor) IsZero() bool { return a.ID == "" }

// IsSystem reports that a part of the program acts.
func (a Actor) IsSystem() bool { return strings.HasPrefix(a.ID, "system:") }
