package fetchers

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// Semaphore makes at most Slots calls at once, each on a goroutine of its own, with
// golang.org/x/sync/semaphore. What that semaphore has beyond a channel is weights;
// calls that all weigh one pay for them without using them: about 650 ns a call,
// and a list entry and a channel for each that waits.
//
// A Semaphore with no Slots set uses one.
type Semaphore struct {
	Slots int
}

// Run takes a slot for each call before it starts its goroutine.
func (s Semaphore) Run(ctx context.Context, n int, call Call) error {
	slots := semaphore.NewWeighted(int64(max(1, s.Slots)))
	var calls sync.WaitGroup
	run := NewGuard(n, call)
	for i := 0; i < n && !run.Stopped(ctx); i++ {
		if slots.Acquire(ctx, 1) != nil {
			break // only because ctx is done: End says why
		}
		calls.Go(func() {
			defer slots.Release(1)
			_ = run.Call(ctx, i)
		})
	}
	calls.Wait()
	return run.End(ctx)
}

// Limit is the number of slots, as far as a batch of n can fill them.
func (s Semaphore) Limit(n int) int { return min(max(1, s.Slots), n) }
