package stats

import (
	"math"
	"testing"
)

// Values that are in order are read where they are, in the form they are kept in:
// with h = (n-1)p, the quantile of 10, 20, 40, 80 for 0.5 is at h = 1.5, half-way
// from 20 to 40, and for 0.9 at h = 2.7, seven tenths of the way from 40 to 80.
func TestQuantileSortedReadsValuesInPlace(t *testing.T) {
	kept := []int64{10, 20, 40, 80}
	read := 0
	at := func(k int) float64 {
		read++
		return float64(kept[k])
	}
	for p, want := range map[float64]float64{0: 10, 0.5: 30, 0.9: 68, 1: 80} {
		read = 0
		if got := QuantileSorted(len(kept), at, p); math.Abs(got-want) > 1e-12 {
			t.Errorf("quantile %v is %v, want %v", p, got, want)
		}
		if read > 2 {
			t.Errorf("quantile %v read %d values, want the two beside it", p, read)
		}
	}
	if got := QuantileSorted(1, at, 0.3); got != 10 {
		t.Errorf("the quantile of one value is %v, want that value", got)
	}
}

// A median, a quantile or an interval leaves the order of the values it was given.
func TestQuantilesLeaveTheirValuesAlone(t *testing.T) {
	x := []float64{3, 1, 2}
	if _, err := Quantiles(x, 0.5); err != nil {
		t.Fatal(err)
	}
	if x[0] != 3 || x[1] != 1 || x[2] != 2 {
		t.Errorf("the values are %v afterwards, want 3, 1, 2", x)
	}
}
