package worker

import (
	"context"
	"time"
)

// waker ends an idle wait early.
type waker struct{ calls chan struct{} }

func newWaker() waker { return waker{make(chan struct{}, 1)} }

// Wake says that there may be something to do. It never blocks; several calls
// before the worker looks are one.
func (w waker) Wake() {
	select {
	case w.calls <- struct{}{}:
	default:
	}
}

// idle waits for a call, but not longer than d.
func (w waker) idle(ctx context.Context, d time.Duration) { wait(ctx, d, w.calls) }

// pause waits d, whoever calls.
func pause(ctx context.Context, d time.Duration) { wait(ctx, d, nil) }

func wait(ctx context.Context, d time.Duration, calls <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-calls:
	case <-ctx.Done():
	}
}

// doubled is first after one failure and twice as much after each further one,
// at most last; 0 after none.
func doubled(failures int, first, last time.Duration) time.Duration {
	if failures < 1 {
		return 0
	}
	d := first
	for range failures - 1 {
		if d >= last {
			break
		}
		d *= 2
	}
	return min(d, last)
}
