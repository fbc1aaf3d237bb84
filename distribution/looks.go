package distribution

import "time"

// LookDelay is how long after look n, counted from zero, the list of Plexy is
// searched for an unknown outcome again: 30 s, doubling, at most an hour.
func LookDelay(n int) time.Duration { return doubled(30*time.Second, n) }

// SweepDelay is how long after its failure n in a row, counted from one, a sweep
// is tried again: a minute, doubling, at most an hour.
func SweepDelay(n int) time.Duration { return doubled(time.Minute, max(0, n-1)) }

func doubled(first time.Duration, times int) time.Duration {
	const most, enough = time.Hour, 10 // more would overflow in the end
	return min(first<<min(times, enough), most)
}
