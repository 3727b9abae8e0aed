package adapters

import (
	"context"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/sourcegraph/conc/pool"
)

// Conc makes at most Workers calls at once with github.com/sourcegraph/conc/pool
// (0.3.0). It starts workers as they are needed and hands each call over a channel
// without a buffer: about 410 ns a call. The library has not been maintained since
// 2024: it is here to be compared, not as advice.
//
// A Conc with no Workers set uses one.
type Conc struct {
	Workers int
}

// Run hands the calls to a pool, which blocks while all workers are busy.
func (c Conc) Run(ctx context.Context, n int, call fetchers.Call) error {
	workers := pool.New().WithMaxGoroutines(max(1, c.Workers))
	run := fetchers.NewGuard(n, call)
	for i := 0; i < n && !run.Stopped(ctx); i++ {
		workers.Go(func() { _ = run.Call(ctx, i) })
	}
	workers.Wait()
	return run.End(ctx)
}

// Limit is the number of workers, as far as a batch of n can use them.
func (c Conc) Limit(n int) int { return slots(c.Workers, n) }
