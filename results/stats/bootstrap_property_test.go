package stats

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Medians by counting draws are those of the drawn values themselves.
func TestResamplerFindsTheMedianOfADraw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := times(t, "x", 1, 15)
		draw := rapid.SliceOfN(rapid.IntRange(0, len(x)-1), len(x), len(x)).Draw(t, "draw")
		want, err := Median(pick(x, draw))
		if err != nil {
			t.Fatal(err)
		}
		if got := newResampler(x).median(draw); got != want {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

// All n^n resamples of four rounds, each as likely as the other, against the
// drawn ones: the quantiles of the interval lie where they should.
func TestRatioOfMediansAgreesWithAllResamples(t *testing.T) {
	base, contender := []float64{1, 2, 4, 8, 16, 32}, []float64{1, 1, 1, 1, 1, 1}
	var all []float64
	n := len(base)
	draw := make([]int, n)
	for code := range 46656 { // 6^6
		for i := range draw {
			draw[i], code = code%n, code/n
		}
		all = append(all, must(Median(pick(base, draw)))(t))
	}
	slices.Sort(all)
	ratio, iv, err := RatioOfMedians(base, contender, 0.9, 11)
	if err != nil || ratio != 6 {
		t.Fatalf("ratio %v, %v, want 6", ratio, err)
	}
	share := func(v float64) (below, upTo float64) {
		lower, _ := slices.BinarySearch(all, v)
		upper, _ := slices.BinarySearch(all, math.Nextafter(v, math.Inf(1)))
		return float64(lower) / float64(len(all)), float64(upper) / float64(len(all))
	}
	// 9999 draws estimate a probability of 0.05 with a standard error of 0.0022.
	for end, at := range map[float64]float64{iv.Lo: 0.05, iv.Hi: 0.95} {
		if below, upTo := share(end); below > at+0.01 || upTo < at-0.01 {
			t.Errorf("end %v spans %v to %v of all resamples, want %v", end, below, upTo, at)
		}
	}
}

// The seed alone decides: the same one gives the same digits, another one others.
func TestRatioOfMediansFollowsItsSeed(t *testing.T) {
	base := []float64{1.3, 2.1, 1.8, 3.9, 2.2, 1.1, 2.7, 5.2, 1.9, 2.4}
	contender := []float64{0.4, 0.9, 0.7, 0.5, 1.2, 0.3, 0.8, 0.6, 1.1, 0.75}
	_, first, err1 := RatioOfMedians(base, contender, 0.95, 42)
	_, again, err2 := RatioOfMedians(base, contender, 0.95, 42)
	if err1 != nil || err2 != nil || first != again || first.Level != 0.95 {
		t.Errorf("%+v and %+v", first, again)
	}
	mean := func(draw []int) float64 { return mean(pick(base, draw)) }
	if slices.Equal(Bootstrap(10, 50, 1, mean), Bootstrap(10, 50, 2, mean)) {
		t.Error("two seeds, one sequence")
	}
}

// Few rounds or failed trials leave the ratio without an interval.
func TestRatioOfMediansWithoutInterval(t *testing.T) {
	inf := math.Inf(1)
	for _, base := range [][]float64{{2, 4, 6, 8, 10}, {2, 4, 6, 8, 10, inf}} {
		ratio, iv, err := RatioOfMedians(base, slices.Repeat([]float64{2}, len(base)), 0.95, 1)
		if err != nil || iv != (Interval{}) || ratio < 3 {
			t.Errorf("%v: %v, %+v, %v", base, ratio, iv, err)
		}
	}
}

// With replicates that are symmetric about the estimate and no acceleration
// BCa is the percentile interval, as is the basic one.
func TestBCaOfSymmetricReplicatesIsPercentile(t *testing.T) {
	replicates := make([]float64, 2001)
	for i := range replicates {
		replicates[i] = float64(i - 1000)
	}
	want := must(PercentileInterval(replicates, 0.9))(t)
	for name, got := range map[string]Interval{
		"bca":   must(BCaInterval(0, replicates, []float64{-1, 0, 1}, 0.9))(t),
		"basic": must(BasicInterval(0, replicates, 0.9))(t),
	} {
		near(t, name+" lo", got.Lo, want.Lo, 1e-9)
		near(t, name+" hi", got.Hi, want.Hi, 1e-9)
	}
	// 5 % of 2001 values from -1000: h = 100 from each end.
	near(t, "lo", want.Lo, -900, 1e-9)
	if iv, err := BCaInterval(5000, replicates, []float64{1, 2}, 0.9); err == nil {
		t.Errorf("%+v with every replicate on one side", iv)
	}
}
