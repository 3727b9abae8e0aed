package report

import (
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// A ratio of averages whose interval reaches 0 has no bounded one: nothing is a negative
// number of times slower.
func TestIntervalsThatReachZeroAreNotBounded(t *testing.T) {
	q := quotient{1.14, -0.35, 4.6, 0.95}
	for _, text := range []string{q.apart(), q.span(), quotient{0.8, 0, 1.2, 0.95}.apart()} {
		if !strings.Contains(text, "no bounded interval") || strings.Contains(text, "-") || strings.Contains(text, "slower to") {
			t.Errorf("said %q", text)
		}
	}
}

// What becomes of the other way round has a lower end and no upper one.
func TestChangeOfAnAverageNearNothingIsOpen(t *testing.T) {
	lo, hi := -0.3, 0.8
	j := &results.Judgement{Comparisons: []results.Comparison{{}}}
	j.Comparisons[0].RatioOfMeans = &results.Ratio{Estimate: 0.25, Lo: &lo, Hi: &hi}
	if r := averageRow(j, &results.Contender{}, &results.Contender{}); r.interval != "+25.0 or more" {
		t.Errorf("said %q", r.interval)
	}
}
