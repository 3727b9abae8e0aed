package stats

import (
	"fmt"
	"math"
)

// PenalisedMean is the mean of min(T, timeout) with failed trials, +Inf, counted
// as the timeout (PAR1). Where every failure is a trial cut off at the timeout it
// equals the Kaplan-Meier restricted mean up to there, as R's survfit prints it
// (golden/censoring.json). It is a lower bound
// of the mean and is printed with >=. Negative times, NaN and a timeout that is
// not above zero and finite are refused.
func PenalisedMean(times []float64, timeout float64) (float64, error) {
	if err := CheckTimes(times); err != nil {
		return 0, fmt.Errorf("penalised mean: %w", err)
	}
	if !(timeout > 0) || math.IsInf(timeout, 1) {
		return 0, fmt.Errorf("penalised mean: timeout: %w: %v", ErrNotPositive, timeout)
	}
	cut := make([]float64, len(times))
	for i, t := range times {
		cut[i] = min(t, timeout)
	}
	return mean(cut), nil
}
