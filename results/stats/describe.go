package stats

import (
	"fmt"
	"math"

	"github.com/montanaflynn/stats"
)

// madScale is 1 / Phi^-1(3/4), which makes the MAD of normal data estimate
// their standard deviation. R rounds it to 1.4826.
const madScale = 1.4826022185056018

// Mean is the arithmetic mean, the sum compensated after Neumaier ("Rundungs-
// fehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54,
// 1974), so that the order of the values cannot show in the digits printed.
// The library's Mean adds up plainly; its error grows with the number of values.
func Mean(x []float64) (float64, error) {
	if err := checkFinite(x); err != nil {
		return 0, fmt.Errorf("mean: %w", err)
	}
	return mean(x), nil
}

// mean is Mean for values known to be finite. Sums that would overflow are
// formed from halves scaled by a power of two, which loses nothing.
func mean(x []float64) float64 {
	n := float64(len(x))
	if s := sum(x); !math.IsInf(s, 0) && !math.IsNaN(s) {
		return s / n
	}
	_, e := math.Frexp(n)
	scaled := make([]float64, len(x))
	for i, v := range x {
		scaled[i] = math.Ldexp(v, -e)
	}
	return math.Ldexp(sum(scaled)/n, e)
}

// sum adds up with Neumaier's compensation.
func sum(x []float64) float64 {
	var s, lost float64
	for _, v := range x {
		t := s + v
		if math.Abs(s) >= math.Abs(v) {
			lost += (s - t) + v
		} else {
			lost += (v - t) + s
		}
		s = t
	}
	return s + lost
}

// Median is the middle value, or the mean of the two middle ones. It takes
// +Inf as a failed trial; ErrNotReached says that the middle lies among those.
func Median(x []float64) (float64, error) {
	if err := checkWorst(x); err != nil {
		return 0, fmt.Errorf("median: %w", err)
	}
	m, err := stats.Median(x)
	if err != nil {
		return 0, fmt.Errorf("median: %w", err)
	}
	if math.IsInf(m, 1) {
		return 0, fmt.Errorf("median: %w", ErrNotReached)
	}
	return m, nil
}

// checkWorst is checkFinite with +Inf allowed: the rank functions need order only.
func checkWorst(x []float64) error {
	if len(x) == 0 {
		return ErrNone
	}
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, -1) {
			return fmt.Errorf("value %d: %w: %v", i, ErrNotFinite, v)
		}
	}
	return nil
}

// Min is the smallest value. It is shown and never compared: with more rounds it
// can only fall, and it says nothing of what users wait for.
func Min(x []float64) (float64, error) {
	if err := checkFinite(x); err != nil {
		return 0, fmt.Errorf("minimum: %w", err)
	}
	return stats.Min(x)
}

// Max is the largest value. It is always shown, because no percentile of a few
// trials can be.
func Max(x []float64) (float64, error) {
	if err := checkFinite(x); err != nil {
		return 0, fmt.Errorf("maximum: %w", err)
	}
	return stats.Max(x)
}

// SD is the sample standard deviation, with n-1 below, in two passes: the
// difference of the sum of squares and the square of the sum would lose all
// digits of times that are long and alike. One value has none: ErrTooFew.
// The library's StandardDeviation is the population one, its
// StandardDeviationSample the one wanted.
func SD(x []float64) (float64, error) {
	if err := checkFinite(x); err != nil {
		return 0, fmt.Errorf("standard deviation: %w", err)
	}
	if len(x) < 2 {
		return 0, fmt.Errorf("standard deviation: %w: %d, need 2", ErrTooFew, len(x))
	}
	sd, err := stats.StandardDeviationSample(x)
	if err != nil || math.IsInf(sd, 0) {
		return 0, fmt.Errorf("standard deviation: %w", ErrNotFinite)
	}
	return sd, nil
}

// CV is the coefficient of variation SD / Mean, a spread without a unit. A mean
// of zero has none, and neither has one value.
func CV(x []float64) (float64, error) {
	sd, err := SD(x)
	if err != nil {
		return 0, err
	}
	cv := sd / mean(x)
	if math.IsInf(cv, 0) || math.IsNaN(cv) {
		return 0, fmt.Errorf("coefficient of variation: mean: %w", ErrNotPositive)
	}
	return cv, nil
}

// MADRaw is the median absolute deviation from the median, unscaled. It is 0 as
// soon as half of the values are equal. One slow trial cannot move it far, which
// is why outliers are measured by it and not by the standard deviation.
func MADRaw(x []float64) (float64, error) {
	if err := checkFinite(x); err != nil {
		return 0, fmt.Errorf("median absolute deviation: %w", err)
	}
	mad, err := stats.MedianAbsoluteDeviation(x)
	if err != nil || math.IsInf(mad, 0) {
		return 0, fmt.Errorf("median absolute deviation: %w", ErrNotFinite)
	}
	return mad, nil
}

// MAD is MADRaw scaled to the standard deviation of normal data.
func MAD(x []float64) (float64, error) {
	mad, err := MADRaw(x)
	if err != nil {
		return 0, err
	}
	if mad > math.MaxFloat64/madScale {
		return 0, fmt.Errorf("median absolute deviation: %w", ErrNotFinite)
	}
	return mad * madScale, nil
}
