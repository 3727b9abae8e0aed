package policy

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestQuantileIsThatOfASortedList compares with the definition, after every addition.
func TestQuantileIsThatOfASortedList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		percent := rapid.IntRange(1, 99).Draw(t, "percent")
		l := &latencies{quantile: float64(percent) / 100}
		var sorted []time.Duration
		for _, v := range rapid.SliceOfN(rapid.IntRange(0, 50), 1, 150).Draw(t, "latencies") {
			d := time.Duration(v)
			l.add(d)
			sorted = append(sorted, d)
			slices.Sort(sorted)
			n := len(sorted)
			// The smallest rank r with r/n of at least percent/100, in whole numbers.
			rank := (percent*n + 99) / 100
			want := sorted[rank-1]
			if n < 10 {
				want = 0
			}
			if got := l.due(); got != want {
				t.Fatalf("quantile %d %% of %v is %v, got %v", percent, sorted, want, got)
			}
		}
	})
}

// TestQuantileOfARoundNumber: 0.07·100 is 7.000000000000001 in floating point.
func TestQuantileOfARoundNumber(t *testing.T) {
	l := &latencies{quantile: 0.07}
	for i := range 100 {
		l.add(time.Duration(i + 1))
	}
	if got := l.due(); got != 7 {
		t.Errorf("the 0.07 quantile of 1 to 100 is %d, want 7", got)
	}
}

// TestQuantileNearItsEnds stays within the list.
func TestQuantileNearItsEnds(t *testing.T) {
	for q, want := range map[float64]time.Duration{1e-12: 1, math.Nextafter(1, 0): 20} {
		l := &latencies{quantile: q}
		for i := range 20 {
			l.add(time.Duration(20 - i))
		}
		if got := l.due(); got != want {
			t.Errorf("quantile %v of 1 to 20 is %v, want %v", q, got, want)
		}
	}
}
