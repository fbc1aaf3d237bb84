// Package distributions draws the pages of distributions: list, form, review
// and detail.
package distributions

import (
	"time"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/views/filter"
	"plexydash/views/layout"
)

// ListProps of GET /distributions.
type ListProps struct {
	Chrome    layout.Chrome
	Filter    filter.Filter
	Sought    *components.Sought // what several pasted references came to; nil: something else was searched for
	Now       time.Time          // UTC
	Columns   []string           // codes, in order; empty: the usual ones
	Rows      []RowProps
	Count     int                 // over all matches
	Sum       distribution.Amount // over all matches, tiyn
	ByStatus  []StatusCount       // over all matches
	First     int                 // place of the first row of this page among all matches, from 1
	FirstPage string              // address; empty on the first page
	PrevPage  string              // address; empty on the first page
	NextPage  string              // address; empty on the last page
	Newest    string              // id of the row that came last when this was drawn
	Tabs      []Tab
	More      []Tab         // saved views that find no room among the tabs
	View      *View         // the saved view that this is; nil: none
	Authors   []string      // e-mail addresses to choose from
	Steps     []filter.Step // when nothing is found: what would be found instead
	Import    *Import       // nil: the history is complete
	Drafts    int           // forms that the person left unfinished
	CanCreate bool
	CanExport bool
}

// Tab is a list with a name. Name is text, Key a message key; one of them is set.
type Tab struct {
	Key, Name string
	URL       string
	Count     int // below zero: not counted
	Current   bool
	Amber     bool
	Shared    bool
}

// View is a saved view as pages show it.
type View struct {
	ID, Name  string
	Owner     string // name of the person; empty: it is one's own
	URL       string // of the list
	About     string // what it asks for, in words
	Shared    bool
	Columns   bool // it has columns of its own
	CanChange bool
}

// RowProps is one row of the list, and the answer of GET /distributions/{id}/row.
type RowProps struct {
	D       distribution.Distribution
	Ties    distribution.Ties
	Bank    distribution.Bank // of the recipient; zero: not in the directory
	Now     time.Time         // UTC
	Columns []string          // codes, in order; empty: the usual ones
	Code    string            // control code; asked for only when its column is shown
}

// StatusCount is how many distributions are in a state, and their sum.
type StatusCount struct {
	Status distribution.Status
	Count  int
	Sum    distribution.Amount
}

// Import is the progress of reading the history from Plexy for the first time.
type Import struct {
	Done      int
	Total     int // 0: Plexy did not tell
	StartedAt time.Time
}

// ArrivalsProps of GET /distributions/arrivals.
type ArrivalsProps struct {
	Address string // of this answer
	Show    string // of the list from its top
	Count   int
	More    bool // there are more than Count
}
