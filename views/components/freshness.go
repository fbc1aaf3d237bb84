package components

import "time"

// FreshState says how far the figures on a page can be trusted to be current.
type FreshState string

// Freshness of the mirror.
const (
	Fresh  FreshState = "fresh"
	Ageing FreshState = "ageing" // older than two sync intervals
	Failed FreshState = "failed" // the last reads of Plexy failed
	Never  FreshState = "never"  // Plexy was never read
)

// Freshness is the age of the data shown, not of the connection. Times are UTC.
type Freshness struct {
	State FreshState
	At    time.Time // of the data shown; zero for Never
	Since time.Time // of the first failed read; only for Failed
	Now   time.Time
}
