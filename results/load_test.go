package results_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// loaded is a trial of requests that begin when those before have ended on the
// same of k slots, with these latencies in milliseconds.
func loaded(round int, name string, k int, ms ...int64) results.Trial {
	t := results.Trial{Round: round, Contender: name, Outcome: results.OK}
	free := make([]int64, k)
	for i, latency := range ms {
		slot := 0
		for s := range free {
			if free[s] < free[slot] {
				slot = s
			}
		}
		t.Requests = append(t.Requests, results.Request{
			Index: i, Class: results.ClassOK, StartNS: free[slot], ServiceNS: latency * int64(time.Millisecond),
		})
		free[slot] += latency * int64(time.Millisecond)
		t.ElapsedNS = max(t.ElapsedNS, free[slot])
	}
	t.Tally = t.Count(len(ms))
	return t
}

// TestLoadByHand: one by one the requests take 100, 200, 300 and 400 ms, on two
// slots 150, 250, 350 and 500 ms. The slots take 150+350 and 250+500, so
// T = 750 and in flight 1250/750. Ideal is max(400, 1000/2) = 500, efficiency
// 500/750, slowdown 1250/1000, packing max(500, 1250/2)/750 = 625/750.
func TestLoadByHand(t *testing.T) {
	run := &results.Run{Header: header("sequential", "pool:2"), Trials: []results.Trial{
		loaded(0, "sequential", 1, 100, 200, 300, 400),
		loaded(0, "pool:2", 2, 150, 250, 350, 500),
	}}
	got := results.PerTrial(run)(&run.Trials[1])
	near(t, "in flight", got.Flight.Mean, 1250./750)
	near(t, "slowdown", got.Slowdown, 1.25)
	near(t, "ideal", got.Ideal, 0.5)
	near(t, "efficiency", got.Efficiency, 500./750)
	near(t, "packing", got.Packing, 625./750)
	equal(t, "asked and max", [2]int{got.Flight.Asked, got.Flight.Max}, [2]int{2, 2})
	summary := results.Summarize(run).Contenders
	equal(t, "summary of one round", summary[1].Load, got)
	alone := summary[0].Load
	near(t, "slowdown alone", alone.Slowdown, 1)
	near(t, "efficiency alone", alone.Efficiency, 1)
}

// TestSpeedUpIsInFlightOverSlowdown, the identity of the report, on drawn trials
// whose sequential one has no gaps: T0/T = L/I. Packing is at most 1.
func TestSpeedUpIsInFlightOverSlowdown(t *testing.T) {
	draw := rand.New(rand.NewPCG(1, 5))
	for range 200 {
		k := 1 + draw.IntN(9)
		alone, busy := make([]int64, 1+draw.IntN(40)), []int64(nil)
		for i := range alone {
			alone[i] = 1 + draw.Int64N(500)
			busy = append(busy, alone[i]+draw.Int64N(300))
		}
		run := &results.Run{Header: header("sequential", "pool"), Trials: []results.Trial{
			loaded(0, "sequential", 1, alone...), loaded(0, "pool", k, busy...),
		}}
		run.Contenders[1].Asked = k
		got := results.PerTrial(run)(&run.Trials[1])
		speedUp := float64(run.Trials[0].ElapsedNS) / float64(run.Trials[1].ElapsedNS)
		quotient := *got.Flight.Mean / *got.Slowdown
		near(t, "in flight / slowdown", &quotient, speedUp)
		if *got.Packing > 1+1e-12 {
			t.Errorf("packing %v", *got.Packing)
		}
	}
}

// TestLoadHoldsRoundsApart: the ideal is that of the same round, and the summary
// is the median over the rounds. Ideal 0.5, 1 and 3 s on two slots.
func TestLoadHoldsRoundsApart(t *testing.T) {
	run := &results.Run{Header: header("sequential", "pool:2")}
	for round, ms := range []int64{1000, 500, 3000} {
		run.Trials = append(run.Trials,
			loaded(round, "sequential", 1, ms, ms), loaded(round, "pool:2", 2, 2*ms, 2*ms))
	}
	for i, want := range []float64{1, 0.5, 3} {
		near(t, "ideal", results.PerTrial(run)(&run.Trials[2*i+1]).Ideal, want)
	}
	pool := results.Summarize(run).Contenders[1]
	near(t, "median of ideals", pool.Ideal, 1)
	near(t, "median of slowdowns", pool.Slowdown, 2)
}

