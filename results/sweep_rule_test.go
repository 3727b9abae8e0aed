package results_test

import (
	"fmt"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// timedSweep is a sweep of which size i took seconds(i, round), so that each rule
// can be held against times that were made for it. Latencies follow by Little's law
// with as many in flight as the size is.
func timedSweep(sizes []int, seconds func(i, round int) float64) *results.Run {
	run := &results.Run{Header: header(), Complete: true}
	run.Design.Sweep, run.Design.Rounds, run.Target.Requests = true, 10, 1000
	for _, size := range sizes {
		run.Contenders = append(run.Contenders, results.Column{Name: fmt.Sprintf("pool:%d", size), Asked: size, Size: size})
	}
	for round := range 10 {
		for i, size := range sizes {
			t := results.Trial{Round: round, Position: i, Contender: run.Contenders[i].Name, Outcome: results.OK, ElapsedNS: int64(1e9 * seconds(i, round))}
			t.Tally.Count = results.Count{Planned: 1000, OK: 1000}
			t.Tally.Flight = results.Flight{Mean: float64(size), Max: size, LatencyNS: int64(size) * t.ElapsedNS}
			run.Trials = append(run.Trials, t)
		}
	}
	return run
}

// TestSweepRuleAtItsEdges: against a larger size of 1 s. Always slower by so much
// is p = 2/1024; slower in six rounds and faster in four, by as much in one as in
// the other, leaves the rank sums of six and of four, which no test tells apart.
func TestSweepRuleAtItsEdges(t *testing.T) {
	always := func(ratio float64) func(i, round int) float64 {
		return func(i, _ int) float64 { return []float64{ratio, 1}[i] }
	}
	mixed := func(ratio float64) func(i, round int) float64 {
		return func(i, round int) float64 {
			if i == 0 && round%5 < 2 {
				return 1 / ratio
			}
			return []float64{ratio, 1}[i]
		}
	}
	for name, c := range map[string]struct {
		seconds func(i, round int) float64
		want    int
	}{
		"4.9 % always": {always(1.049), 1}, "5.1 % always": {always(1.051), 2},
		"9.9 % not shown": {mixed(1.099), 1}, "10.1 % not shown": {mixed(1.101), 2},
		"equal": {always(1), 1},
	} {
		if got := results.JudgeSweep(timedSweep([]int{1, 2}, c.seconds)).Recommendation.Size; got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// TestPeakNeedsAllOfItsReasons: throughput by the law with a peak at 8 is quoted.
// It is not where the law does not describe the sizes, which fall off a cliff, and
// not where half of the rounds have no peak at all.
func TestPeakNeedsAllOfItsReasons(t *testing.T) {
	sizes := []int{1, 2, 4, 8, 16, 32}
	law := func(i, _ int) float64 { k := float64(sizes[i]); return 10 / k * (1 + k*(k-1)/64) }
	cliff := func(i, _ int) float64 { return []float64{10, 5, 2.5, 1.25, 2, 2.2}[i] }
	half := func(i, round int) float64 {
		if round%2 == 0 {
			return law(i, round)
		}
		return 10 / float64(sizes[i])
	}
	for name, c := range map[string]struct {
		seconds func(i, round int) float64
		quoted  bool
	}{"law": {law, true}, "cliff": {cliff, false}, "half": {half, false}} {
		curve := results.JudgeSweep(timedSweep(sizes, c.seconds)).Curve
		if (curve.Peak != nil) != c.quoted {
			t.Errorf("%s: %+v", name, curve)
		}
		if c.quoted {
			about(t, "peak", curve.Peak, 8, 1e-3)
		}
	}
}

// TestSlotsNeedAllOfTheirReasons: none are named where this machine was the limit,
// nor where the typical latency does not lead to the corner.
func TestSlotsNeedAllOfTheirReasons(t *testing.T) {
	run := eight(10)
	for i := range run.Trials {
		run.Trials[i].Machine.SchedP99NS = 1e9
	}
	if s := results.JudgeSweep(run).Slots; s != nil {
		t.Errorf("this machine was the limit: %+v", s)
	}
	run = eight(10)
	run.Latencies = map[string]*results.Latencies{}
	half := 0.025
	run.Latencies["pool:1"] = &results.Latencies{Service: &results.LatencySummary{N: 1200, Mean: 0.05, Percentiles: results.Percentiles{P50: &half}}}
	if s := results.JudgeSweep(run).Slots; s != nil {
		t.Errorf("a median of half the mean: %+v", s)
	}
}

// TestSweepToleratesFailedRequestsOnly: one request of 400 that was never begun,
// and a trial that ran out of time, are no times however little is missing.
func TestSweepToleratesFailedRequestsOnly(t *testing.T) {
	for name, change := range map[string]func(*results.Trial){
		"left out": func(t *results.Trial) {
			t.Outcome, t.Tally.Count = results.Failed, results.Count{Planned: 400, OK: 399, NotStarted: 1}
		},
		"made twice": func(t *results.Trial) { t.Outcome = results.Failed },
		"deadline": func(t *results.Trial) {
			t.Outcome, t.Tally.Count = results.Timeout, results.Count{Planned: 400, OK: 399, Failed: 1}
		},
	} {
		run := eight(10)
		for i := range run.Trials {
			change(&run.Trials[i])
		}
		if m := results.JudgeSweep(run).Points[0].Median; m != nil {
			t.Errorf("%s: median %v", name, *m)
		}
	}
}
