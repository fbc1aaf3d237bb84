// Package distributions draws the pages of distributions: list, form, review
// and detail.
package distributions

import (
	"time"

	"plexydash/distribution"
	"plexydash/views/filter"
	"plexydash/views/layout"
)

// ListProps of GET /distributions.
type ListProps struct {
	Chrome    layout.Chrome
	Filter    filter.Filter
	Rows      []RowProps
	Count     int                 // over all matches
	Sum       distribution.Amount // over all matches, tiyn
	First     int                 // place of the first row of this page among all matches, from 1; 0 when it is not known
	FirstPage string              // address; empty on the first page
	NextPage  string              // address; empty on the last page
	ByStatus  []StatusCount       // of all distributions, for the tabs; empty: tabs without figures
	Import    *Import             // nil: the history is complete
	CanCreate bool
	CanExport bool
}

// RowProps is one row of the list, and the answer of GET /distributions/{id}/row.
type RowProps struct {
	D    distribution.Distribution
	Bank distribution.Bank // of the recipient; zero: not in the directory
	Now  time.Time         // UTC
}

// StatusCount is how many distributions are in a state.
type StatusCount struct {
	Status distribution.Status
	Count  int
}

// Import is the progress of reading the history from Plexy for the first time.
type Import struct {
	Done      int
	Total     int // 0: Plexy did not tell
	StartedAt time.Time
}
