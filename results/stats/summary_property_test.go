package stats

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/montanaflynn/stats"
	"pgregory.net/rapid"
)

// exactMoments are mean and sample variance without rounding.
func exactMoments(x []float64) (m, variance *big.Rat) {
	m, variance = new(big.Rat), new(big.Rat)
	n := big.NewRat(int64(len(x)), 1)
	for _, v := range x {
		m.Add(m, new(big.Rat).SetFloat64(v))
	}
	m.Quo(m, n)
	for _, v := range x {
		d := new(big.Rat).Sub(new(big.Rat).SetFloat64(v), m)
		variance.Add(variance, d.Mul(d, d))
	}
	if len(x) > 1 {
		variance.Quo(variance, n.Sub(n, big.NewRat(1, 1)))
	}
	return m, variance
}

// The oracle computes with fractions, so it has no rounding to share.
func TestMeanAndSDAgreeWithFractions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := times(t, "x", 2, 40)
		offset := rapid.SampledFrom([]float64{0, 1e3, 1e6}).Draw(t, "offset")
		for i := range x {
			x[i] += offset
		}
		m, variance := exactMoments(x)
		want, _ := m.Float64()
		got, err := Mean(x)
		if err != nil || math.Abs(got-want) > 1e-15*math.Abs(want) {
			t.Fatalf("mean %v, %v, want %v", got, err, want)
		}
		sd, err := SD(x)
		square, _ := variance.Float64()
		// A two-pass sd errs by the rounding of the mean, not of its square.
		if err != nil || math.Abs(sd-math.Sqrt(square)) > 1e-14*sd+1e-14*want {
			t.Fatalf("sd %v, %v, want %v", sd, err, math.Sqrt(square))
		}
	})
}

// Sums that leave the range of float64 do not take the mean with them.
func TestMeanOfHugeValues(t *testing.T) {
	x := []float64{math.MaxFloat64, math.MaxFloat64, math.MaxFloat64}
	if m, err := Mean(x); err != nil || m != math.MaxFloat64 {
		t.Errorf("%v, %v, want the largest number", m, err)
	}
	if _, err := SD([]float64{math.MaxFloat64, -math.MaxFloat64}); !errors.Is(err, ErrNotFinite) {
		t.Errorf("sd beyond float64: %v", err)
	}
}

// The order of the values must not show, and a change of unit must only change
// the unit.
func TestSummaryIgnoresOrderAndFollowsUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := times(t, "x", 2, 30)
		c := rapid.SampledFrom([]float64{0.25, 4, 1024}).Draw(t, "unit") // exact factors
		y := rapid.Permutation(mapped(x, func(v float64) float64 { return c * v })).Draw(t, "y")
		for name, f := range map[string]func([]float64) (float64, error){
			"mean": Mean, "median": Median, "min": Min, "max": Max, "sd": SD, "mad": MAD, "geometric mean": GeometricMean,
		} {
			a, err1 := f(x)
			b, err2 := f(y)
			if err1 != nil || err2 != nil {
				t.Fatalf("%s: %v, %v", name, err1, err2)
			}
			alike(t, name, c*a, b, 1e-12)
		}
		m, _ := Median(x)
		least, _ := Min(x)
		most, _ := Max(x)
		if m < least || m > most {
			t.Fatalf("median %v outside of %v to %v", m, least, most)
		}
	})
}

// The library's own function is the oracle where its percents are exact.
func TestQuantileAgreesWithTheLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := times(t, "x", 1, 50)
		eighths := rapid.IntRange(1, 8).Draw(t, "eighths of one")
		p := float64(eighths) / 8
		got, err := Quantile(x, p)
		want, libraryErr := stats.Percentile(x, 100*p)
		if err != nil || libraryErr != nil {
			t.Fatalf("%v, %v", err, libraryErr)
		}
		alike(t, "quantile", got, want, 1e-14)
		rank, err := NearestRank(x, p)
		want, libraryErr = stats.PercentileNearestRank(x, 100*p)
		if err != nil || libraryErr != nil || rank != want {
			t.Fatalf("nearest rank %v, %v, want %v", rank, err, want)
		}
	})
}

// At a whole rank the next value must not show, however far away it is; percents
// would let it: 99.9/100 is not 0.999.
func TestQuantileAtAWholeRankIsThatValue(t *testing.T) {
	x := make([]float64, 1001)
	for i := range x {
		x[i] = 1
	}
	x[1000] = 1e12
	if q, err := Quantile(x, 0.999); err != nil || q != 1 {
		t.Errorf("%v, %v, want 1", q, err)
	}
	if q, err := NearestRank(x[:20], 0.55); err != nil || q != 1 {
		t.Errorf("%v, %v, want 1", q, err)
	}
	if q, err := NearestRank([]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}, 0.55); err != nil || q != 11 {
		t.Errorf("%v, %v, want the 11th of 20", q, err)
	}
}

