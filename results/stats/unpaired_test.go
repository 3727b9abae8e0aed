package stats

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// exps are e to the power of each.
func exps(logs ...float64) []float64 {
	for i := range logs {
		logs[i] = math.Exp(logs[i])
	}
	return logs
}

// TestUnpairedRatioAgreesWithTheBook: water transfer through placental membranes
// (Hollander and Wolfe, Nonparametric Statistical Methods, table 4.1), whose shift is
// 0.305 with the 96 % interval -0.15 to 0.76. The other levels are from counting all
// 3003 draws in Python.
func TestUnpairedRatioAgreesWithTheBook(t *testing.T) {
	x := exps(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46)
	y := exps(1.15, 0.88, 0.90, 0.74, 1.21)
	// The order is no order of rounds: sorted in this way neither sample is inflated.
	for _, c := range []struct{ level, achieved, lo, hi float64 }{
		{0.90, 0.9007659007659008, -0.08, 0.72},
		{0.95, 0.9600399600399601, -0.15, 0.76},
		{0.99, 0.9920079920079921, -0.35, 1.01},
	} {
		got := must(UnpairedRatio(x, y, c.level))(t)
		near(t, "shift", math.Log(got.Estimate), 0.305, 1e-12)
		near(t, "lower end", math.Log(got.Interval.Lo), c.lo, 1e-12)
		near(t, "upper end", math.Log(got.Interval.Hi), c.hi, 1e-12)
		near(t, "level", got.Interval.Level, c.achieved, 1e-12)
	}
}

// TestShiftRankAgreesWithCounting: ranks and levels from counting all draws in Python,
// for two sides of 0.025.
func TestShiftRankAgreesWithCounting(t *testing.T) {
	for _, c := range []struct {
		m, n, k  int
		achieved float64
	}{
		{1, 1, 1, 0},
		{2, 2, 1, 2.0 / 3},
		{3, 3, 1, 0.9},
		{4, 4, 1, 0.9714285714285714},
		{5, 5, 3, 0.9682539682539683},
		{6, 6, 6, 0.9588744588744589},
		{3, 9, 3, 0.9636363636363636},
		{9, 3, 3, 0.9636363636363636},
		{8, 8, 14, 0.9501165501165502},
		{2, 20, 3, 0.9653679653679653},
	} {
		k, achieved := shiftRank(c.m, c.n, 0.025)
		if k != c.k {
			t.Errorf("%d and %d values: rank %d, want %d", c.m, c.n, k, c.k)
		}
		near(t, fmt.Sprintf("level of %d and %d", c.m, c.n), achieved, c.achieved, 1e-12)
	}
}

// TestShiftRankIsOneAcrossTheBorder of the exact distribution: the normal one takes
// over where they differ by a rank or two.
func TestShiftRankIsOneAcrossTheBorder(t *testing.T) {
	for _, tail := range []float64{0.025, 0.005, 0.05} {
		exact, _ := shiftRank(50, 50, tail)
		above, _ := shiftRank(50, 51, tail)
		// Between 50 and 51 values mn/2 grows by 25, and the rank by a little less.
		if above < exact || above > exact+30 {
			t.Errorf("tail %v: rank %d of 50 and 50 values, %d of 50 and 51", tail, exact, above)
		}
	}
}

// The oracle sorts all differences.
func TestUnpairedRatioAgreesWithAllPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		positive := rapid.Float64Range(1e-6, 1e6)
		x := rapid.SliceOfN(positive, 1, 12).Draw(t, "x")
		y := rapid.SliceOfN(positive, 1, 12).Draw(t, "y")
		got, err := UnpairedRatio(x, y, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		var all []float64
		for _, a := range x {
			for _, b := range y {
				all = append(all, math.Log(a)-math.Log(b))
			}
		}
		slices.Sort(all)
		m := len(all)
		if want := math.Exp((all[(m-1)/2] + all[m/2]) / 2); math.Abs(got.Estimate/want-1) > 1e-9 {
			t.Errorf("estimate %v, want %v", got.Estimate, want)
		}
		k, achieved := shiftRank(len(x), len(y), inflatedTail(0.95, max(Inflation(x), Inflation(y))))
		if achieved == 0 {
			return
		}
		if lo, hi := math.Exp(all[k-1]), math.Exp(all[m-k]); math.Abs(got.Interval.Lo/lo-1) > 1e-9 || math.Abs(got.Interval.Hi/hi-1) > 1e-9 {
			t.Errorf("interval %+v, want %v to %v", got.Interval, lo, hi)
		}
	})
}

// TestUnpairedRatioTurnsOver: the other way round it is one divided by it, and in
// another unit it is the same.
func TestUnpairedRatioTurnsOver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		positive := rapid.Float64Range(1e-3, 1e3)
		x, y := rapid.SliceOfN(positive, 2, 15).Draw(t, "x"), rapid.SliceOfN(positive, 2, 15).Draw(t, "y")
		a, err := UnpairedRatio(x, y, 0.95)
		b, other := UnpairedRatio(y, x, 0.95)
		if err != nil || other != nil {
			t.Fatal(err, other)
		}
		ms := make([]float64, len(x))
		for i := range x {
			ms[i] = x[i] * 1000
		}
		c, err := UnpairedRatio(ms, y, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		for _, pair := range [][2]float64{
			{a.Estimate, 1 / b.Estimate},
			{a.Interval.Lo, 1 / b.Interval.Hi},
			{a.Interval.Hi, 1 / b.Interval.Lo},
			{a.P, b.P},
			{c.Estimate, 1000 * a.Estimate},
			{c.Interval.Lo, 1000 * a.Interval.Lo},
		} {
			if math.Abs(pair[0]/pair[1]-1) > 1e-9 {
				t.Errorf("%v and %v", pair[0], pair[1])
			}
		}
		if !(a.Interval.Lo <= a.Estimate && a.Estimate <= a.Interval.Hi) {
			t.Errorf("%v is not in %+v", a.Estimate, a.Interval)
		}
	})
}

