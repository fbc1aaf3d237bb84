// Package errorpage draws failures: what happened, whether money is affected,
// what to do, and the number to tell the administrator.
package errorpage

import (
	"time"

	"plexydash/views/components"
	"plexydash/views/layout"
)

// Props of Page and Fragment. Status is one of 400, 403, 404, 405, 409, 410, 413,
// 422, 429, 500, 503; any other reads as 500.
type Props struct {
	Chrome   layout.Chrome // drawn around when SignedIn
	Bare     layout.Bare   // drawn around otherwise
	SignedIn bool
	Status   int
	Number   string        // of the request
	At       time.Time     // UTC
	Refusal  string        // code of a distribution.Refusal: says more than the status; may be empty
	Tell     *layout.Flash // what the failure itself says; nil: nothing
	Retry    string        // address of the page that failed and may be asked for once more; empty: it may not
	Again    *Again        // what may be sent once more; nil: nothing
	Link     *Link         // where to go; nil: the list of distributions
}

// Again is a form that was not carried out, as it was typed.
type Again struct {
	To     string
	Fields []components.Param
}

// Link is a way out. Key is a message key.
type Link struct{ Href, Key string }
