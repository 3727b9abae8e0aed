package results_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// eight is the sweep against eight slots of 50 ms, so many rounds of it.
func eight(rounds int) *results.Run {
	s := simulation{func() simulated { return &slotted{make([]float64, 8)} }, []int{1, 2, 4, 6, 8, 12, 16, 32}, 120, rounds, 0.05, 0.01, 0.01}
	return s.play(rand.New(rand.NewPCG(1, 2)))
}

// about wants a number that is there and within a share of another.
func about(t *testing.T, what string, got *float64, want, within float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > within*math.Abs(want) {
		t.Errorf("%s: %v, want about %v", what, shown(got), want)
	}
}

// shown is a number or nil.
func shown(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}

// TestSweepOfEightSlots: 120 requests of 50 ms take 6 s one by one, 0.75 s on eight
// slots and no less on more; a request then waits for 32/8 of a service time, but
// for the first and the last of the batch.
func TestSweepOfEightSlots(t *testing.T) {
	s := results.Judge(eight(10)).Sweep
	equal(t, "recommendation", s.Recommendation, results.Recommendation{
		Use: "pool:8", Size: 8, Reason: results.ReasonEnough, Best: s.Recommendation.Best,
	})
	equal(t, "slots", s.Slots.Count, 8)
	about(t, "service", &s.Slots.Service, 0.05, 0.02)
	one, at, last := s.Points[0], s.Points[4], s.Points[7]
	equal(t, "size", at.Size, 8)
	about(t, "throughput of one", one.Throughput, 20, 0.02)
	about(t, "throughput of eight", at.Throughput, 160, 0.03)
	about(t, "median of eight", at.Median, 0.75, 0.03)
	about(t, "next smaller", at.Smaller.Time, 8.0/6, 0.03)
	about(t, "next larger", at.Larger.Time, 1, 0.03)
	about(t, "connections of the next larger", at.Larger.Connections, 4, 0)
	about(t, "latency of the next larger", at.Larger.Latency, 0.025, 0.15)
	about(t, "connections", last.Connections, 32, 0)
	// 32 at once from the start: the first 32 wait 0 to 3 service times, the others 3.
	about(t, "added at 32", last.Latency.Added, (88*0.15+8*(0.05+0.1+0.15))/120, 0.05)
	equal(t, "added at 1", *one.Latency.Added, 0.0)
	if one.Smaller != nil || last.Larger != nil || s.Failing != nil {
		t.Errorf("ends: %+v %+v %v", one.Smaller, last.Larger, s.Failing)
	}
	for _, p := range s.Points {
		if (p.P == nil) != (p.Size == s.Recommendation.Best) || (*p.Ratio == 1) != (p.P == nil) {
			t.Errorf("size %d: p %v, ratio %v", p.Size, shown(p.P), *p.Ratio)
		}
	}
	about(t, "p of one", one.P, 2.0/1024, 1e-12) // all ten rounds on one side
	if s.Curve == nil || s.Curve.Peak != nil {
		t.Errorf("curve %+v", s.Curve)
	}
}

// TestSweepReadsLatencies: a journal read with its requests has percentiles, and
// the added latency is that of the medians.
func TestSweepReadsLatencies(t *testing.T) {
	run, err := results.OpenLatencies(journal(t, eight(10)))
	must(t, err)
	last := results.JudgeSweep(run).Points[7]
	about(t, "p50 at 32", last.Latency.P50, 0.2, 0.03)
	about(t, "p95 at 32", last.Latency.P95, 0.2, 0.1)
	about(t, "added at 32", last.Latency.Added, 0.15, 0.04)
}

// TestSweepSaysWhyNot: reasons outrank each other as the code says.
func TestSweepSaysWhyNot(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*results.Run)
		want   results.Recommendation
	}{
		"few rounds": {func(r *results.Run) { *r = *eight(6) }, results.Recommendation{Use: "pool:8", Size: 8, Reason: results.ReasonProvisional}},
		"mock":       {func(r *results.Run) { r.Target.Form = "mock" }, results.Recommendation{Reason: results.ReasonNone, Why: results.WhyMock}},
		"mock transport": {func(r *results.Run) {
			for i := range r.Contenders {
				r.Contenders[i].Transport = "mock"
			}
		}, results.Recommendation{Reason: results.ReasonNone, Why: results.WhyMock}},
		"one on a mock": {func(r *results.Run) { r.Contenders[0].Transport = "mock" }, results.Recommendation{Use: "pool:8", Size: 8, Reason: results.ReasonEnough}},
		"nothing":       {func(r *results.Run) { r.Trials = nil }, results.Recommendation{Reason: results.ReasonNone, Why: results.WhyNothing}},
		"fixed order":   {func(r *results.Run) { r.Design.Order = "fixed" }, results.Recommendation{Reason: results.ReasonNone, Why: results.WhyOrder}},
		"refuted":       {func(r *results.Run) { r.Trials[3].Seen = &results.Seen{Differs: []string{"attempts"}} }, results.Recommendation{Reason: results.ReasonNone, Why: results.WhyUpstream}},
		"all fail":      {func(r *results.Run) { spoil(r, 1, 2) }, results.Recommendation{Reason: results.ReasonNone, Why: results.WhyFailures}},
		"large fail":    {func(r *results.Run) { spoil(r, 8, 2) }, results.Recommendation{Use: "pool:6", Size: 6, Reason: results.ReasonEnough, Best: 6, Limited: true}},
		"slots beyond": {func(r *results.Run) {
			s := simulation{unbounded, []int{1, 2, 4}, 120, 10, 0.05, 0.01, 0.01}
			*r = *s.play(rand.New(rand.NewPCG(1, 2)))
		}, results.Recommendation{Use: "pool:4", Size: 4, Reason: results.ReasonImproving, Best: 4, Open: true}},
	} {
		t.Run(name, func(t *testing.T) {
			run := eight(10)
			c.change(run)
			got := results.Judge(run).Sweep
			if c.want.Best == 0 && c.want.Use != "" {
				c.want.Best = got.Recommendation.Best // whichever of the plateau was lucky
			}
			equal(t, "recommendation", got.Recommendation, c.want)
			if c.want.Use == "" && (got.Slots != nil || got.Curve != nil) {
				t.Errorf("nothing is recommended, but %+v %+v", got.Slots, got.Curve)
			}
		})
	}
}

