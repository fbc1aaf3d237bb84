package components

import "time"

// TimelineItem is one line of a history. Texts are translated.
type TimelineItem struct {
	Icon    string
	Tone    Tone
	What    string
	Note    string
	Text    string    // people's own words, with their line breaks
	PlexyAt time.Time // Plexy's clock, UTC; zero: it said nothing
	At      time.Time // our clock, UTC
}
