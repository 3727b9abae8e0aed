package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// walshAverages are all of them, sorted.
func walshAverages(d []float64) []float64 {
	var w []float64
	for i, a := range d {
		for _, b := range d[i:] {
			w = append(w, a/2+b/2)
		}
	}
	slices.Sort(w)
	return w
}

// The oracle keeps all averages and sorts them.
func TestHodgesLehmannAgreesWithSorting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := effects(t, 1, 40)
		level := rapid.SampledFrom([]float64{0.5, 0.9, 0.95, 0.99}).Draw(t, "level")
		shift, err := HodgesLehmann(d, level)
		if err != nil {
			t.Fatal(err)
		}
		w := walshAverages(d)
		k, achieved := SignedRankK(len(d), level)
		want := Shift{
			Estimate: w[(len(w)-1)/2]/2 + w[len(w)/2]/2,
			Interval: Interval{Lo: w[k-1], Hi: w[len(w)-k], Level: achieved},
		}
		if shift != want {
			t.Fatalf("%+v, want %+v", shift, want)
		}
	})
}

// The interval contains the estimate and widens with the level; exchanging
// baseline and contender turns everything round; a change of unit of all times
// changes nothing.
func TestHodgesLehmannContainsNestsAndTurns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := times(t, "base", 1, 30)
		contender := rapid.SliceOfN(rapid.Float64Range(0.1, 10), len(base), len(base)).Draw(t, "contender")
		narrow := shiftOf(t, base, contender, 0.5)
		wide := shiftOf(t, base, contender, 0.99)
		if narrow.Estimate < narrow.Interval.Lo || narrow.Estimate > narrow.Interval.Hi {
			t.Fatalf("%+v does not contain its estimate", narrow)
		}
		if wide.Interval.Lo > narrow.Interval.Lo || wide.Interval.Hi < narrow.Interval.Hi {
			t.Fatalf("%+v is not in %+v", narrow, wide)
		}
		turned := shiftOf(t, contender, base, 0.5)
		times4 := func(v float64) float64 { return 4 * v }
		scaled := shiftOf(t, mapped(base, times4), mapped(contender, times4), 0.5)
		for _, other := range []Shift{scaled, {-turned.Estimate, Interval{Lo: -turned.Interval.Hi, Hi: -turned.Interval.Lo}}} {
			alike(t, "estimate", math.Exp(other.Estimate), math.Exp(narrow.Estimate), 1e-12)
			alike(t, "lo", math.Exp(other.Interval.Lo), math.Exp(narrow.Interval.Lo), 1e-12)
			alike(t, "hi", math.Exp(other.Interval.Hi), math.Exp(narrow.Interval.Hi), 1e-12)
		}
	})
}

// shiftOf goes from times to the estimate.
func shiftOf(t *rapid.T, base, contender []float64, level float64) Shift {
	t.Helper()
	d, err := LogRatios(base, contender)
	if err != nil {
		t.Fatal(err)
	}
	shift, err := HodgesLehmann(d, level)
	if err != nil {
		t.Fatal(err)
	}
	return shift
}

// A round that was wildly slow moves the estimate less than its neighbours do.
func TestHodgesLehmannResistsOneOutlier(t *testing.T) {
	d := []float64{0.1, 0.2, 0.15, 0.12, 0.18, 0.22, 0.11}
	with := must(HodgesLehmann(append(slices.Clone(d), 50), 0.95))(t)
	if with.Estimate > 0.22 {
		t.Errorf("estimate %v", with.Estimate)
	}
}

// Keys are in the order of the floats and lead back to them.
func TestFloatKeysKeepOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64().Draw(t, "a"), rapid.Float64().Draw(t, "b")
		if (a < b) != (floatKey(a) < floatKey(b)) || keyFloat(floatKey(a)) != a {
			t.Fatalf("%v %v: keys %d %d", a, b, floatKey(a), floatKey(b))
		}
	})
}

// With paired rounds under a drift that both contenders share, the interval
// covers the true ratio at its level: 2000 simulated runs of 20 rounds, whose
// exact level is 95.2 %, with a standard error of 0.48.
func TestHodgesLehmannCovers(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	truth, covered, runs := math.Log(3), 0, 2000
	for range runs {
		d := make([]float64, 20)
		for i := range d {
			drift := 1 + float64(i)/10
			d[i] = math.Log(3*drift*math.Exp(0.5*random.NormFloat64())) - math.Log(drift*math.Exp(0.3*random.NormFloat64()))
		}
		shift, err := HodgesLehmann(d, 0.95)
		if err == nil && !shift.Interval.Excludes(truth) {
			covered++
		}
	}
	if share := float64(covered) / float64(runs); math.Abs(share-0.95) > 0.015 {
		t.Errorf("covers %.4f, want 0.95 within 0.015", share)
	}
}

// Thousands of values are no other method: sorting all averages says the same, and the
// interval excludes 0 where the test of the same name finds a difference.
func TestHodgesLehmannStaysItselfForThousands(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	for _, n := range []int{2000, 2001} {
		d := lognormal(random, n, 0.1)
		for i := range d {
			d[i] = math.Log(d[i]) + 0.005
		}
		shift := must(HodgesLehmann(d, 0.95))(t)
		w := walshAverages(d)
		k, achieved := SignedRankK(n, 0.95)
		want := Shift{Estimate: w[(len(w)-1)/2]/2 + w[len(w)/2]/2, Interval: Interval{Lo: w[k-1], Hi: w[len(w)-k], Level: achieved}}
		if shift != want {
			t.Errorf("%d values: %+v, want %+v", n, shift, want)
		}
		if p := must(SignedRank(d))(t); shift.Interval.Excludes(0) != (p < 0.05) {
			t.Errorf("%d values: p = %v with %+v", n, p, shift)
		}
	}
}
