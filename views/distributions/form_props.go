package distributions

import (
	"time"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/views/layout"
	"plexydash/views/recipients"
)

// FormProps of GET /distributions/new and GET /distributions/{id}/edit, and of
// their 422 answers.
type FormProps struct {
	Chrome          layout.Chrome
	ID              string            // of the one being edited; empty: a new one
	Values          distribution.Form // as typed
	Errors          distribution.FieldErrors
	Warnings        []distribution.Warning // each wants a tick
	Hints           []distribution.Finding // worth saying, nothing to tick
	SameDocument    *Ref                   // what the hint "purpose.same" is about
	Codes           Codes
	Templates       []distribution.Template // purposes for the KNP that is typed
	Filled          *Filled                 // what was put into the form just now; nil: nothing
	Departs         distribution.Departure
	Confirmed       []string            // codes that are ticked
	DuplicateReason string              // as typed; asked for with the warning "duplicate"
	ReasonMissing   bool                // "duplicate" is ticked but DuplicateReason is empty
	Twins           []Twin              // that "duplicate" is about
	Limit           distribution.Amount // of one distribution, which the amount exceeds; 0: it does not
	FormToken       string
	Refused         bool        // the page answers a form that did not go through
	KeptAt          time.Time   // UTC; zero: nothing of it is kept
	Drafts          int         // forms that the person left unfinished, this one among them
	Requirement     Requirement // who must approve what is typed so far
	Balance         components.Balance
	Order           components.Order // what is typed so far
	Recipient       recipients.Known // what the book says of it
	CopyID          string           // of the one this is a copy of, or empty
	CopyOf          *Ref             // the same, to lead there
}

// Codes are what the pickers offer.
type Codes struct {
	KBe, KNP             distribution.CodeList
	RecentKBe, RecentKNP []string // used last by the person, the newest first
}

// Filled tells what became of a pasted block or of a template.
type Filled struct {
	Template bool                 // it is about the purpose
	Put      []distribution.Field // what was empty and is filled in now
	Choices  []Choice             // what a person has to choose
	Bank     string               // was read, and is no field
	Left     []string             // was not understood
}

// Choice is a value that was not put in by itself: something else stands there,
// or there were several.
type Choice struct {
	Field  distribution.Field
	Values []string
}

// FormDraft is a form that its owner left unfinished.
type FormDraft struct {
	Token   string
	Values  distribution.Form
	Amount  distribution.Amount // of Values; 0: it is none yet
	KeptAt  time.Time           // UTC
	Editing string              // id of the one it would change; empty: a new one
	CopyOf  string              // id of the one it corrects, or empty
	About   string              // reference of that one
}

// DraftsProps of GET /drafts.
type DraftsProps struct {
	Chrome layout.Chrome
	Drafts []FormDraft // the newest first
	Now    time.Time
	Email  string // of the person
	Max    int    // how many a person may leave
}

// Ref points at another distribution.
type Ref struct {
	ID        string
	Reference string
	Status    distribution.Status
}

// Twin pays the same.
type Twin struct {
	Ref
	At time.Time // UTC
}

// ReviewProps of GET /distributions/{id}/review.
type ReviewProps struct {
	Chrome      layout.Chrome
	D           distribution.Distribution
	Code        string                 // control code: distribution.Code of the content hash
	Bank        distribution.Bank      // of the recipient
	KBe, KNP    distribution.NamedCode // empty: not named in our lists
	Departs     distribution.Departure
	Warnings    []distribution.Warning // found again now; D.Confirmations tells who ticked them
	Balance     components.Balance
	Last        *distribution.Distribution // the newest paid to the same BIN; nil: none
	Requirement Requirement                // who must approve
	CanSubmit   bool                       // the person may send it now
	WhyNot      string
	Waits       Waits
	Twin        *Ref                // the same payment is under way: sending would be refused
	Twins       []Twin              // answered ones that pay the same
	Limit       distribution.Amount // of one distribution, which this one exceeds; 0: it does not
	DayIsFull   bool                // it would wait for another day
}

// Waits says that a submitted one will not leave at once.
type Waits string

// Reasons to wait.
const (
	NoWait      Waits = ""
	WaitsPaused Waits = "paused" // sending is stopped
	WaitsHold   Waits = "hold"   // the database was restored
	WaitsPlexy  Waits = "plexy"  // Plexy does not answer
	WaitsMaker  Waits = "maker"  // queued too long ago to go by itself
)
