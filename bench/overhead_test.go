package bench

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/client"
)

// overheadCalls is the size of the batch of calls that do nothing.
const overheadCalls = 1000

// nothing is a fetch that costs nothing but its call.
//
//go:noinline
func nothing(context.Context, client.Request) client.Outcome {
	return client.Outcome{Class: client.ClassOK}
}

// noop is the same as people write it by hand.
//
//go:noinline
func noop(context.Context, int) error { return nil }

// loop, pool and spawn are the three strategies as one writes them on the spot.
func loop(ctx context.Context, n int) {
	for i := range n {
		_ = noop(ctx, i)
	}
}

func pool(ctx context.Context, n int) {
	var workers sync.WaitGroup
	var next atomic.Int64
	for range 8 {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				_ = noop(ctx, i)
			}
		})
	}
	workers.Wait()
}

func spawn(ctx context.Context, n int) {
	var calls sync.WaitGroup
	for i := range n {
		calls.Go(func() { _ = noop(ctx, i) })
	}
	calls.Wait()
}

// measured runs a strategy of this project under the harness: two readings of the
// clock, one atomic, and the record of what came out, for each call.
func measured(s fetchers.Strategy) func(ctx context.Context, n int) {
	b := &Batch{Requests: make([]client.Request, overheadCalls), slots: make([]slot, overheadCalls)}
	b.edges.before, b.edges.after = func() error { return nil }, func() {}
	return func(ctx context.Context, _ int) {
		for i := range b.slots {
			b.slots[i].called.Store(false) // as in a batch that is new
		}
		_ = b.Measure(ctx, s, nothing)
	}
}

// BenchmarkOverhead is what the harness adds to a call, against the same schedule
// written by hand. The context can end, as that of every trial.
func BenchmarkOverhead(b *testing.B) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	for _, c := range []struct {
		name string
		run  func(ctx context.Context, n int)
	}{
		{"strategy=sequential/harness=none", loop},
		{"strategy=sequential/harness=bench", measured(fetchers.Sequential{})},
		{"strategy=pool:8/harness=none", pool},
		{"strategy=pool:8/harness=bench", measured(fetchers.Pool{Workers: 8})},
		{"strategy=goroutines/harness=none", spawn},
		{"strategy=goroutines/harness=bench", measured(fetchers.Goroutines{})},
	} {
		b.Run(c.name, func(b *testing.B) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for b.Loop() {
				c.run(ctx, overheadCalls)
			}
			runtime.ReadMemStats(&after)
			fetches := float64(b.N) * overheadCalls
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/fetches, "ns/fetch")
			b.ReportMetric(float64(after.Mallocs-before.Mallocs)/fetches, "allocs/fetch")
		})
	}
}

// One call after the other, the harness allocates nothing for a call: what a
// trial allocates does not grow with the batch.
func TestSequentialAllocatesNothingPerFetch(t *testing.T) {
	run := measured(fetchers.Sequential{})
	if got := testing.AllocsPerRun(20, func() { run(t.Context(), overheadCalls) }); got > 5 {
		t.Errorf("%v allocations for a batch of %d, want a few for the batch and none for a call", got, overheadCalls)
	}
}
