//go:build race

package worker

// The race detector makes everything many times slower; what it looks for shows
// with fewer rows, too.
const (
	stormSeeds  = 4
	historyRows = 2_000
	outageRows  = 100
)
