package stats

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// checkIdealTime compares the bounds; what the file calls efficiency of a trial's
// own latencies is packing here.
func checkIdealTime(t *testing.T, c goldenCase) {
	var in struct {
		Latencies   []float64
		Concurrency int
		Makespan    float64
	}
	var want struct {
		Error      bool
		Sum, Max   float64
		Lower      float64 `json:"lower_bound"`
		Upper      float64 `json:"graham_upper_bound"`
		Efficiency float64
		Speedup    float64 `json:"speedup_over_serial"`
		MaxSpeedup float64 `json:"max_speedup"`
		Stalled    bool
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	b, err := Makespan(in.Latencies, in.Concurrency)
	if want.Error {
		if err == nil {
			t.Errorf("%+v, want an error", b)
		}
		return
	}
	near(t, "sum", must(b, err)(t).Sum, want.Sum, 1e-12)
	near(t, "max", b.Max, want.Max, 1e-12)
	near(t, "lower", b.Lower, want.Lower, 1e-12)
	near(t, "upper", b.Upper, want.Upper, 1e-12)
	near(t, "packing", must(b.Packing(in.Makespan))(t), want.Efficiency, 1e-12)
	near(t, "speed-up", must(b.SpeedupOverSerial(in.Makespan))(t), want.Speedup, 1e-12)
	near(t, "most", b.MaxSpeedup, want.MaxSpeedup, 1e-12)
	if b.Stalled(in.Makespan) != want.Stalled {
		t.Errorf("stalled is %v", !want.Stalled)
	}
}

// inOrder is the makespan of calls taken in order by the first free of k slots.
func inOrder(latencies []float64, k int) float64 {
	free := make([]float64, k)
	for _, l := range latencies {
		next := 0
		for i, at := range free {
			if at < free[next] {
				next = i
			}
		}
		free[next] += l
	}
	return slices.Max(free)
}

// fastest is the shortest makespan of any assignment of calls to k slots.
func fastest(latencies []float64, k int) float64 {
	best := math.Inf(1)
	loads := make([]float64, k)
	var assign func(i int)
	assign = func(i int) {
		if i == len(latencies) {
			best = min(best, slices.Max(loads))
			return
		}
		for s := range loads {
			loads[s] += latencies[i]
			assign(i + 1)
			loads[s] -= latencies[i]
		}
	}
	assign(0)
	return best
}

// The best of all assignments is not below Lower, calls taken in any order are
// not above Upper, and such a schedule keeps its certificate and its packing.
func TestMakespanBoundsHoldForSchedules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		latencies := times(t, "latencies", 1, 7)
		k := rapid.IntRange(1, 4).Draw(t, "slots")
		b, err := Makespan(latencies, k)
		if err != nil {
			t.Fatal(err)
		}
		best, greedy := fastest(latencies, k), inOrder(latencies, k)
		if best < b.Lower*(1-1e-12) || greedy > b.Upper*(1+1e-12) || b.Stalled(greedy) {
			t.Fatalf("best %v, in order %v, %+v", best, greedy, b)
		}
		packing, err1 := b.Packing(greedy)
		speedup, err2 := b.SpeedupOverSerial(greedy)
		if err1 != nil || err2 != nil || packing > 1+1e-12 || speedup > b.MaxSpeedup*(1+1e-12) {
			t.Fatalf("packing %v, speed-up %v of %+v", packing, speedup, b)
		}
	})
}

// Waves of 2 with latencies 1, 10, 1, 10, 1, 10 leave slots idle: 30 where in
// order 21 are enough, and the certificate, 16.5 + 5, says so.
func TestStalledNoticesWaves(t *testing.T) {
	b := must(Makespan([]float64{1, 10, 1, 10, 1, 10}, 2))(t)
	if !b.Stalled(30) || b.Stalled(inOrder([]float64{1, 10, 1, 10, 1, 10}, 2)) {
		t.Errorf("%+v", b)
	}
}
