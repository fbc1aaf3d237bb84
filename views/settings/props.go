// Package settings draws what governs sending: whether it goes on, how much may
// leave, and what the program was told.
package settings

import (
	"strconv"
	"time"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/views/layout"
)

// Act is what a form with a reason does.
type Act string

// Acts on sending.
const (
	Off  Act = "off"  // stop
	On   Act = "on"   // start again what one person may
	Unit Act = "unit" // propose to lift the alarm about units
)

// Filled is a form that did not go through, as it was typed; the zero value is
// none.
type Filled struct {
	Act    Act
	Reason string
}

// Proposal is one that waits for a second person.
type Proposal struct {
	By string
	At time.Time
}

// SendingProps of GET /settings/sending and of its 422 answers.
type SendingProps struct {
	Chrome   layout.Chrome // its pauses are the subject
	CanOff   bool          // a stop by a person may be added
	CanOn    bool          // there is a stop that this person may lift alone
	CanUnit  bool          // the person may propose to lift the alarm about units
	Proposal *Proposal     // to lift it, open
	Refused  Filled
	Now      time.Time
}

// Props of GET /settings and of the 422 answer to proposed limits.
type Props struct {
	Chrome    layout.Chrome
	Policy    distribution.Policy
	SentToday distribution.Amount
	Proposal  *Proposal // of another policy, open
	CanChange bool
	Form      PolicyForm
	Errors    distribution.FieldErrors
	Stops     []Stop // newest first
	Program   []Value
	Now       time.Time
}

// PolicyForm is typed text.
type PolicyForm struct {
	Steps             []StepForm
	Peers             bool
	Each, Day, Reason string
}

// StepForm is a line of it; an empty one is no step.
type StepForm struct{ From, Approvals string }

// MostSteps is how many lines the form has.
const MostSteps = 5

// Fields of PolicyForm, beside those of its steps.
const (
	FieldPeers  distribution.Field = "peers"
	FieldEach   distribution.Field = "limitEach"
	FieldDay    distribution.Field = "limitDay"
	FieldReason distribution.Field = "reason"
)

// FieldFrom is where step i begins, counted from zero.
func FieldFrom(i int) distribution.Field { return distribution.Field("from" + strconv.Itoa(i+1)) }

// FieldApprovals is how many approvals step i asks for.
func FieldApprovals(i int) distribution.Field {
	return distribution.Field("approvals" + strconv.Itoa(i+1))
}

// Stop is one of the past, or one that holds.
type Stop struct {
	layout.Pause
	ByID       string // tells people from parts of the program
	LiftedByID string
	LiftedBy   string
	LiftedAt   time.Time // zero: it holds
	LiftedNote string
}

// Value is a setting of the program that is not changed here.
type Value struct {
	Name, Text string
	Source     string // default, file, environment or flag
}

// reasonField asks for words; an empty problem means that nothing is wrong.
func reasonField(id, label, value, problem string) components.Field {
	return components.Field{Name: FieldReason, ID: id, Label: label, Value: value, Error: problem, Rows: 2, Required: true}
}