// spoil lets so many requests of each trial from a size on be answered with 429.
func spoil(r *results.Run, from, requests int) {
	sizes := map[string]int{}
	for _, c := range r.Contenders {
		sizes[c.Name] = c.Size
	}
	for i := range r.Trials {
		t := &r.Trials[i]
		if sizes[t.Contender] < from {
			continue
		}
		for k := range requests {
			t.Requests[k].Class = "http_429"
		}
		t.Outcome, t.Tally = results.Failed, t.Count(120)
	}
}

// TestSweepToleratesWhatTheBudgetDoes: 0.5 % of 400 requests are two. With two
// refused in each trial the sizes have their times as before; the third takes
// them away.
func TestSweepToleratesWhatTheBudgetDoes(t *testing.T) {
	for refused, fails := range map[int]bool{1: false, 2: false, 3: true} {
		run := eight(10)
		for i := range run.Trials {
			trial := &run.Trials[i]
			trial.Outcome = results.Failed
			trial.Tally.Count = results.Count{Planned: 400, OK: 400 - refused, Failed: refused}
			trial.Tally.Failures = []results.Failure{{Class: "http_5xx", Count: refused}}
		}
		s := results.JudgeSweep(run)
		if (s.Recommendation.Use == "") != fails || (s.Points[0].Median == nil) != fails {
			t.Errorf("%d of 400 refused: %+v, median %v", refused, s.Recommendation, shown(s.Points[0].Median))
		}
		equal(t, "share", *s.Points[0].FailedShare, float64(refused)/400)
		equal(t, "class", s.Points[0].Class, "http_5xx")
	}
}

// TestSweepNamesWhereFailuresBegin: a limit of twelve refuses nobody up to
// twelve, and more the larger the size.
func TestSweepNamesWhereFailuresBegin(t *testing.T) {
	s := simulation{func() simulated { return refusing(12) }, ladder(), 120, 10, 0.02, 0.05, 0.05}
	sweep := results.JudgeSweep(s.play(rand.New(rand.NewPCG(1, 2))))
	equal(t, "use", sweep.Recommendation.Size, 12)
	equal(t, "limited", sweep.Recommendation.Limited, true)
	equal(t, "above", sweep.Failing.Above, 12)
	equal(t, "class", sweep.Failing.Class, "http_429")
	if f := sweep.Failing; f.Lo <= results.FailureBudget || f.Hi < f.Lo || f.Hi >= 1 {
		t.Errorf("%+v", f)
	}
	run := eight(10)
	spoil(run, 16, 2)
	spoil(run, 32, 60)
	equal(t, "shares", results.JudgeSweep(run).Failing, &results.Failing{Above: 12, Class: "http_429", Lo: 1.0 / 60, Hi: 0.5})
	run.Trials[0].Tally.Count = results.Count{Planned: 120, OK: 80, Failed: 40}
	if name := run.Trials[0].Contender; name == "pool:32" || name == "pool:16" {
		t.Fatalf("the first trial is of %s: draw another", name)
	}
	if f := results.JudgeSweep(run).Failing; f != nil {
		t.Errorf("failures here and there are %+v", f)
	}
}

// TestOrdinaryRunsAreNoSweeps and get their advice as before, which a sweep does
// not get twice; both survive being written as JSON.
func TestOrdinaryRunsAreNoSweeps(t *testing.T) {
	run := eight(10)
	if j := results.Judge(run); j.Sweep == nil || j.Advice != nil || alarms(j, results.WarnSequential)+alarms(j, results.WarnRounds) > 0 {
		t.Errorf("sweep %v, advice %v, %v", j.Sweep, j.Advice, j.Warnings)
	}
	equal(t, "alone", results.JudgeSweep(run), results.Judge(run).Sweep)
	if _, err := json.Marshal(results.JudgeSweep(run)); err != nil {
		t.Error(err)
	}
	run.Design.Sweep = false
	if j := results.Judge(run); j.Sweep != nil || j.Advice == nil || results.JudgeSweep(run) != nil {
		t.Errorf("sweep %v, advice %v", j.Sweep, j.Advice)
	}
}

// TestSweepHasOneNumberForTheCapacity: where it recommends a size, no warning names another;
// where it does not, that more only wait is said as in any run.
func TestSweepHasOneNumberForTheCapacity(t *testing.T) {
	run := eight(10)
	if j := results.Judge(run); j.Sweep.Recommendation.Use == "" || alarms(j, results.WarnCapacity) > 0 {
		t.Errorf("%+v, %v", j.Sweep.Recommendation, j.Warnings)
	}
	run.Design.Order = "fixed"
	if j := results.Judge(run); j.Sweep.Recommendation.Use != "" || alarms(j, results.WarnCapacity) == 0 {
		t.Errorf("%+v, %v", j.Sweep.Recommendation, j.Warnings)
	}
}
