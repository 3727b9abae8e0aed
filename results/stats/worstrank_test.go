package stats

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// checkWorstRank compares counts, sign test, estimate and interval; an end at
// infinity in the file is an open interval here.
func checkWorstRank(t *testing.T, c goldenCase) {
	var in struct {
		Base, Cand []number
		Conf       float64
	}
	var want struct {
		Rounds, N     int
		Uninformative int     `json:"uninformative_rounds"`
		Faster        int     `json:"cand_faster_rounds"`
		P             float64 `json:"sign_p"`
		Speedup       float64 `json:"median_speedup"`
		CI            struct {
			ends
			Achieved   float64
			Attainable bool
		}
		BaseOK int `json:"base_ok"`
		CandOK int `json:"cand_ok"`
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	base, contender := floats(in.Base), floats(in.Cand)
	w := must(WorstRank(base, contender, in.Conf))(t)
	if w.Rounds != want.N || w.Uninformative != want.Uninformative || w.Rounds+w.Uninformative != want.Rounds || w.Faster != want.Faster {
		t.Errorf("%+v, want %+v", w, want)
	}
	near(t, "p", w.P, want.P, 1e-10)
	near(t, "speed-up", w.Speedup, want.Speedup, 1e-10)
	nearInterval(t, "interval", w.Interval, want.CI.ends, 1e-10)
	near(t, "achieved", w.Interval.Level, want.CI.Achieved, 1e-10)
	if (w.Interval.Level >= in.Conf) != want.CI.Attainable || !w.Reached {
		t.Errorf("%+v, attainable should be %v", w, want.CI.Attainable)
	}
	if len(Successes(base)) != want.BaseOK || len(Successes(contender)) != want.CandOK {
		t.Errorf("%d and %d succeeded, want %d and %d", len(Successes(base)), len(Successes(contender)), want.BaseOK, want.CandOK)
	}
}

// A trial of the contender that fails instead of succeeding never raises its
// speed-up nor the ends of the interval, and never counts as faster.
func TestFailuresNeverMakeAContenderFaster(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := times(t, "base", 2, 25)
		contender := rapid.SliceOfN(rapid.Float64Range(0.01, 1), len(base), len(base)).Draw(t, "contender")
		for i := range base {
			if rapid.IntRange(0, 5).Draw(t, "fails") == 0 {
				base[i] = math.Inf(1)
			}
		}
		worse := slices.Clone(contender)
		worse[rapid.IntRange(0, len(base)-1).Draw(t, "failed")] = math.Inf(1)
		before, err1 := WorstRank(base, contender, 0.95)
		after, err2 := WorstRank(base, worse, 0.95)
		if err1 != nil || err2 != nil {
			return // every round failed on both sides
		}
		if after.Faster > before.Faster {
			t.Fatalf("%+v became %+v", before, after)
		}
		if after.Rounds == before.Rounds { // else a round with two failures dropped out
			wantNoFaster(t, before, after)
		}
	})
}

// wantNoFaster compares what has a value on both sides.
func wantNoFaster(t *rapid.T, before, after Worst) {
	t.Helper()
	if before.Reached && after.Reached && after.Speedup > before.Speedup {
		t.Fatalf("speed-up %v became %v", before.Speedup, after.Speedup)
	}
	if a, b := after.Interval, before.Interval; a.Lo > b.Lo && b.Level > 0 || !a.Open && !b.Open && b.Level > 0 && a.Hi > b.Hi {
		t.Fatalf("%+v became %+v", b, a)
	}
}

// The sign test counts 2^n equally likely outcomes; equal rounds do not count.
func TestSignTestAgreesWithCounting(t *testing.T) {
	for a := range 8 {
		for b := range 8 {
			n, asExtreme := a+b, 0
			for signs := range 1 << n {
				plus := 0
				for i := range n {
					plus += signs >> i & 1
				}
				if min(plus, n-plus) <= min(a, b) {
					asExtreme++
				}
			}
			near(t, "p", signTest(a, b), float64(asExtreme)/float64(int(1)<<n), 1e-14)
		}
	}
	w := must(WorstRank([]float64{1, 2, 3}, []float64{1, 1, 1}, 0.5))(t)
	if w.Faster != 2 || w.Slower != 0 || w.Rounds != 3 || w.P != 0.5 {
		t.Errorf("%+v, want 2 faster of 3 and p 0.5", w)
	}
}

// What lies between failures of both sides, or among those of the baseline, has
// no value; a contender that mostly fails has speed-up 0.
func TestWorstRankAtTheEdges(t *testing.T) {
	inf := math.Inf(1)
	for name, c := range map[string]struct {
		base, contender []float64
		want            Worst
	}{
		"baseline fails": {[]float64{inf, inf, inf}, []float64{1, 1, 1}, Worst{Rounds: 3, Faster: 3, P: 0.25}},
		"contender fails": {
			[]float64{1, 1, 1},
			[]float64{inf, inf, inf},
			Worst{Rounds: 3, Slower: 3, P: 0.25, Reached: true, Interval: Interval{Level: 0.75}},
		},
		"between failures": {
			[]float64{inf, 1},
			[]float64{1, inf},
			Worst{Rounds: 2, Faster: 1, Slower: 1, P: 1, Interval: Interval{Level: 0.5, Open: true}},
		},
		"one round": {[]float64{2}, []float64{1}, Worst{Rounds: 1, Faster: 1, P: 1, Speedup: 2, Reached: true}},
	} {
		if got := must(WorstRank(c.base, c.contender, 0.95))(t); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
