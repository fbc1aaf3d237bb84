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
