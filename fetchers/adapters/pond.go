package adapters

import (
	"context"

	"github.com/alitto/pond/v2"
	"github.com/fetchbench/fetchbench/fetchers"
)

// Pond makes at most Workers calls at once with github.com/alitto/pond/v2 (2.7.1).
// It queues the whole batch before the first call is done, in a queue without a
// bound: about 430 ns and four allocations a call. One point of the contract is not
// kept: a call that ends its goroutine hangs the run for ever, because a group waits
// for the result of each task.
//
// A Pond with no Workers set uses one.
type Pond struct {
	Workers int
}

// Run queues the calls as a group and waits for it. The pool is not stopped: its
// workers end by themselves when the queue is empty, and Stop would go through a
// pool that all of a program shares, which a testing/synctest bubble cannot use.
func (p Pond) Run(ctx context.Context, n int, call fetchers.Call) error {
	calls := pond.NewPool(max(1, p.Workers)).NewGroup()
	run := fetchers.NewGuard(n, call)
	for i := 0; i < n && !run.Stopped(ctx); i++ {
		calls.Submit(func() { _ = run.Call(ctx, i) })
	}
	_ = calls.Wait() // none of the functions above returns an error
	return run.End(ctx)
}

// Limit is the number of workers, as far as a batch of n can use them.
func (p Pond) Limit(n int) int { return slots(p.Workers, n) }
