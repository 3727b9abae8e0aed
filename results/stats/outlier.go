package stats

import (
	"fmt"
	"math"
)

const (
	// flagAt is the modified z beyond which a trial is named.
	flagAt = 5
	// leastFlagged is the number of trials below which none is: false alarms
	// would be common.
	leastFlagged = 10
	// normalQuartile is Phi^-1(3/4).
	normalQuartile = 0.6744897501960817
)

// ModifiedZ is z = 0.6745 (ln x - median) / MAD of the logarithms (Iglewicz and
// Hoaglin, How to Detect and Handle Outliers, 1993), for times above zero. On
// the logarithmic scale a skewed but ordinary sample raises no alarm. Where the
// MAD is 0 it does not exist: ErrConstant.
func ModifiedZ(times []float64) ([]float64, error) {
	if err := checkPositive(times); err != nil {
		return nil, fmt.Errorf("outliers: %w", err)
	}
	l := logs(times)
	mad, err := MADRaw(l)
	if err != nil {
		return nil, fmt.Errorf("outliers: %w", err)
	}
	if mad == 0 {
		return nil, fmt.Errorf("outliers: median deviation is 0: %w", ErrConstant)
	}
	m, err := Median(l)
	if err != nil {
		return nil, fmt.Errorf("outliers: %w", err)
	}
	z := make([]float64, len(l))
	for i, v := range l {
		z[i] = normalQuartile * (v - m) / mad
		if math.IsInf(z[i], 0) {
			return nil, fmt.Errorf("outliers: %w", ErrNotFinite)
		}
	}
	return z, nil
}

// Outliers are the indices of times with |z| > 5, to be named in the report and
// kept in every number. Failed trials, +Inf, are passed over. Below 10 other
// trials, or where half of them are equal, there are none.
func Outliers(times []float64) ([]int, error) {
	if err := CheckTimes(times); err != nil {
		return nil, fmt.Errorf("outliers: %w", err)
	}
	finite := Successes(times)
	if len(finite) < leastFlagged {
		return nil, nil
	}
	z, err := ModifiedZ(finite)
	if err != nil {
		// Half of the trials alike is not wrong, there is only no scale.
		if mad, madErr := MADRaw(logs(finite)); madErr == nil && mad == 0 {
			return nil, nil
		}
		return nil, err
	}
	// z knows nothing of the failed trials, so it has an index of its own.
	var flagged []int
	at := 0
	for i, t := range times {
		if math.IsInf(t, 1) {
			continue
		}
		if math.Abs(z[at]) > flagAt {
			flagged = append(flagged, i)
		}
		at++
	}
	return flagged, nil
}
