// Package balance draws the balance page.
package balance

import (
	"time"

	"plexydash/distribution"
	"plexydash/views/components"
	"plexydash/views/layout"
)

// Props of GET /balance. Times are UTC.
type Props struct {
	Chrome    layout.Chrome
	Balance   components.Balance
	Refresh   components.Refresh
	Chart     components.BalanceChart
	Runway    components.Runway
	Residuals []distribution.Residual // of the period, newest first
	Readings  []Reading               // a page of them, newest first
	Next      string                  // address of the following page; empty on the last one
	Later     bool                    // this is not the first page
	Threshold Threshold
	Dip       *Dip // nil: the balance is not low
}

// Threshold is the figure below which the balance is low, and its form.
type Threshold struct {
	Amount    distribution.Amount // 0: none
	By        string
	At        time.Time
	CanChange bool
	Form      string               // as typed
	Problem   *distribution.Reason // of Form; nil: none
}

// Dip is the time, not over yet, in which the balance is low.
type Dip struct {
	Threshold distribution.Amount
	Since     time.Time
	Seen      string // who acknowledged it; empty: nobody
	SeenAt    time.Time
	CanSee    bool // the reader may acknowledge it
}

// FieldAmount of the threshold's form.
const FieldAmount distribution.Field = "amount"

// Reading is a figure that Plexy told.
type Reading struct {
	At, CheckedAt time.Time // first and last sight
	Amount        distribution.Amount
	Change        *distribution.Amount // against the figure before; nil for the first one
	OfID          string               // of the one whose answer told it; empty: it was read
	Reference     string
	Payee         string
}
