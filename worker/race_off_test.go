//go:build !race

package worker

const (
	stormSeeds  = 16
	historyRows = 20_000
	outageRows  = 500
)
