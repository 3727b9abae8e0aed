package stats

import (
	"fmt"
	"math"
)

// LogRatios are ln(baseline / contender) round by round, above 0 where the
// contender was faster. Rounds in which either trial failed (+Inf) are left
// out; where there are any, WorstRank is the comparison to use. Unequal
// lengths, NaN, negative times and zeros are refused: a duration of zero has no
// ratio.
func LogRatios(base, contender []float64) ([]float64, error) {
	if err := checkPairs(base, contender); err != nil {
		return nil, fmt.Errorf("log ratios: %w", err)
	}
	d := make([]float64, 0, len(base))
	for i, b := range base {
		if !math.IsInf(b, 1) && !math.IsInf(contender[i], 1) {
			d = append(d, logRatio(b, contender[i]))
		}
	}
	return d, nil
}

// logRatio is ln(b/c). Dividing first makes equal ratios equal numbers, so that
// the rank tests see their ties; where the quotient would leave the normal range
// of float64 mantissas and exponents are divided apart. The larger is always
// divided by the smaller, so that swapping the sides changes the sign and not
// the last digit, nor with it the ties and the p-value.
func logRatio(b, c float64) float64 {
	if b < c {
		return -logRatio(c, b)
	}
	if q := b / c; q >= 0x1p-1022 && !math.IsInf(q, 1) {
		return math.Log(q)
	}
	fb, eb := math.Frexp(b)
	fc, ec := math.Frexp(c)
	return math.Log(fb/fc) + float64(float64(eb-ec)*math.Ln2)
}

// Fieller is the ratio of the means of paired times with Fieller's interval
// ("Some problems in interval estimation", JRSS B 16, 1954): with ma, mb the
// means of baseline and contender, va, vb their variances, c their covariance
// and t Student's quantile for n-1 degrees of freedom,
//
//	A = mb^2 - t^2 vb/n   B = ma mb - t^2 c/n   C = ma^2 - t^2 va/n
//
// and the ends are (B -+ sqrt(B^2 - AC)) / A. It assumes means that are nearly
// normal. Where A <= 0 the mean of the contender cannot be told from zero and
// there is no bounded interval: bounded is false and iv empty. Failed trials
// have no mean, so +Inf is refused, as are fewer than 2 rounds.
func Fieller(base, contender []float64, level float64) (ratio float64, iv Interval, bounded bool, err error) {
	if err := checkPairs(base, contender); err != nil {
		return 0, Interval{}, false, fmt.Errorf("ratio of averages: %w", err)
	}
	for _, side := range [][]float64{base, contender} {
		if err := checkSample(side, 2, level); err != nil {
			return 0, Interval{}, false, fmt.Errorf("ratio of averages: %w", err)
		}
	}
	a, b := mean(base), mean(contender)
	ratio = a / b
	if math.IsInf(ratio, 0) {
		return 0, Interval{}, false, fmt.Errorf("ratio of averages: %w", ErrNotFinite)
	}
	iv, bounded = fieller(base, contender, level)
	return ratio, iv, bounded, nil
}

// fieller solves the quadratic on times divided by their means, which leaves
// only the ratio of those means to multiply by and cannot overflow.
func fieller(base, contender []float64, level float64) (Interval, bool) {
	ma, mb, n := mean(base), mean(contender), float64(len(base))
	va, vb, cov := make([]float64, len(base)), make([]float64, len(base)), make([]float64, len(base))
	for i := range base {
		da, db := base[i]/ma-1, contender[i]/mb-1
		va[i], vb[i], cov[i] = da*da, db*db, da*db
	}
	t := tQuantile((1+level)/2, n-1)
	scale := t * t / n / (n - 1)
	a := 1 - float64(scale*sum(vb))
	b := 1 - float64(scale*sum(cov))
	c := 1 - float64(scale*sum(va))
	if !(a > 0) {
		return Interval{}, false
	}
	root := math.Sqrt(max(float64(b*b)-float64(a*c), 0))
	lo, hi := (b-root)/a*(ma/mb), (b+root)/a*(ma/mb)
	if math.IsInf(lo, 0) || math.IsInf(hi, 0) {
		return Interval{}, false
	}
	return Interval{Lo: lo, Hi: hi, Level: level}, true
}
