package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// times draws n times between a microsecond and a quarter of an hour. Half of
// the samples are drawn from a coarse grid, so that ties are common.
func times(t *rapid.T, name string, least, most int) []float64 {
	n := rapid.IntRange(least, most).Draw(t, name+" n")
	value := rapid.Float64Range(1e-6, 1000)
	if rapid.Bool().Draw(t, name+" has ties") {
		value = rapid.Map(rapid.IntRange(1, 6), func(i int) float64 { return float64(i) / 4 })
	}
	return rapid.SliceOfN(value, n, n).Draw(t, name)
}

// effects draws n log ratios of both signs, ties and zeros among them.
func effects(t *rapid.T, least, most int) []float64 {
	n := rapid.IntRange(least, most).Draw(t, "n")
	value := rapid.Float64Range(-3, 3)
	if rapid.Bool().Draw(t, "has ties") {
		value = rapid.Map(rapid.IntRange(-4, 4), func(i int) float64 { return float64(i) / 8 })
	}
	return rapid.SliceOfN(value, n, n).Draw(t, "d")
}

// mapped applies f to every value.
func mapped(x []float64, f func(float64) float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = f(v)
	}
	return out
}

// alike wants two numbers within the relative tolerance of the larger one.
func alike(t *rapid.T, what string, a, b, relative float64) {
	t.Helper()
	if math.Abs(a-b) > relative*max(math.Abs(a), math.Abs(b), 1e-300) {
		t.Fatalf("%s: %.17g and %.17g", what, a, b)
	}
}

// lognormal draws n times that are skewed as those of fetches are.
func lognormal(random *rand.Rand, n int, sigma float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Exp(sigma * random.NormFloat64())
	}
	return x
}

// everyOutput calls every function that returns numbers, with whatever it is
// given, and returns all the numbers that came without an error.
func everyOutput(x, y []float64, p float64, n int) (out []float64) {
	keep := func(v float64, err error) {
		if err == nil {
			out = append(out, v)
		}
	}
	interval := func(iv Interval, err error) {
		if err == nil {
			out = append(out, iv.Lo, iv.Hi, iv.Level)
		}
	}
	for _, f := range []func([]float64) (float64, error){
		Mean, Median, Min, Max, SD, CV, MAD, MADRaw, Skewness, AdjustedSkewness, GeometricMean, SignedRank, TheilSen,
	} {
		keep(f(x))
	}
	for _, f := range []func([]float64, float64) (float64, error){Quantile, NearestRank, TrimmedMean, PenalisedMean} {
		keep(f(x, p))
	}
	for _, f := range []func([]float64, float64) (Interval, error){MedianInterval, MeanInterval, StudentInterval, PercentileInterval} {
		interval(f(x, p))
	}
	interval(QuantileInterval(x, 0.5, p))
	interval(Wilson(n, len(x), p))
	interval(Newcombe(n, len(x), n/2, len(y), p))
	interval(BasicInterval(p, x, 0.9))
	interval(BCaInterval(p, x, y, 0.9))
	return append(append(out, Inflation(x)), everyComparison(x, y, p, n)...)
}

// everyComparison is the part of everyOutput that takes two samples.
func everyComparison(x, y []float64, p float64, n int) (out []float64) {
	keep := func(err error, numbers ...float64) {
		if err == nil {
			out = append(out, numbers...)
		}
	}
	d, err := LogRatios(x, y)
	keep(err, d...)
	shift, err := HodgesLehmann(x, p)
	iv := shift.Interval.Exp()
	keep(err, shift.Estimate, shift.Interval.Lo, shift.Interval.Hi, iv.Lo, iv.Hi)
	w, err := WorstRank(x, y, p)
	log := w.Interval.Log()
	keep(err, w.P, w.Speedup, w.Interval.Lo, w.Interval.Hi, log.Lo, log.Hi)
	ratio, iv, _, err := Fieller(x, y, p)
	keep(err, ratio, iv.Lo, iv.Hi)
	ratio, iv, err = RatioOfMedians(x, y, p, 1)
	keep(err, ratio, iv.Lo, iv.Hi)
	adjusted, err := Holm(x)
	keep(err, adjusted...)
	trend, err := MannKendall(x)
	keep(err, trend.Z, trend.P, trend.Variance)
	dependence, err := Bartels(x)
	keep(err, dependence.RVN, dependence.Z, dependence.P)
	box, err := LjungBox(x)
	keep(err, append(box.ACF, box.Q, box.P)...)
	two, err := MannWhitney(x, y)
	keep(err, two.U, two.P, two.Delta, two.A12)
	z, err := ModifiedZ(x)
	keep(err, z...)
	bounds, err := Makespan(x, n)
	keep(err, bounds.Sum, bounds.Lower, bounds.Upper, bounds.MaxSpeedup)
	packing, err := bounds.Packing(p)
	keep(err, packing)
	fit, err := FitUSL(x, y, p)
	keep(err, fit.Alpha.SE, fit.Beta.Value, fit.Gamma.Interval.Hi, fit.RSS, fit.Sigma)
	first := mapped(y, func(v float64) float64 { return v })
	position, err := PositionEffect(x, atLeast(first, 1), p)
	keep(err, position.Ratio, position.P, position.Interval.Lo, position.Interval.Hi)
	look, err := DefaultStop(p).Look(x)
	keep(err, look.HalfWidth)
	return out
}

// atLeast says which values reach the limit.
func atLeast(x []float64, limit float64) []bool {
	out := make([]bool, len(x))
	for i, v := range x {
		out[i] = v >= limit
	}
	return out
}

// Whatever comes in, no function panics, none changes its input, and what comes
// out without an error is a finite number: reports are written as JSON, which
// has no other.
func TestNothingButFiniteNumbersLeaves(t *testing.T) {
	nasty := []float64{
		0, 1, 2, 0.5, -1, 1e-300, 1e300, math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64,
		math.Inf(1), math.Inf(-1), math.NaN(), math.Copysign(0, -1), 1 + 0x1p-52,
	}
	anything := rapid.OneOf(rapid.SampledFrom(nasty), rapid.Float64(), rapid.Float64Range(0.1, 10))
	// Most of what is drawn from those is refused at the door. Positive numbers
	// of all sizes get further in.
	positive := rapid.OneOf(rapid.SampledFrom(nasty[1:4]), rapid.Float64Min(math.SmallestNonzeroFloat64), rapid.SampledFrom([]float64{1e-300, 1e300, math.MaxFloat64}))
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.SampledFrom([]*rapid.Generator[float64]{anything, positive}).Draw(t, "values")
		x := rapid.SliceOfN(value, 0, 12).Draw(t, "x")
		y := rapid.SliceOfN(value, len(x), len(x)).Draw(t, "y")
		p := rapid.OneOf(rapid.Float64Range(0, 1), value).Draw(t, "p")
		n := rapid.IntRange(-1, 20).Draw(t, "n")
		x1, y1 := slices.Clone(x), slices.Clone(y)
		for i, v := range everyOutput(x, y, p, n) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("output %d is %v", i, v)
			}
		}
		same := func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }
		if !slices.EqualFunc(x, x1, same) || !slices.EqualFunc(y, y1, same) {
			t.Fatal("an input was changed")
		}
	})
}
