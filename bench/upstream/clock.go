package upstream

import (
	"context"
	"time"
)

// A clock makes a request wait. What serves over real sockets takes the most
// punctual clock that the system has; what must also run in virtual time takes
// timers, which are exact there.
type clock interface {
	// until waits for the instant and reports whether the context was still alive
	// then. It never returns true before the instant.
	until(ctx context.Context, at time.Time) bool
	// close gives back what the clock holds. Nothing may wait on it any more.
	close()
}

// timers is the clock that Go has. On Linux its timers ring up to a millisecond
// late, because an idle process sleeps in epoll_wait, whose timeout is a whole
// number of milliseconds.
type timers struct{}

// until implements clock.
func (timers) until(ctx context.Context, at time.Time) bool {
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// close implements clock.
func (timers) close() {}
