package results_test

import (
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// However steady the others are, a trial that is off by less than what does not
// matter (5 %) is not worth a warning, neither as an outlier, nor for the average,
// nor as a slow first round.
func TestWhatDoesNotMatterIsNotWarnedOf(t *testing.T) {
	times := func(place int, odd float64) []float64 {
		list := []float64{1, 1.001, 0.999, 1, 1.002, 0.998, 1.001, 1, 0.999, 1.002, 1, 1.001}
		list[place] = odd
		return list
	}
	for _, c := range []struct {
		place int
		odd   float64
		code  string
		want  bool
	}{
		{5, 1.04, results.WarnOutliers, false},
		{5, 1.06, results.WarnOutliers, true},
		{5, 0.96, results.WarnOutliers, false},
		{5, 0.94, results.WarnOutliers, true},
		{5, 1.04, results.WarnSkew, false},
		{5, 1.06, results.WarnSkew, true},
		{0, 1.04, results.WarnFirst, false},
		{0, 1.06, results.WarnFirst, true},
	} {
		run := exactly([]string{"a"}, times(c.place, c.odd))
		var got bool
		for _, w := range results.Judge(run).Warnings {
			got = got || w.Code == c.code
		}
		if got != c.want {
			t.Errorf("%v s in round %d: warned of %s is %v, want %v", c.odd, c.place, c.code, got, c.want)
		}
	}
}
