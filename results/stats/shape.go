package stats

import (
	"fmt"
	"math"
	"slices"
)

// Skewness is b1 = m3 / m2^1.5 of the population moments (Joanes and Gill,
// "Comparing measures of sample skewness and kurtosis", The Statistician 47,
// 1998). Two values have none to show, and it does not exist where all are equal:
// ErrConstant.
func Skewness(x []float64) (float64, error) {
	if err := checkFinite(x); err != nil {
		return 0, fmt.Errorf("skewness: %w", err)
	}
	if len(x) < 3 {
		return 0, fmt.Errorf("skewness: %w: %d, need 3", ErrTooFew, len(x))
	}
	m2, m3 := moments(x)
	if m2 == 0 {
		return 0, fmt.Errorf("skewness: %w", ErrConstant)
	}
	return m3 / math.Pow(m2, 1.5), nil
}

// moments are the second and third central moments over n, in units of the
// largest deviation.
func moments(x []float64) (m2, m3 float64) {
	d, largest := deviations(x)
	if largest == 0 {
		return 0, 0
	}
	squares, cubes := make([]float64, len(d)), make([]float64, len(d))
	for i, v := range d {
		squares[i], cubes[i] = v*v, v*v*v
	}
	return mean(squares), mean(cubes)
}

// AdjustedSkewness is G1 = [n/((n-1)(n-2))] sum ((x-m)/s)^3, the estimate that
// most programs print. A value above 2 says: prefer the median. It needs 3
// values that are not all equal.
func AdjustedSkewness(x []float64) (float64, error) {
	if err := checkFinite(x); err != nil {
		return 0, fmt.Errorf("skewness: %w", err)
	}
	if len(x) < 3 {
		return 0, fmt.Errorf("skewness: %w: %d, need 3", ErrTooFew, len(x))
	}
	sd, err := SD(x)
	if err != nil {
		return 0, err
	}
	if sd == 0 {
		return 0, fmt.Errorf("skewness: %w", ErrConstant)
	}
	return skewnessG1(x, sd), nil
}

// skewnessG1 is AdjustedSkewness with s known; 0 where s is 0.
func skewnessG1(x []float64, sd float64) float64 {
	if sd == 0 {
		return 0
	}
	m, n := mean(x), float64(len(x))
	cubes := make([]float64, len(x))
	for i, v := range x {
		d := v/sd - m/sd
		cubes[i] = d * d * d
	}
	return n / ((n - 1) * (n - 2)) * sum(cubes)
}

// TrimmedMean is the mean of what is left after floor(n p) values have been
// cut from each end, 0 <= p < 1/2 (Tukey). No table uses it: it would remove
// slow trials that happened.
func TrimmedMean(x []float64, p float64) (float64, error) {
	if err := checkFinite(x); err != nil {
		return 0, fmt.Errorf("trimmed mean: %w", err)
	}
	if !(p >= 0 && p < 0.5) {
		return 0, fmt.Errorf("trimmed mean: %w: p is %v", ErrRange, p)
	}
	sorted := sortedCopy(x)
	cut := int(float64(len(x)) * p)
	return mean(sorted[cut : len(sorted)-cut]), nil
}

// GeometricMean is exp of the mean logarithm of values above zero.
func GeometricMean(x []float64) (float64, error) {
	if err := checkPositive(x); err != nil {
		return 0, fmt.Errorf("geometric mean: %w", err)
	}
	// Rounding must not lead beyond the values, nor beyond float64.
	return min(max(math.Exp(mean(logs(x))), slices.Min(x)), slices.Max(x)), nil
}

// logs are the natural logarithms of values known to be positive. Times are
// compared and screened on this scale, where slow ones do not outweigh the rest.
func logs(x []float64) []float64 {
	l := make([]float64, len(x))
	for i, v := range x {
		l[i] = math.Log(v)
	}
	return l
}
