package distribution

import "time"

// LookDelay is how long after look n, counted from zero, the list of Plexy is
// searched for an unknown outcome again: 30 s, doubling, at most an hour.
func LookDelay(n int) time.Duration {
	const first, last = 30 * time.Second, time.Hour
	if n > 6 {
		return last
	}
	return min(first<<n, last)
}

// SweepDelay is how long after its failure n in a row, counted from one, a sweep
// is tried again: a minute, doubling, at most an hour.
func SweepDelay(n int) time.Duration {
	const first, last = time.Minute, time.Hour
	if n > 6 {
		return last
	}
	return min(first<<max(0, n-1), last)
}
