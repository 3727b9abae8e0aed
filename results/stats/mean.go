package stats

import (
	"fmt"
	"math"
)

// MeanInterval is the interval for the mean of skewed data: the transformation
// of Hall ("On the removal of skewness by transformation", JRSS B 54, 1992) with
// Student quantiles, as given by Willink ("A confidence interval and test for
// the mean of an asymmetric distribution", Communications in Statistics 34,
// 2005), with the variance multiplied by f = Inflation(x) and the degrees of
// freedom taken from n/f. The values must be in the order of the rounds.
//
// Times are expected: negative ones are refused and the lower end is clipped
// at 0. Level is the level asked for; it holds approximately, and not at all
// for a mean with rare slow trials among few. Below 3 values: ErrTooFew.
func MeanInterval(x []float64, level float64) (Interval, error) {
	if err := checkSample(x, 3, level); err != nil {
		return Interval{}, fmt.Errorf("mean interval: %w", err)
	}
	if err := CheckTimes(x); err != nil {
		return Interval{}, fmt.Errorf("mean interval: %w", err)
	}
	iv, err := willink(x, Inflation(x), level)
	if err != nil {
		return Interval{}, fmt.Errorf("mean interval: %w", err)
	}
	iv.Lo = max(iv.Lo, 0)
	return iv, nil
}

// willink is [m - s sqrt(f/n) inv(t), m - s sqrt(f/n) inv(-t)] with inv the
// inverse of Hall's cubic, not clipped.
func willink(x []float64, f, level float64) (Interval, error) {
	n := float64(len(x))
	sd, err := SD(x)
	if err != nil {
		return Interval{}, err
	}
	g := skewnessG1(x, sd)
	t := tQuantile((1+level)/2, max(max(n/f, 2)-1, 1))
	m, scale := mean(x), sd*math.Sqrt(f/n)
	lo, hi := m-float64(scale*hallInverse(t, g, n)), m-float64(scale*hallInverse(-t, g, n))
	if math.IsInf(lo, 0) || math.IsInf(hi, 0) {
		return Interval{}, ErrNotFinite
	}
	return Interval{Lo: lo, Hi: hi, Level: level}, nil
}

// hallInverse is (3 sqrt(n)/g) (cbrt(1 + g (q/sqrt(n) - g/(6n))) - 1), which
// tends to q as the skewness g vanishes. Near there the difference is formed by
// logarithms: a cube root less 1 would lose all its digits.
func hallInverse(q, g, n float64) float64 {
	if math.Abs(g) < 1e-12 {
		return q
	}
	root := math.Sqrt(n)
	delta := g * (q/root - g/(6*n))
	less := math.Cbrt(1+delta) - 1
	if math.Abs(delta) < 0.5 {
		less = math.Expm1(math.Log1p(delta) / 3)
	}
	return 3 * root / g * less
}

// StudentInterval is m -+ t s/sqrt(n), exact for independent normal values. It
// is not shown to users: its coverage falls to 46 % where a few trials are
// slow. It stands here for comparison.
func StudentInterval(x []float64, level float64) (Interval, error) {
	if err := checkSample(x, 2, level); err != nil {
		return Interval{}, fmt.Errorf("student interval: %w", err)
	}
	sd, err := SD(x)
	if err != nil {
		return Interval{}, err
	}
	n := float64(len(x))
	half := tQuantile((1+level)/2, n-1) * sd / math.Sqrt(n)
	m := mean(x)
	if math.IsInf(m-half, 0) || math.IsInf(m+half, 0) {
		return Interval{}, fmt.Errorf("student interval: %w", ErrNotFinite)
	}
	return Interval{Lo: m - half, Hi: m + half, Level: level}, nil
}
