package stats

import (
	"fmt"
	"math"
	"slices"
)

const (
	// exactKendall is the largest n for which the trend test is exact.
	exactKendall = 50
	// leastDiagnostic is the least number of values that a diagnostic needs to exist.
	leastDiagnostic = 3
)

// A Trend is the outcome of the Mann-Kendall test.
type Trend struct {
	// S is the number of pairs that rise minus the number that fall.
	S int
	// Variance is that of S without a trend, with its correction for ties, and
	// Z is S brought one towards 0 and divided by its standard deviation.
	Variance, Z float64
	// PNormal is the two-sided p-value of Z.
	PNormal float64
	// P is the exact p-value without ties and up to 50 values, else PNormal.
	P float64
}

// MannKendall tests whether values in round order tend to rise or fall, by
// Kendall's S against time (Mann, "Nonparametric tests against trend",
// Econometrica 13, 1945; Kendall, Rank Correlation Methods, chapters 4 and 5):
// var S = [n(n-1)(2n+5) - sum t(t-1)(2t+5)] / 18 over groups of t equal values.
// It assumes independent values. Below 3 values ErrTooFew, all equal ErrConstant.
func MannKendall(x []float64) (Trend, error) {
	if err := checkDiagnostic(x); err != nil {
		return Trend{}, fmt.Errorf("trend test: %w", err)
	}
	n := len(x)
	var trend Trend
	for i, a := range x {
		for _, b := range x[i+1:] {
			if b > a {
				trend.S++
			} else if b < a {
				trend.S--
			}
		}
	}
	_, ties := midRanks(x)
	trend.Variance = kendallVariance(n, ties)
	away := max(math.Abs(float64(trend.S))-1, 0) / math.Sqrt(trend.Variance)
	trend.Z = math.Copysign(away, float64(trend.S))
	trend.PNormal = min(1, 2*normalCDF(-away))
	trend.P = trend.PNormal
	if len(ties) == 0 && n <= exactKendall {
		trend.P = kendallP(n, trend.S)
	}
	return trend, nil
}

// checkDiagnostic wants at least 3 finite values that are not all equal.
func checkDiagnostic(x []float64) error {
	if err := checkFinite(x); err != nil {
		return err
	}
	if len(x) < leastDiagnostic {
		return fmt.Errorf("%w: %d, need %d", ErrTooFew, len(x), leastDiagnostic)
	}
	if slices.Min(x) == slices.Max(x) {
		return ErrConstant
	}
	return nil
}

// kendallVariance is the variance of S over all orders of n values, groups of
// equal ones taken into account.
func kendallVariance(n int, ties []int) float64 {
	term := func(t float64) float64 { return t * (t - 1) * (2*t + 5) }
	v := term(float64(n))
	for _, t := range ties {
		v -= term(float64(t))
	}
	return v / 18
}

// kendallP is the exact two-sided p-value of S for n values without ties. The
// number of falling pairs, (n(n-1)/2 - S)/2, of a random order is the sum of
// independent uniform numbers on 0..i for i = 1..n-1 (Knuth, The Art of
// Computer Programming 3, section 5.1.1), and symmetric about its middle.
func kendallP(n, s int) float64 {
	pairs := n * (n - 1) / 2
	w := (pairs - max(s, -s)) / 2
	f := make([]float64, w+1)
	f[0] = 1
	upTo := make([]float64, w+2) // upTo[v] is the sum of f below v
	for i := 1; i < n; i++ {
		for v, p := range f {
			upTo[v+1] = upTo[v] + p
		}
		for v := range f {
			f[v] = (upTo[v+1] - upTo[max(0, v-i)]) / float64(i+1)
		}
	}
	return max(min(1, 2*sum(f)), 0x1p-1022)
}

// TheilSen is the median slope per round over all pairs of rounds (Sen,
// "Estimates of the regression coefficient based on Kendall's tau", JASA 63,
// 1968), of values in round order; given logarithms of times, 0.01 is about 1 %
// a round. Below 3 values ErrTooFew, all equal ErrConstant.
func TheilSen(x []float64) (float64, error) {
	if err := checkDiagnostic(x); err != nil {
		return 0, fmt.Errorf("slope: %w", err)
	}
	slopes := make([]float64, 0, len(x)*(len(x)-1)/2)
	for i, a := range x {
		for j := i + 1; j < len(x); j++ {
			slopes = append(slopes, (x[j]-a)/float64(j-i))
		}
	}
	m, err := Median(slopes)
	if err != nil {
		return 0, fmt.Errorf("slope: %w", err)
	}
	return m, nil
}
