package results_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/fetchbench/fetchbench/results"
)

// repeated is a trial of one fan-out after the other, each on k slots.
func repeated(name string, k int, fanOuts ...[]int64) results.Trial {
	t := results.Trial{Contender: name, Outcome: results.OK}
	perFanOut := 0
	for _, ms := range fanOuts {
		part := loaded(0, name, k, ms...)
		for _, r := range part.Requests {
			r.Index = len(t.Requests)
			r.StartNS += t.ElapsedNS
			t.Requests = append(t.Requests, r)
		}
		t.ElapsedNS += part.ElapsedNS
		perFanOut = len(ms)
	}
	t.Tally = t.CountFanOuts(len(t.Requests), perFanOut)
	return t
}

// TestFanOutsAddUp: on two slots the first of three calls takes 300 ms of 300, 100
// and 100, that is max(300, 250) = 300 ms, and the second max(100, 150) = 150 ms.
// Over both at once it would be max(300, 800/2) = 400 ms, which nobody can reach
// who may not begin the second before the first has ended.
func TestFanOutsAddUp(t *testing.T) {
	fanOuts := [][]int64{{300, 100, 100}, {100, 100, 100}}
	run := &results.Run{Header: header("sequential", "pool:2"), Trials: []results.Trial{
		repeated("sequential", 1, fanOuts...), repeated("pool:2", 2, fanOuts...),
	}}
	flight := run.Trials[1].Tally.Flight
	equal(t, "parts", flight.Parts, []results.Part{{LatencyNS: 500e6, LongestNS: 300e6}, {LatencyNS: 300e6, LongestNS: 100e6}})
	equal(t, "slowest", flight.Slowest(), int64(400*time.Millisecond))
	got := results.PerTrial(run)(&run.Trials[1])
	near(t, "ideal", got.Ideal, 0.45)
	// 300 ms, and 100 + 100 on the slot that has two calls.
	near(t, "efficiency", got.Efficiency, 450./500)
	near(t, "packing", got.Packing, 450./500)
	near(t, "slowdown", got.Slowdown, 1)
	near(t, "in flight", got.Flight.Mean, 800./500)
}

// TestOneFanOutHasNoParts, and Count says the same as before.
func TestOneFanOutHasNoParts(t *testing.T) {
	trial := loaded(0, "a", 2, 300, 100, 100)
	equal(t, "by one", trial.CountFanOuts(3, 3), trial.Count(3))
	equal(t, "parts", trial.Tally.Flight.Parts, []results.Part(nil))
	equal(t, "slowest", trial.Tally.Flight.Slowest(), int64(300e6))
	equal(t, "size of nobody", trial.CountFanOuts(3, 0).Flight.Parts, []results.Part(nil))
}

// TestFanOutsThatNeverBegan have a part of nothing, and requests that never did
// are in none.
func TestFanOutsThatNeverBegan(t *testing.T) {
	trial := loaded(0, "a", 2, 300, 100, 100)
	trial.Requests[1].Class = ""
	equal(t, "parts", trial.CountFanOuts(5, 2).Flight.Parts, []results.Part{
		{LatencyNS: 300e6, LongestNS: 300e6}, {LatencyNS: 100e6, LongestNS: 100e6}, {},
	})
}

// TestPackingOfFanOutsIsAtMostOne, of any calls on any number of slots, and that
// of the same fan-out again and again is that of one.
func TestPackingOfFanOutsIsAtMostOne(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		k := rapid.IntRange(1, 6).Draw(r, "slots")
		n := rapid.IntRange(1, 8).Draw(r, "calls")
		calls := rapid.SliceOfN(rapid.Int64Range(1, 500), n, n)
		fanOuts := rapid.SliceOfN(calls, 2, 5).Draw(r, "fan-outs")
		packing := func(fanOuts ...[]int64) float64 {
			run := &results.Run{Header: header("pool"), Trials: []results.Trial{repeated("pool", k, fanOuts...)}}
			run.Contenders[0].Asked = k
			return *results.PerTrial(run)(&run.Trials[0]).Packing
		}
		if got := packing(fanOuts...); got > 1+1e-12 {
			r.Fatalf("packing %v", got)
		}
		one, again := packing(fanOuts[0]), packing(fanOuts[0], fanOuts[0], fanOuts[0])
		if d := one - again; d > 1e-12 || d < -1e-12 {
			r.Fatalf("packing %v of one, %v of three", one, again)
		}
	})
}
