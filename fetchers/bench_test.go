package fetchers_test

import (
	"context"
	"testing"

	"github.com/fetchbench/fetchbench/fetchers"
)

// BenchmarkRun is what a strategy itself costs a call, with a thousand calls that
// do nothing. The doc comments of the strategies quote it.
func BenchmarkRun(b *testing.B) {
	const calls = 1000
	for _, c := range []struct {
		name     string
		strategy fetchers.Strategy
	}{
		{"strategy=sequential", fetchers.Sequential{}},
		{"strategy=pool:8", fetchers.Pool{Workers: 8}},
		{"strategy=goroutines", fetchers.Goroutines{}},
	} {
		b.Run(c.name, func(b *testing.B) {
			ctx, cancel := context.WithCancel(b.Context())
			defer cancel()
			call := func(context.Context, int) error { return nil }
			b.ReportAllocs()
			for b.Loop() {
				_ = c.strategy.Run(ctx, calls, call)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/calls, "ns/call")
		})
	}
}

// BenchmarkMap is what a service pays for ordered results and errors.
func BenchmarkMap(b *testing.B) {
	items := make([]int, 1000)
	twice := func(_ context.Context, i int) (int, error) { return 2 * i, nil }
	b.ReportAllocs()
	for b.Loop() {
		fetchers.Map(b.Context(), fetchers.Pool{Workers: 8}, items, twice)
	}
}
