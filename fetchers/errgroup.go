package fetchers

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// ErrGroup makes at most Slots calls at once, each on a goroutine of its own, with
// golang.org/x/sync/errgroup and its SetLimit: what most people write today. The
// schedule is that of a [Pool]; starting a goroutine for each call makes it cost
// about 490 ns a call.
//
// Two habits of errgroup are left out on purpose. A call's error does not cancel
// the others, because it is the owner's data here; and a call that gets its slot
// only after the context has ended is not made, where errgroup starts everything
// it was given.
//
// An ErrGroup with no Slots set uses one.
type ErrGroup struct {
	Slots int
}

// Run hands the calls to a group, which blocks while all slots are taken.
func (e ErrGroup) Run(ctx context.Context, n int, call Call) error {
	var calls errgroup.Group
	calls.SetLimit(max(1, e.Slots))
	run := NewGuard(n, call)
	for i := 0; i < n && !run.Stopped(ctx); i++ {
		calls.Go(func() error {
			_ = run.Call(ctx, i)
			return nil
		})
	}
	_ = calls.Wait() // none of the functions above returns an error
	return run.End(ctx)
}

// Limit is the number of slots, as far as a batch of n can fill them.
func (e ErrGroup) Limit(n int) int { return min(max(1, e.Slots), n) }
