package adapters

import (
	"context"
	"sync"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/panjf2000/ants/v2"
)

// Ants makes at most Workers calls at once with github.com/panjf2000/ants/v2
// (2.12.1), which keeps its goroutines for the next call: about 600 ns a call and one
// allocation. It cannot wait for its tasks, so a WaitGroup does. Each pool has two
// more goroutines that look after it; they end when it is released, and the run
// waits for that.
//
// An Ants with no Workers set uses one.
type Ants struct {
	Workers int
}

// Run hands the calls to a pool, which blocks while all workers are busy.
func (a Ants) Run(ctx context.Context, n int, call fetchers.Call) error {
	workers, err := ants.NewPool(max(1, a.Workers))
	if err != nil {
		return err
	}
	var calls sync.WaitGroup
	run := fetchers.NewGuard(n, call)
	for i := 0; i < n && !run.Stopped(ctx); i++ {
		calls.Add(1)
		if err := workers.Submit(func() { defer calls.Done(); _ = run.Call(ctx, i) }); err != nil {
			calls.Done() // not submitted: End counts it as lost
		}
	}
	calls.Wait()
	// Release alone would leave its goroutines to end when they get to run.
	_ = workers.ReleaseContext(context.WithoutCancel(ctx))
	return run.End(ctx)
}

// Limit is the number of workers, as far as a batch of n can use them.
func (a Ants) Limit(n int) int { return slots(a.Workers, n) }
