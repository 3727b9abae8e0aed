package child_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/child"
	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// BenchmarkProtocol is what the protocol costs a trial: our makespan less the child's
// own, of a child that finishes at once (the median and the 95th percentile), and the
// most that this process held meanwhile.
func BenchmarkProtocol(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var cost []float64
			for trial, err := range bench.Run(b.Context(), costPlan(b, n)) {
				if err != nil {
					b.Fatal(err)
				}
				if trial.Claimed == nil || !trial.Claimed.Records {
					b.Fatalf("%+v, %+v", trial.Claimed, trial.Tally.Failures)
				}
				cost = append(cost, float64(trial.ElapsedNS-trial.Claimed.ElapsedNS)/float64(time.Millisecond))
			}
			if median, err := stats.Median(cost); err == nil {
				b.ReportMetric(median, "ms/trial")
			}
			if p95, err := stats.Quantile(cost, 0.95); err == nil {
				b.ReportMetric(p95, "ms-p95/trial")
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			const mib = 1 << 20
			b.ReportMetric(float64(m.Sys)/mib, "MiB")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// costPlan has the child of the tests report n requests of which it makes none, in as
// many rounds as the benchmark wants; there is no upstream to find that out.
func costPlan(b *testing.B, n int) bench.Plan {
	b.Helper()
	p, err := bench.Defaults("")
	if err != nil {
		b.Fatal(err)
	}
	p.URLs, p.Requests = []bench.Request{{URL: "http://127.0.0.1:9/item/with/a/path?of=usual&length=1"}}, n
	p.Rounds, p.Warmup, p.Pause = max(20, b.N), 1, 0
	p.Makers, p.Contenders = []bench.Maker{child.Maker()}, []string{spec("sends nothing")}
	return p
}

// TestLargeBatchesStayWithinBounds: ten thousand requests a batch take what their
// records take here, however the child is made.
func TestLargeBatchesStayWithinBounds(t *testing.T) {
	p := plan(t)
	p.Upstream, p.Rounds, p.Requests = bench.Upstream{}, 3, 10_000
	p.URLs = []bench.Request{{URL: "http://127.0.0.1:9/"}}
	p.Makers, p.Contenders = []bench.Maker{child.Maker()}, []string{spec("sends nothing")}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for trial, err := range bench.Run(t.Context(), p) {
		if err != nil || trial.Outcome != results.OK || trial.Tally.OK != p.Requests {
			t.Fatalf("error %v, %s, %+v", err, trial.Outcome, trial.Tally)
		}
	}
	runtime.ReadMemStats(&after)
	const most = 64 << 20
	if grown := after.Sys - before.Sys; grown > most {
		t.Errorf("%d bytes more from the system, want less than %d", grown, most)
	}
}
