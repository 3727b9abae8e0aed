package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

const (
	// resamples is the number of bootstrap samples behind a ratio of medians.
	resamples = 9999
	// leastBootstrap is the number of rounds below which resampling them says
	// too little to print.
	leastBootstrap = 6
)

// RatioOfMedians is median(baseline) / median(contender) with the percentile
// interval of a paired bootstrap over rounds (Efron and Tibshirani, An
// Introduction to the Bootstrap, chapter 13): 9999 times n whole rounds are
// drawn with replacement, by PCG from seed, and the interval lies between the
// type 7 quantiles of the ratios. The same seed gives the same digits.
//
// A failed trial, +Inf, takes part in the medians as the worst rank; then, and
// below 6 rounds, the interval is empty (level 0). A median that lies among
// failed trials is ErrNotReached.
func RatioOfMedians(base, contender []float64, level float64, seed uint64) (ratio float64, iv Interval, err error) {
	if err := checkPairs(base, contender); err != nil {
		return 0, Interval{}, fmt.Errorf("ratio of medians: %w", err)
	}
	if err := checkLevel(level); err != nil {
		return 0, Interval{}, fmt.Errorf("ratio of medians: %w", err)
	}
	a, err := Median(base)
	if err != nil {
		return 0, Interval{}, fmt.Errorf("ratio of medians: %w", err)
	}
	b, err := Median(contender)
	if err != nil {
		return 0, Interval{}, fmt.Errorf("ratio of medians: %w", err)
	}
	ratio = a / b
	if math.IsInf(ratio, 0) {
		return 0, Interval{}, fmt.Errorf("ratio of medians: %w", ErrNotFinite)
	}
	if len(base) < leastBootstrap || checkFinite(base) != nil || checkFinite(contender) != nil {
		return ratio, Interval{}, nil
	}
	over, under := newResampler(base), newResampler(contender)
	replicates := Bootstrap(len(base), resamples, seed, func(rounds []int) float64 {
		return over.median(rounds) / under.median(rounds)
	})
	iv, err = PercentileInterval(replicates, level)
	if err != nil {
		return ratio, Interval{}, nil // a ratio beyond float64: no interval
	}
	return ratio, iv, nil
}

// A resampler finds medians of resamples without sorting each of them: it
// counts how often every value was drawn and walks the counts in rank order.
type resampler struct {
	sorted []float64
	place  []int // of each value in sorted
	drawn  []int // scratch, zero between calls
}

// newResampler sorts once for all the medians to come, by index, since the other
// sample of a pair is drawn by the same indices.
func newResampler(x []float64) *resampler {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if x[a] < x[b] {
			return -1
		}
		if x[a] > x[b] {
			return 1
		}
		return 0
	})
	r := &resampler{make([]float64, len(x)), make([]int, len(x)), make([]int, len(x))}
	for at, i := range order {
		r.sorted[at], r.place[i] = x[i], at
	}
	return r
}

// median is the median of the values at the indices drawn, as many as there are
// values: the middle one in rank order, or halfway between the middle two, which
// may be draws of the same value.
func (r *resampler) median(indices []int) float64 {
	clear(r.drawn)
	for _, i := range indices {
		r.drawn[r.place[i]]++
	}
	n := len(indices)
	// Walk up to the lower middle draw; seen counts those passed.
	seen, at := 0, -1
	for seen <= (n-1)/2 {
		at++
		seen += r.drawn[at]
	}
	lower := r.sorted[at]
	if n%2 == 1 || seen > n/2 {
		return lower
	}
	for at++; r.drawn[at] == 0; at++ {
	}
	return lower/2 + r.sorted[at]/2
}

// Bootstrap draws n indices from [0, n) with replacement, times times, and
// returns what statistic made of each draw. The indices are valid during the
// call only. The draws come from PCG(seed, 0) and depend on nothing else.
func Bootstrap(n, times int, seed uint64, statistic func(indices []int) float64) []float64 {
	random := rand.New(rand.NewPCG(seed, 0))
	indices := make([]int, n)
	replicates := make([]float64, times)
	for b := range replicates {
		for i := range indices {
			indices[i] = random.IntN(n)
		}
		replicates[b] = statistic(indices)
	}
	return replicates
}

// PercentileInterval lies between the (1-level)/2 and (1+level)/2 quantiles of
// type 7 of bootstrap replicates.
func PercentileInterval(replicates []float64, level float64) (Interval, error) {
	if err := checkSample(replicates, 1, level); err != nil {
		return Interval{}, fmt.Errorf("percentile interval: %w", err)
	}
	q, err := Quantiles(replicates, (1-level)/2, (1+level)/2)
	if err != nil {
		return Interval{}, err
	}
	return Interval{Lo: q[0], Hi: q[1], Level: level}, nil
}

// BasicInterval mirrors the percentile interval in the estimate (Davison and
// Hinkley, Bootstrap Methods and their Application, section 5.2).
func BasicInterval(estimate float64, replicates []float64, level float64) (Interval, error) {
	iv, err := PercentileInterval(replicates, level)
	if err != nil {
		return Interval{}, err
	}
	lo, hi := 2*estimate-iv.Hi, 2*estimate-iv.Lo
	if err := checkFinite([]float64{lo, hi}); err != nil {
		return Interval{}, fmt.Errorf("basic interval: %w", err)
	}
	return Interval{Lo: lo, Hi: hi, Level: level}, nil
}
