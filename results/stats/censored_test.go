package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// checkCensoring turns what was not completed into failed trials. The file's
// definition makes both of its means the same number.
func checkCensoring(t *testing.T, c goldenCase) {
	var in struct {
		Time      []float64
		Completed []int
		Timeout   float64
	}
	var want struct {
		Penalised  float64 `json:"penalised_mean"`
		Restricted float64 `json:"km_restricted_mean"`
		Median     float64
		MedianR    float64 `json:"km_median_R"` // information only, as the file states
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	for i, ok := range in.Completed {
		if ok == 0 {
			in.Time[i] = math.Inf(1)
		}
	}
	m := must(PenalisedMean(in.Time, in.Timeout))(t)
	near(t, "penalised mean", m, want.Penalised, 1e-12)
	near(t, "restricted mean", m, want.Restricted, 1e-12)
	near(t, "median", must(Median(in.Time))(t), want.Median, 1e-12)
}

// The penalised mean lies between 0 and the timeout, rises with it, and without
// failures and a long timeout it is the mean.
func TestPenalisedMeanIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := times(t, "x", 1, 20)
		tau := rapid.Float64Range(0.01, 2000).Draw(t, "timeout")
		full, err := PenalisedMean(x, 1e6)
		m, _ := Mean(x)
		if err != nil || full != m {
			t.Fatalf("%v, %v, want the mean %v", full, err, m)
		}
		x[0] = math.Inf(1)
		low, err1 := PenalisedMean(x, tau)
		high, err2 := PenalisedMean(x, 2*tau)
		if err1 != nil || err2 != nil || low > tau*(1+1e-12) || high < low {
			t.Fatalf("%v with %v, %v with twice as much", low, tau, high)
		}
	})
	for _, tau := range []float64{0, -1, math.Inf(1), math.NaN()} {
		if m, err := PenalisedMean([]float64{1}, tau); err == nil {
			t.Errorf("timeout %v: %v", tau, m)
		}
	}
}
