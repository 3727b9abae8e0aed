package fetchers

import (
	"context"
	"errors"
	"fmt"
)

// ErrNotStarted is the error of an item whose call was never made, because the
// context ended first. It wraps the cause of that end.
var ErrNotStarted = errors.New("not started")

// errPending marks a slot whose call has not been made. Nobody else has it, so
// that an fn which returns ErrNotStarted of its own keeps its error.
var errPending = errors.New("pending")

// Map calls fn for every item as s schedules it and returns results and errors
// in the order of the items: errs[i] is nil exactly if results[i] is valid, and
// both have the length of items. An error stays in its slot and stops nothing,
// which is what Python's gather(return_exceptions=True) gives. To stop at the
// first one, cancel ctx from fn: items not yet started then report
// [ErrNotStarted].
//
// A panic of fn panics on the caller's goroutine after the calls under way have
// returned. Map allocates the two slices and one closure.
func Map[T, R any](ctx context.Context, s Strategy, items []T, fn func(context.Context, T) (R, error)) ([]R, []error) {
	results := make([]R, len(items))
	errs := make([]error, len(items))
	for i := range errs {
		errs[i] = errPending
	}
	stopped := s.Run(ctx, len(items), func(ctx context.Context, i int) error {
		if ctx.Err() != nil {
			return context.Cause(ctx) // as if never started
		}
		results[i], errs[i] = fn(ctx, items[i])
		return errs[i]
	})
	for i := range errs {
		if errors.Is(errs[i], errPending) {
			errs[i] = fmt.Errorf("%w: %w", ErrNotStarted, cause(ctx, stopped))
		}
	}
	return results, errs
}

// cause says why items were left out: what the strategy returned, else why the
// context ended, else that the strategy broke its contract.
func cause(ctx context.Context, stopped error) error {
	switch {
	case stopped != nil:
		return stopped
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return errors.New("the strategy did not call this item")
}
