package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// checkMedianRanks compares ranks and level, and whether the level was attainable.
func checkMedianRanks(t *testing.T, c goldenCase) {
	var in struct {
		N    int
		Conf float64
	}
	var want struct {
		D          int
		Lower      int `json:"lower_rank"`
		Upper      int `json:"upper_rank"`
		Achieved   float64
		Attainable bool
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	d, achieved := MedianRanks(in.N, in.Conf)
	if d != want.D || d != want.Lower || in.N+1-d != want.Upper {
		t.Errorf("ranks %d and %d, want %d and %d", d, in.N+1-d, want.Lower, want.Upper)
	}
	near(t, "achieved", achieved, want.Achieved, 1e-12)
	if (achieved >= in.Conf) != want.Attainable {
		t.Errorf("achieved %v of %v, attainable should be %v", achieved, in.Conf, want.Attainable)
	}
}

// orderWant is an expected interval from order statistics.
type orderWant struct {
	ends
	D          int
	Achieved   float64
	AchievedID float64 `json:"achieved_iid"`
	Attainable bool
}

// checkMedianInterval follows the widening step by step: autocorrelation of the
// ranks, inflation, raised level, rank, ends.
func checkMedianInterval(t *testing.T, c goldenCase) {
	var in struct {
		X    []float64 `json:"x_in_round_order"`
		Conf float64
	}
	var want struct {
		Median     float64
		IID        orderWant
		RankLag1   float64 `json:"rank_lag1"`
		Inflation  float64
		NEffective float64 `json:"n_effective"`
		RaisedConf float64 `json:"raised_conf"`
		Adjusted   orderWant
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	near(t, "median", must(Median(in.X))(t), want.Median, 1e-12)
	f, n := Inflation(in.X), len(in.X)
	r1, _ := rankLag1(in.X)
	near(t, "lag 1", r1, want.RankLag1, 1e-9)
	near(t, "inflation", f, want.Inflation, 1e-9)
	near(t, "effective n", float64(n)/f, want.NEffective, 1e-9)
	near(t, "raised level", 1-2*inflatedTail(in.Conf, f), want.RaisedConf, 1e-9)

	d, achieved := MedianRanks(n, in.Conf)
	iid := must(orderInterval(in.X, d, achieved))(t)
	nearInterval(t, "without inflation", iid, want.IID.ends, 0)
	near(t, "achieved", achieved, want.IID.Achieved, 1e-12)
	if (achieved >= in.Conf) != want.IID.Attainable {
		t.Errorf("achieved %v, attainable should be %v", achieved, want.IID.Attainable)
	}

	iv := must(MedianInterval(in.X, in.Conf))(t)
	d, _ = medianRanksTail(n, inflatedTail(in.Conf, f))
	if d != want.Adjusted.D {
		t.Errorf("d = %d, want %d", d, want.Adjusted.D)
	}
	nearInterval(t, "interval", iv, want.Adjusted.ends, 0)
	near(t, "level", iv.Level, want.Adjusted.AchievedID, 1e-12)
	if (iv.Level >= want.RaisedConf) != want.Adjusted.Attainable {
		t.Errorf("level %v of %v, attainable should be %v", iv.Level, want.RaisedConf, want.Adjusted.Attainable)
	}
}

// signsBetween counts, of all 2^n ways in which n values can lie above or below
// their true median, those that leave it between the d-th from both ends.
func signsBetween(n, d int) (count int) {
	for signs := range 1 << n {
		below := 0
		for i := range n {
			below += signs >> i & 1
		}
		if below >= d && n-below >= d {
			count++
		}
	}
	return count
}

// The achieved level is the share of equally likely outcomes that cover, found
// by counting all of them, and d is the largest that still reaches the level.
func TestMedianRanksAgreeWithCounting(t *testing.T) {
	for n := 1; n <= 13; n++ {
		for _, level := range []float64{0.3, 0.5, 0.75, 0.9, 0.95, 0.99} {
			d, achieved := MedianRanks(n, level)
			if want := float64(signsBetween(n, d)) / float64(int(1)<<n); achieved != want {
				t.Errorf("n %d, level %v: achieved %v, want %v", n, level, achieved, want)
			}
			if wider := float64(signsBetween(n, d+1)) / float64(int(1)<<n); 2*(d+1) <= n+1 && wider >= level {
				t.Errorf("n %d, level %v: d = %d, but %d would do", n, level, d, d+1)
			}
		}
	}
}

// The interval contains the median, widens with the level, and a failed trial
// in place of a success never pulls an end down.
func TestMedianIntervalContainsAndNests(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := times(t, "x", 2, 40)
		narrow, err1 := MedianInterval(x, 0.5)
		wide, err2 := MedianInterval(x, 0.99)
		m, err3 := Median(x)
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatal(err1, err2, err3)
		}
		if narrow.Excludes(m) || wide.Excludes(narrow.Lo) || wide.Excludes(narrow.Hi) {
			t.Fatalf("median %v in %+v in %+v", m, narrow, wide)
		}
		failed := slices.Clone(x)
		failed[rapid.IntRange(0, len(x)-1).Draw(t, "failed")] = math.Inf(1)
		after, err := orderInterval(failed, 1, 0.5)
		before, _ := orderInterval(x, 1, 0.5)
		if err != nil || after.Lo < before.Lo || !after.Open {
			t.Fatalf("%+v became %+v, %v", before, after, err)
		}
	})
}

