package stats

import (
	"math"
	"testing"
)

// Above 200 values the rank is the floor of the normal approximation: for n = 201
// M/2 - z sd is 20301/2 - 1.959964 sqrt(201*202*403/24) = 8532.16, for 1000 it is
// 232344.64.
func TestLargeRanksAreRoundedDown(t *testing.T) {
	for n, want := range map[int]int{201: 8532, 1000: 232344} {
		if k, _ := SignedRankK(n, 0.95); k != want {
			t.Errorf("n = %d: k = %d, want %d", n, k, want)
		}
	}
}

// The same seed gives the same digits, on every machine and in every version: a
// saved report must come out as it was.
func TestBootstrapDigitsArePinned(t *testing.T) {
	base, contender := []float64{3, 1, 4, 1.5, 5, 9, 2.6}, []float64{2, 7, 1, 8, 2.8, 1.8, 4}
	_, iv, err := RatioOfMedians(base, contender, 0.95, 42)
	if err != nil || iv.Lo != 0.21428571428571427 || iv.Hi != 2.7777777777777777 {
		t.Errorf("seed 42: %v to %v, error %v", iv.Lo, iv.Hi, err)
	}
}

// Of 100 values ten lags are tested and not fewer, of 30 six.
func TestLjungBoxTestsTenLagsAtMost(t *testing.T) {
	for n, want := range map[int]int{4: 1, 30: 6, 49: 9, 50: 10, 100: 10} {
		x := make([]float64, n)
		for i := range x {
			x[i] = math.Sin(float64(i))
		}
		if box, err := LjungBox(x); err != nil || box.Lags != want || len(box.ACF) != want {
			t.Errorf("n = %d: %d lags, error %v, want %d", n, box.Lags, err, want)
		}
	}
}

// Two latencies of 1 s on one slot have the upper bound 2 s: slots stood idle from
// 1.05 of it and a millisecond on.
func TestStalledFromFivePercentAndAMillisecond(t *testing.T) {
	b, err := Makespan([]float64{1, 1}, 1)
	if err != nil || b.Stalled(2.1009) || !b.Stalled(2.1011) {
		t.Errorf("bounds %+v, error %v: stalled at 2.1009: %t, at 2.1011: %t", b, err, b.Stalled(2.1009), b.Stalled(2.1011))
	}
}
