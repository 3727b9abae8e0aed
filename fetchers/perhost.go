package fetchers

import (
	"context"
	"sync"
	"sync/atomic"
)

// PerHost makes at most Calls calls at once for each key, such as the host that a
// call goes to, and has no bound over all keys: a slow host then holds up nobody
// else's calls. Each key has workers of its own, which make its calls in order of the
// indexes. It costs about 45 ns a call, most of it to look up the key.
//
// Without a Key all calls have the same one, and it is a [Pool]. A PerHost with no
// Calls set makes one call at a time for each key.
type PerHost struct {
	Calls int
	// Key says what call i is counted with.
	Key func(i int) string
}

// ByKey returns the strategy with that key.
func (p PerHost) ByKey(key func(i int) string) Strategy {
	p.Key = key
	return p
}

// Run starts the workers of every key and waits until they have made all calls.
func (p PerHost) Run(ctx context.Context, n int, call Call) error {
	if p.Key == nil {
		return Pool{Workers: p.Calls}.Run(ctx, n, call)
	}
	var workers sync.WaitGroup
	run := NewGuard(n, call)
	for _, lane := range p.lanes(n) {
		next := new(atomic.Int64)
		for range min(max(1, p.Calls), len(lane)) {
			workers.Go(func() {
				for !run.Stopped(ctx) {
					j := int(next.Add(1)) - 1
					if j >= len(lane) {
						return
					}
					_ = run.Call(ctx, lane[j])
				}
			})
		}
	}
	workers.Wait()
	return run.End(ctx)
}

// lanes returns the indexes of each key, the keys in the order of their first call.
func (p PerHost) lanes(n int) [][]int {
	var lanes [][]int
	of := map[string]int{} // the lane of a key
	for i := range n {
		key := p.Key(i)
		lane, known := of[key]
		if !known {
			lane = len(lanes)
			of[key] = lane
			lanes = append(lanes, nil)
		}
		lanes[lane] = append(lanes[lane], i)
	}
	return lanes
}

// Limit is the number of calls that all keys of a batch of n may have in flight
// together. It asks for the key of every call.
func (p PerHost) Limit(n int) int {
	each := Pool{Workers: p.Calls}.Limit(n)
	if p.Key == nil {
		return each
	}
	return min(each*len(p.lanes(n)), n)
}
