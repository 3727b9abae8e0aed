package fetchers

import (
	"context"
	"sync"
)

// Channel makes at most Workers calls at once: the classic workers that read the
// indexes from a channel. The schedule is that of a [Pool]; handing each index
// over from one goroutine to another makes it cost about 245 ns a call.
//
// A Channel with no Workers set uses one, and it never starts more than there are
// calls.
type Channel struct {
	Workers int
}

// Run starts the workers and feeds them from its own goroutine.
func (c Channel) Run(ctx context.Context, n int, call Call) error {
	var workers sync.WaitGroup
	run := NewGuard(n, call)
	indexes := make(chan int)
	for range c.Limit(n) {
		workers.Go(func() {
			defer func() {
				for range indexes { // a call may end its goroutine, and nobody else may be left
				}
			}()
			for i := range indexes {
				_ = run.Call(ctx, i)
			}
		})
	}
	for i := 0; i < n && !run.Stopped(ctx); i++ {
		indexes <- i // a worker takes it even once ctx is done, and leaves the call out
	}
	close(indexes)
	workers.Wait()
	return run.End(ctx)
}

// Limit is the number of workers that a batch of n gets.
func (c Channel) Limit(n int) int { return min(max(1, c.Workers), n) }
