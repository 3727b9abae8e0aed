package predict

import (
	"math"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// A Measured is what a contender of the run really took.
type Measured struct {
	Trials int     `json:"trials"`
	Median float64 `json:"median_s"`
	Mean   float64 `json:"mean_s"` // of the trials that succeeded
	// Off is predicted / measured median, less 1: above 0 the prediction is too slow.
	Off float64 `json:"off"`
}

// Check holds a prediction against the trials of a contender in the rounds that
// the sample is made of. There is nothing to hold it against where most of them
// failed.
func (s *Sample) Check(p Prediction, contender string) *Measured {
	var times []float64
	for _, round := range s.run.Rounds()[:s.Rounds] {
		t, took := round[contender], math.Inf(1)
		if t != nil && t.Outcome == results.OK && t.ElapsedNS > 0 {
			took = float64(t.ElapsedNS) / 1e9
		}
		times = append(times, took)
	}
	mid, err := stats.Median(times)
	if err != nil || math.IsInf(mid, 1) {
		return nil
	}
	mean, err := stats.Mean(stats.Successes(times))
	if err != nil {
		return nil
	}
	return &Measured{Trials: len(times), Median: mid, Mean: mean, Off: p.Median/mid - 1}
}
