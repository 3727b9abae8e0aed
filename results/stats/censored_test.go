package stats

import (
	"math"
	"testing"
)

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