// TestLoadIsSilentWhereNothingIsKnown: without a sequential trial there is no
// ideal, and a trial that failed is not held against anything.
func TestLoadIsSilentWhereNothingIsKnown(t *testing.T) {
	sequential, pool := loaded(0, "sequential", 1, 10, 20), loaded(0, "pool:2", 2, 10, 20)
	broken, other := sequential, loaded(1, "sequential", 1, 10, 20)
	broken.Outcome = results.Failed
	wrong := pool
	wrong.Outcome = results.Timeout
	for _, c := range []struct {
		name          string
		alone, trial  results.Trial
		ideal, packed bool
	}{
		{"all is known", sequential, pool, true, true},
		{"the sequential trial failed", broken, pool, false, true},
		{"it is of another round", other, pool, false, true},
		{"the trial itself timed out", sequential, wrong, false, false},
	} {
		run := &results.Run{Header: header("sequential", "pool:2"), Trials: []results.Trial{c.alone, c.trial}}
		got := results.PerTrial(run)(&run.Trials[1])
		for what, v := range map[string]*float64{"ideal": got.Ideal, "efficiency": got.Efficiency, "slowdown": got.Slowdown} {
			equal(t, c.name+": "+what, v != nil, c.ideal)
		}
		equal(t, c.name+": packing", got.Packing != nil, c.packed)
		equal(t, c.name+": in flight", got.Flight.Mean != nil, true)
	}
}

// TestLoadOfNoTimeIsAbsent: an in-process mock may answer within the resolution
// of the clock, and nothing is slower than nothing.
func TestLoadOfNoTimeIsAbsent(t *testing.T) {
	run := &results.Run{Header: header("sequential", "pool:2"), Trials: []results.Trial{
		loaded(0, "sequential", 1, 0, 0), loaded(0, "pool:2", 2, 1, 1),
	}}
	equal(t, "slowdown", results.PerTrial(run)(&run.Trials[1]).Slowdown, (*float64)(nil))
}

// TestTheContenderNamedSequentialIsTheYardstick, before others that ask for one.
func TestTheContenderNamedSequentialIsTheYardstick(t *testing.T) {
	run := &results.Run{Header: header("pool:1", "pool:2", "sequential"), Trials: []results.Trial{
		loaded(0, "pool:1", 1, 70, 70), loaded(0, "pool:2", 2, 80, 80), loaded(0, "sequential", 1, 40, 40),
	}}
	run.Contenders[2].Asked = 1
	near(t, "slowdown", results.PerTrial(run)(&run.Trials[1]).Slowdown, 2)
	run.Contenders[2].Asked = 3
	near(t, "slowdown without it", results.PerTrial(run)(&run.Trials[1]).Slowdown, 80./70)
}

// TestPackingAgreesWithGolden: its efficiency is our packing, golden/ideal_time.json.
func TestPackingAgreesWithGolden(t *testing.T) {
	type ideal struct {
		Input struct {
			Latencies   []float64
			Concurrency int
			Makespan    float64
		}
		Expect struct {
			Efficiency float64
			Error      bool
		}
	}
	for name, c := range golden[ideal](t, "ideal_time.json", 9) {
		trial := results.Trial{Contender: "a", Outcome: results.OK, ElapsedNS: int64(math.Round(c.Input.Makespan * 1e9))}
		for i, latency := range c.Input.Latencies {
			trial.Requests = append(trial.Requests, results.Request{
				Index: i, Class: results.ClassOK, ServiceNS: int64(math.Round(latency * 1e9)),
			})
		}
		trial.Tally = trial.Count(len(trial.Requests))
		run := &results.Run{Header: header("a"), Trials: []results.Trial{trial}}
		run.Contenders[0].Asked = c.Input.Concurrency
		got := results.PerTrial(run)(&run.Trials[0]).Packing
		if c.Expect.Error {
			equal(t, name+": packing", got, (*float64)(nil))
			continue
		}
		near(t, name, got, c.Expect.Efficiency)
	}
}
