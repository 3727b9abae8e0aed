package fetchers

import (
	"context"
	"fmt"
	"sync/atomic"
)

// A Guard makes the calls of one run for a strategy that hands them to goroutines
// or pools which it does not own, and keeps those points of the contract that are
// the same for all of them: nothing starts once the context is done, a panic waits
// for the owner, and Run returns why calls were left out. A strategy makes one a
// run with [NewGuard], passes each index to Call once, waits for the calls in its
// own way and returns End. It costs about 10 ns a call, an atomic and a defer.
type Guard struct {
	n      int
	call   Call
	made   atomic.Int64
	panics panics
}

// NewGuard returns the guard of a run of n calls.
func NewGuard(n int, call Call) *Guard { return &Guard{n: n, call: call} }

// Call makes call i and returns its error, unless the run is stopped: then the
// call is left out. A panic ends here and is kept for End, so that it neither ends
// the program nor is lost in a pool that swallows it. A call that ends its goroutine
// ends it, as nothing can stop that; End is told of it as well.
func (g *Guard) Call(ctx context.Context, i int) error {
	if g.Stopped(ctx) {
		return nil
	}
	returned := false
	defer g.panics.keep(&returned)
	g.made.Add(1)
	err := g.call(ctx, i)
	returned = true
	return err
}

// Stopped tells that no further call is to be handed out: the context is done or
// a call has panicked. Handing out more does no harm, but takes its time.
func (g *Guard) Stopped(ctx context.Context) bool { return ctx.Err() != nil || g.panics.any() }

// End is what Run returns when the calls under way have returned. It panics with
// the first panic of a call, or ends its goroutine if a call did, and answers with the cause of the cancellation if
// calls were left out, or with an error if a pool has lost them.
func (g *Guard) End(ctx context.Context) error {
	g.panics.raise()
	made := int(g.made.Load())
	if made >= g.n {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return fmt.Errorf("make %d calls: %d were never made", g.n, g.n-made)
}
