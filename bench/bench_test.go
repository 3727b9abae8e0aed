package bench_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results"
)

// endless is a plan whose rounds a benchmark takes one by one, for as long as
// b.Loop wants them. What is fetched from is a process of its own.
func endless(b *testing.B, form, profile string, contenders ...string) bench.Plan {
	b.Helper()
	p := inForm(b, form, profile, contenders...)
	p.Upstream.Command = serveCommand()
	p.Rounds, p.Warmup = 1<<30, 1
	return p
}

// A round is the trials of one round by their contender.
type round map[string]results.Trial

// rounds runs a plan and returns the function that makes the next round. Its
// warm-up round is made already.
func rounds(b *testing.B, p bench.Plan) func() round {
	b.Helper()
	next, stop := iter.Pull2(bench.Run(context.WithoutCancel(b.Context()), p))
	b.Cleanup(stop)
	one := func() round {
		r := round{}
		for range p.Contenders {
			trial, err, ok := next()
			if err != nil || !ok || trial.Outcome != results.OK || len(trial.Seen.Differs) > 0 {
				b.Fatalf("trial of %s is %q, error %v, upstream %+v", trial.Contender, trial.Outcome, err, trial.Seen)
			}
			r[trial.Contender] = trial
		}
		return r
	}
	one()
	return one
}

// best is the shortest makespan that any schedule with so many slots can have,
// over the latencies of the sequential trial of the same round (Graham 1969).
func best(sequential results.Trial, slots int) time.Duration {
	f := sequential.Tally.Flight
	return time.Duration(max(f.LongestNS, f.LatencyNS/int64(slots)))
}

// BenchmarkFetch compares the strategies over the whole way of a run: 40 requests
// of 1 ms each, on the in-process mock and over loopback. An iteration is a round
// of the strategy and of sequential, which the ideal time is taken from; all that
// is reported are medians over the strategy's trials, without what lies between.
//
// The mock shows what scheduling costs and nothing else: there is no connection
// and no upstream that takes time of its own.
func BenchmarkFetch(b *testing.B) {
	for _, spec := range bench.Specs() {
		strategy := spec.Example()
		b.Run("strategy="+strategy+"/upstream=mock", func(b *testing.B) { fetch(b, strategy, bench.FormMock) })
		b.Run("strategy="+strategy+"/upstream=loopback", func(b *testing.B) { fetch(b, strategy, bench.FormProcess) })
	}
}

func fetch(b *testing.B, strategy, form string) {
	const requests = 40
	p := endless(b, form, "constant", "sequential")
	p.Upstream.Scale, p.Requests = 0.02, requests
	if strategy != "sequential" {
		p.Contenders = append(p.Contenders, strategy)
	}
	contender, err := bench.ParseContender(strategy)
	if err != nil {
		b.Fatal(err)
	}
	next := rounds(b, p)
	var elapsed []time.Duration
	var flight, efficiency []float64
	for b.Loop() {
		r := next()
		trial := r[strategy]
		elapsed = append(elapsed, time.Duration(trial.ElapsedNS))
		flight = append(flight, trial.Tally.Flight.Mean)
		efficiency = append(efficiency, float64(best(r["sequential"], contender.Limit(requests)))/float64(trial.ElapsedNS))
	}
	b.ReportMetric(float64(middle(elapsed).Nanoseconds()), "ns/op")
	b.ReportMetric(requests/middle(elapsed).Seconds(), "fetches/s")
	b.ReportMetric(middle(flight), "in-flight")
	b.ReportMetric(middle(efficiency), "efficiency")
}

// BenchmarkConstant50 holds the harness against an upstream whose truth is known:
// ten answers of 50 ms each. Goroutines should take 50 ms and sequential 500; what
// is more is the client's and the harness's. The mean in flight that the harness
// reports is compared with the one that the upstream counted.
func BenchmarkConstant50(b *testing.B) {
	b.Run("strategy=goroutines", func(b *testing.B) { known(b, "goroutines", 50*time.Millisecond) })
	b.Run("strategy=sequential", func(b *testing.B) { known(b, "sequential", 500*time.Millisecond) })
}

func known(b *testing.B, strategy string, truth time.Duration) {
	next := rounds(b, endless(b, bench.FormProcess, "constant", strategy))
	var elapsed []time.Duration
	var flight, seen float64
	for b.Loop() {
		trial := next()[strategy]
		elapsed = append(elapsed, time.Duration(trial.ElapsedNS))
		flight += trial.Tally.Flight.Mean
		seen += trial.Seen.Flight
	}
	over := middle(elapsed) - truth
	b.ReportMetric(float64(middle(elapsed).Nanoseconds()), "ns/op")
	b.ReportMetric(over.Seconds()*1000, "ms-over")
	b.ReportMetric(100*float64(over)/float64(truth), "%-over")
	b.ReportMetric(100*(flight/seen-1), "%-in-flight-over")
}
