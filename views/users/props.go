// Package users draws the pages of people: who they are, what their role may do,
// and what an administrator changes.
package users

import (
	"time"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/views/layout"
)

// Props of GET /users and of the 422 answer to a person who was not added.
type Props struct {
	Chrome    layout.Chrome
	People    []Person // by name
	Policy    distribution.Policy
	CanChange bool
	Form      Form
	Errors    map[string]string // message keys by field of Form
	Now       time.Time
}

// Person is a row of the list, and the subject of a page. Times are UTC.
type Person struct {
	ID, Name, Email string
	Role            distribution.Role
	Factor          bool
	Sessions        int
	LastSignIn      time.Time // zero: never
	DisabledAt      time.Time // zero: the account works
	InvitedUntil    time.Time // zero: no link waits
	NoPassword      bool
	Self            bool // it is the reader
}

// Form is a person to be added, as typed.
type Form struct{ Email, Name, Role string }

// Fields of Form.
const (
	FieldEmail distribution.Field = "email"
	FieldName  distribution.Field = "name"
	FieldRole  distribution.Field = "role"
)

// PersonProps of GET /users/{id} and of the 422 answers of its forms.
type PersonProps struct {
	Chrome    layout.Chrome
	Person    Person
	Policy    distribution.Policy
	CanChange bool // the reader administers people; nobody administers themself
	Refused   Refused
	Now       time.Time
}

// Refused is a change that wants a tick first; the zero value is none.
type Refused struct {
	Act      Act
	Role     distribution.Role // that was chosen
	Shortage distribution.Shortage
}

// Act is a change of an account that can leave too few people to approve.
type Act string

// Such acts.
const (
	ChangeRole Act = "role"
	Disable    Act = "disablement"
	Enable     Act = "enablement"
)

// Confirmed is the tick that such a change wants.
const Confirmed = "approvers"

// InvitedProps of the answer that shows a link, once.
type InvitedProps struct {
	Chrome layout.Chrome
	Person Person
	Link   string
	Until  time.Time // UTC
}

func field(name distribution.Field, label, value, problem string) components.Field {
	return components.Field{Name: name, Label: label, Value: value, Error: problem, Required: true, Span: 3}
}
