package fetchers

import "context"

// Sequential makes one call after the other on the goroutine of the caller: the
// baseline of every comparison. It is a for loop, 2 ns and no allocation a call.
type Sequential struct{}

// Run calls each i in order.
func (Sequential) Run(ctx context.Context, n int, call Call) error {
	for i := range n {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		_ = call(ctx, i) // the error is the owner's data: its slot is call's to fill
	}
	return nil
}

// Limit is 1: never two calls at once.
func (Sequential) Limit(int) int { return 1 }
