package report

import (
	"strings"
	"testing"
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