// Whatever the shape, the exact interval covers the true median at its level:
// 2000 samples of 20 lognormal times leave 95.9 % with a standard error of 0.45.
func TestMedianIntervalCovers(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	covered, runs := 0, 2000
	for range runs {
		x := lognormal(random, 20, 1)
		d, achieved := MedianRanks(len(x), 0.95)
		if iv, err := orderInterval(x, d, achieved); err == nil && !iv.Excludes(1) {
			covered++
		}
	}
	if share := float64(covered) / float64(runs); share < 0.943 || share > 0.975 {
		t.Errorf("covers %.3f, want 0.959 within 3.5 standard errors", share)
	}
}

// Ranks by counting: those smaller, and half of the other equal ones.
func TestMidRanksAgreeWithCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := times(t, "x", 1, 30)
		ranks, ties := midRanks(x)
		for i, v := range x {
			want := 0.5
			for _, w := range x {
				if w < v {
					want++
				}
				if w == v {
					want += 0.5
				}
			}
			if ranks[i] != want {
				t.Fatalf("rank %v of %v in %v, want %v", ranks[i], v, x, want)
			}
		}
		for _, size := range ties {
			if size < 2 {
				t.Fatalf("a tie of %d", size)
			}
		}
	})
}

// Inflation depends on ranks only and lies between 1 and (1+.95)/(1-.95) = 39.
func TestInflationIsBoundedAndOfRanks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := times(t, "x", 1, 40)
		f := Inflation(x)
		if f < 1 || f > 39.0001 || Inflation(mapped(x, math.Sqrt)) != f {
			t.Fatalf("%v, of roots %v", f, Inflation(mapped(x, math.Sqrt)))
		}
	})
}

// A trend is nearly all dependence, an alternation has none, and below 10 values
// nothing is told from chance.
func TestInflationOfTrendAndAlternation(t *testing.T) {
	rising, alternating := make([]float64, 40), make([]float64, 40)
	for i := range rising {
		rising[i], alternating[i] = float64(i+1), float64(1+i%2)
	}
	if f := Inflation(rising); f < 30 {
		t.Errorf("inflation of a trend is %v", f)
	}
	if f := Inflation(alternating); f != 1 {
		t.Errorf("inflation of an alternation is %v", f)
	}
	if f := Inflation(rising[:9]); f != 1 {
		t.Errorf("inflation of 9 values is %v", f)
	}
}
