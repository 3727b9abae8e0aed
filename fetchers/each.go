package fetchers

import (
	"context"
	"sync"
)

// Each is [Map], and tells of every call as it ends: done is given the item's index,
// its result and its error in the order in which calls end, while others are still
// under way. It is never called twice at once, so it needs no lock of its own, and it
// keeps the slot of its call, so it should not take long. Items that were never started
// are in the errors alone. A panic of done is one of fn.
//
// It costs a mutex a call more than Map.
func Each[T, R any](ctx context.Context, s Strategy, items []T, fn func(context.Context, T) (R, error), done func(i int, result R, err error)) ([]R, []error) {
	indexes := make([]int, len(items))
	for i := range indexes {
		indexes[i] = i
	}
	var one sync.Mutex
	return Map(ctx, s, indexes, func(ctx context.Context, i int) (R, error) {
		result, err := fn(ctx, items[i])
		one.Lock()
		defer one.Unlock()
		done(i, result, err)
		return result, err
	})
}