// TestUnpairedRatioWithFailures: a failed trial is longer than all others, and two of
// them tie.
func TestUnpairedRatioWithFailures(t *testing.T) {
	failed := math.Inf(1)
	good := []float64{1, 1.1, 0.9, 1.05, 0.95, 1.02}
	for name, c := range map[string]struct {
		x, y []float64
		ok   func(Unpaired) bool
	}{
		"one of x":    {[]float64{1, failed, 1.1, 0.9, 1.05, 0.95}, good, func(u Unpaired) bool { return u.Estimate < 2 && u.Interval.Lo > 0 && u.P > 0.3 }},
		"most of x":   {[]float64{failed, failed, 1, failed, failed, failed}, good, func(u Unpaired) bool { return math.IsInf(u.Estimate, 1) && u.Interval.Open && u.P < 0.05 }},
		"most of y":   {good, []float64{failed, failed, 1, failed, failed, failed}, func(u Unpaired) bool { return u.Estimate == 0 && u.Interval.Lo == 0 && u.P < 0.05 }},
		"all of both": {[]float64{failed, failed}, []float64{failed, failed}, func(u Unpaired) bool { return u.Estimate == 1 && u.P == 1 }},
		"half of x":   {[]float64{failed, 1, failed, 1}, []float64{1, 1}, func(u Unpaired) bool { return math.IsInf(u.Estimate, 1) && u.Interval.Lo == 1 && u.Interval.Open }},
	} {
		if u := must(UnpairedRatio(c.x, c.y, 0.95))(t); !c.ok(u) {
			t.Errorf("%s: %+v", name, u)
		}
	}
}

// TestUnpairedRatioRefuses what are no times.
func TestUnpairedRatioRefuses(t *testing.T) {
	one := []float64{1}
	for _, c := range []struct {
		x, y  []float64
		level float64
		want  error
	}{
		{nil, one, 0.95, ErrNone},
		{one, nil, 0.95, ErrNone},
		{[]float64{0}, one, 0.95, ErrNotPositive},
		{one, []float64{-1}, 0.95, ErrNotPositive},
		{[]float64{math.NaN()}, one, 0.95, ErrNotFinite},
		{one, one, 1, ErrLevel},
	} {
		if _, err := UnpairedRatio(c.x, c.y, c.level); !errors.Is(err, c.want) {
			t.Errorf("%v, %v, %v: %v, want %v", c.x, c.y, c.level, err, c.want)
		}
	}
	if u := must(UnpairedRatio(one, []float64{2}, 0.95))(t); u.Interval.Level != 0 || u.Estimate != 0.5 {
		t.Errorf("one value each: %+v", u)
	}
}

// trials draws times with a median, of which a share of the noise lasts from one to
// the next.
func trials(draw *rand.Rand, n int, median, share float64) []float64 {
	out := make([]float64, n)
	noise := draw.NormFloat64()
	for i := range out {
		noise = share*noise + math.Sqrt(1-share*share)*draw.NormFloat64()
		out[i] = median * math.Exp(0.2*noise)
	}
	return out
}

// TestUnpairedRatioCovers: of many intervals at 95 % those that hold the true ratio of
// 1.3 are as many as promised, give or take three standard errors, and p finds a
// difference that does not exist no oftener than one in twenty times. That is so too
// where half of the noise lasts from trial to trial, as long as there are enough trials
// to tell; without the inflation three quarters of the intervals would hold it there.
func TestUnpairedRatioCovers(t *testing.T) {
	for _, c := range []struct {
		m, n, runs int
		share      float64
	}{{6, 6, 2000, 0}, {10, 20, 500, 0}, {60, 60, 2000, 0}, {60, 60, 2000, 0.5}} {
		draw := rand.New(rand.NewPCG(7, uint64(c.m*1000+c.n)))
		held, alarms := 0, 0
		for range c.runs {
			u := must(UnpairedRatio(trials(draw, c.m, 1.3, c.share), trials(draw, c.n, 1, c.share), 0.95))(t)
			if !u.Interval.Excludes(1.3) {
				held++
			}
			if same := must(UnpairedRatio(trials(draw, c.m, 1, c.share), trials(draw, c.n, 1, c.share), 0.95))(t); same.P < 0.05 {
				alarms++
			}
		}
		covered, wrong := float64(held)/float64(c.runs), float64(alarms)/float64(c.runs)
		t.Logf("%d and %d trials, %v of the noise lasting: %.3f hold, %.3f alarms", c.m, c.n, c.share, covered, wrong)
		least := 0.95 - 3*math.Sqrt(0.05*0.95/float64(c.runs))
		if covered < least || covered > 0.99 || wrong > 1-least {
			t.Errorf("%d and %d trials, %v of the noise lasting: %.3f of the intervals hold the ratio, %.3f alarms", c.m, c.n, c.share, covered, wrong)
		}
	}
}