// Quantiles rise with p from the minimum to the maximum.
func TestQuantilesRise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := times(t, "x", 1, 30)
		ps := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 10).Draw(t, "p")
		ps = slices.Sorted(slices.Values(append(ps, 0, 1)))
		q, err := Quantiles(x, ps...)
		if err != nil || !slices.IsSorted(q) || q[0] != slices.Min(x) || q[len(q)-1] != slices.Max(x) {
			t.Fatalf("%v of %v: %v, %v", ps, x, q, err)
		}
	})
}

// Reflecting the data turns the sign of both skewnesses and keeps the trimmed
// mean where it was.
func TestShapeOfReflectedData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := times(t, "x", 3, 20)
		y := mapped(x, func(v float64) float64 { return -v })
		for _, f := range []func([]float64) (float64, error){Skewness, AdjustedSkewness} {
			a, err1 := f(x)
			b, err2 := f(y)
			if (err1 == nil) != (err2 == nil) || math.Abs(a+b) > 1e-9*(1+math.Abs(a)) {
				t.Fatalf("%v, %v and %v, %v", a, err1, b, err2)
			}
		}
		a, err1 := TrimmedMean(x, 0.2)
		b, err2 := TrimmedMean(y, 0.2)
		if err1 != nil || err2 != nil || a != -b {
			t.Fatalf("trimmed %v and %v", a, b)
		}
	})
}

// By hand: of 1, 2, 3, 4, 100 a fifth is one value from each end, which leaves
// 2, 3, 4; of 1, 1, 4 the deviations are -1, -1, 2, so m2 = 2, m3 = 2 and
// b1 = 2/2^1.5 = 0.7071, G1 = b1 sqrt(n(n-1))/(n-2) = 1.7321.
func TestShapeByHand(t *testing.T) {
	near(t, "trimmed", must(TrimmedMean([]float64{100, 3, 1, 4, 2}, 0.2))(t), 3, 0)
	near(t, "b1", must(Skewness([]float64{1, 4, 1}))(t), math.Sqrt2/2, 1e-14)
	near(t, "G1", must(AdjustedSkewness([]float64{1, 4, 1}))(t), math.Sqrt(3), 1e-14)
	near(t, "geometric", must(GeometricMean([]float64{1, 2, 4}))(t), 2, 1e-15)
	near(t, "cv", must(CV([]float64{1, 3}))(t), math.Sqrt2/2, 1e-15)
	near(t, "mad", must(MADRaw([]float64{1, 2, 3, 4, 100}))(t), 1, 0)
}

// Each refusal has its reason, which callers ask for.
func TestRefusalsNameTheirReason(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for what, c := range map[string]struct{ got, want error }{
		"mean of none":          {second(Mean(nil)), ErrNone},
		"mean with NaN":         {second(Mean([]float64{1, nan})), ErrNotFinite},
		"mean with a failure":   {second(Mean([]float64{1, inf})), ErrNotFinite},
		"sd of one":             {second(SD([]float64{1})), ErrTooFew},
		"median not reached":    {second(Median([]float64{1, inf})), ErrNotReached},
		"median of one":         {second(MedianInterval([]float64{1}, 0.95)), ErrTooFew},
		"level 1":               {second(MedianInterval([]float64{1, 2}, 1)), ErrLevel},
		"level NaN":             {second(MeanInterval([]float64{1, 2, 3}, nan)), ErrLevel},
		"mean interval of two":  {second(MeanInterval([]float64{1, 2}, 0.95)), ErrTooFew},
		"negative time":         {CheckTimes([]float64{1, -1}), ErrNegative},
		"interval not reached":  {second(MedianInterval([]float64{inf, inf, inf}, 0.95)), ErrNotReached},
		"unequal pairs":         {second(LogRatios([]float64{1}, []float64{1, 2})), ErrUnequal},
		"ratio of zero":         {second(LogRatios([]float64{1}, []float64{0})), ErrNotPositive},
		"p out of range":        {second(Holm([]float64{2})), ErrRange},
		"p NaN":                 {second(Holm([]float64{nan})), ErrRange},
		"rate of none":          {second(Wilson(0, 0, 0.95)), ErrNone},
		"more than all":         {second(Wilson(3, 2, 0.95)), ErrRange},
		"constant trend":        {second(MannKendall([]float64{1, 1, 1})), ErrConstant},
		"all failed everywhere": {second(WorstRank([]float64{inf}, []float64{inf}, 0.95)), ErrNone},
		"quantile of 30":        {second(QuantileInterval(make([]float64, 30), 0.99, 0.95)), ErrTooFew},
		"too few sizes":         {second(FitUSL([]float64{1, 2, 3}, []float64{1, 2, 3}, 0.95)), ErrTooFew},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: %v, want %v", what, c.got, c.want)
		}
	}
}

// second is the error of a call with two results.
func second[T any](_ T, err error) error { return err }
