package adapters_test

import (
	"context"
	"math"
	"strconv"
	"testing"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/adapters"
)

// BenchmarkRun is what each strategy itself costs a call: a thousand calls that do
// nothing, 32 at once where there is a bound, with all that is made anew for a run.
// The doc comments of the strategies quote it. One line of benchstat compares them:
//
//	go test -run '^$' -bench Run -count 8 ./fetchers/adapters | tee new.txt
//	go tool -modfile=tools/go.mod benchstat -row /strategy new.txt
//
// On an upstream of 20 ms none of it shows: there a call costs fifty microseconds of
// processor time whoever schedules it.
func BenchmarkRun(b *testing.B) {
	const calls, size = 1000, 32
	host := func(i int) string { return strconv.Itoa(i % 8) }
	for _, c := range []struct {
		name     string
		strategy fetchers.Strategy
	}{
		{"sequential", fetchers.Sequential{}},
		{"pool", fetchers.Pool{Workers: size}},
		{"perhost", fetchers.PerHost{Calls: size / 8, Key: host}},
		{"channel", fetchers.Channel{Workers: size}},
		{"waves", fetchers.Waves{Size: size}},
		{"goroutines", fetchers.Goroutines{}},
		{"errgroup", fetchers.ErrGroup{Slots: size}},
		{"semaphore", fetchers.Semaphore{Slots: size}},
		{"adaptive", fetchers.Adaptive{Start: size, Most: size}},
		{"conc", adapters.Conc{Workers: size}},
		{"pond", adapters.Pond{Workers: size}},
		{"ants", adapters.Ants{Workers: size}},
		{"paced", adapters.Paced{PerSecond: math.Inf(1)}},
	} {
		b.Run("strategy="+c.name, func(b *testing.B) {
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
