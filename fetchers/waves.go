package fetchers

import (
	"context"
	"sync"
)

// Waves makes Size calls at once, waits for all of them, and only then starts the
// next Size: asyncio.gather or Promise.all over chunks, and the habit to unlearn.
// Each wave lasts as long as its slowest call while the other slots stand idle. A
// [Pool] of the same size took half to two thirds of the time where latencies had
// a long tail, and never more. The strategy itself costs about 250 ns a call.
//
// A Waves with no Size set makes one call at a time.
type Waves struct {
	Size int
}

// Run makes wave after wave.
func (w Waves) Run(ctx context.Context, n int, call Call) error {
	run := NewGuard(n, call)
	size := max(1, w.Size)
	for first := 0; first < n && !run.Stopped(ctx); first += size {
		var wave sync.WaitGroup
		for i := first; i < min(first+size, n); i++ {
			wave.Go(func() { _ = run.Call(ctx, i) })
		}
		wave.Wait()
	}
	return run.End(ctx)
}

// Limit is the size of a full wave.
func (w Waves) Limit(n int) int { return min(max(1, w.Size), n) }
