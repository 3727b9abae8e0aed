package policy

import (
	"context"
	"math"
	"time"

	"golang.org/x/time/rate"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// Limit lets at most PerSecond attempts a second go out, evenly spaced: the burst is
// one, because an upstream that counts per second sees a burst at the end of one
// second and another at the start of the next as twice its quota. Attempts go in the
// order in which they came.
//
// The wait counts in the latency of the request and gives back the slot that a
// strategy lends. An attempt whose context would end before its turn leaves the turn
// to others and waits for that end, which says whether it is a timeout or a cancel;
// it has no attempts then, and no phase.
//
// It costs about 90 ns without a wait and allocates nothing.
type Limit struct {
	// PerSecond is how many attempts may start in a second; 0 or less, or infinity,
	// means no limit.
	PerSecond float64
}

// Wrap returns a Fetch with turns of its own.
func (p Limit) Wrap(next client.Fetch) client.Fetch {
	if !(p.PerSecond > 0) || math.IsInf(p.PerSecond, 1) {
		return next
	}
	limiter := rate.NewLimiter(rate.Limit(p.PerSecond), 1)
	return func(ctx context.Context, r client.Request) client.Outcome {
		if !turn(ctx, limiter) {
			return ended(ctx)
		}
		return next(ctx, r)
	}
}

// turn waits for the turn of an attempt and reports whether it came. The limiter's own
// Wait fails at once where the deadline comes first, with an error that does not tell
// whose deadline it is; a retry around it would spend its tries within a millisecond.
func turn(ctx context.Context, limiter *rate.Limiter) bool {
	if limiter.Allow() {
		return true // a reservation would be an allocation
	}
	reserved := limiter.Reserve()
	wait := reserved.Delay()
	if !inTime(ctx, wait) {
		reserved.Cancel()
		pause(ctx, time.Duration(math.MaxInt64))
		return false
	}
	if !pause(ctx, wait) {
		reserved.Cancel() // once: a second time would add a turn that nobody had
		return false
	}
	return true
}
