package web

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// A cache keeps the few things that were made last, each made once however many ask
// for it at the same time. Keys say all that the thing depends on: a journal that
// grows has another key, and what was made of the shorter one is forgotten in turn.
//
// What is under way is finished even if nobody waits for it any more: whoever asks
// again is then answered at once. Only so many are made at a time, and none for longer
// than longestBuild, as far as reading goes: what cannot be finished would keep the others
// from being made.
type cache[V any] struct {
	size  int
	slots chan struct{}
	calls singleflight.Group
	mu    sync.Mutex
	kept  []entry[V] // the latest used last
}

// An entry is one thing and what it was made of.
type entry[V any] struct {
	key   string
	value V
}

// longestBuild is how long one thing may be made.
const longestBuild = 30 * time.Second

// errSlow is the error of a build that was given up.
var errSlow = errors.New("it takes too long to be read; try fetchbench report")

// newCache keeps so many things, perhaps none, and makes at most so many at a time.
func newCache[V any](size, atOnce int) *cache[V] {
	return &cache[V]{size: size, slots: make(chan struct{}, atOnce)}
}

// get returns what is kept under a key, or what build makes in a context of its own. It
// does not wait longer than the context lasts. Errors are not kept.
func (c *cache[V]) get(ctx context.Context, key string, build func(context.Context) (V, error)) (V, error) {
	if value, ok := c.find(key); ok {
		return value, nil
	}
	made := c.calls.DoChan(key, func() (any, error) {
		c.slots <- struct{}{}
		defer func() { <-c.slots }()
		if value, ok := c.find(key); ok { // made since it was looked for
			return value, nil
		}
		within, cancel := context.WithTimeoutCause(context.WithoutCancel(ctx), longestBuild, errSlow)
		defer cancel()
		value, err := unpanicked(within, build)
		if err == nil {
			c.keep(key, value)
		}
		return value, err
	})
	var none V
	select {
	case <-ctx.Done():
		return none, ctx.Err()
	case result := <-made:
		if result.Err != nil {
			return none, result.Err
		}
		value, _ := result.Val.(V) // as it was made above
		return value, nil
	}
}

// unpanicked makes a thing, in a goroutine of its own. A panic there would end the
// program, and with it the page of all other runs.
func unpanicked[V any](ctx context.Context, build func(context.Context) (V, error)) (value V, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("internal error: %v\n%s", v, debug.Stack())
		}
	}()
	return build(ctx)
}

// find looks for a key and marks it as used.
func (c *cache[V]) find(key string) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.kept, func(e entry[V]) bool { return e.key == key })
	if i < 0 {
		return value, false
	}
	found := c.kept[i]
	c.kept = append(slices.Delete(c.kept, i, i+1), found)
	return found.value, true
}

// keep adds a thing, and forgets the one that was used longest ago.
func (c *cache[V]) keep(key string, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = append(c.kept, entry[V]{key, value})
	if len(c.kept) > c.size {
		c.kept = slices.Delete(c.kept, 0, 1)
	}
}
