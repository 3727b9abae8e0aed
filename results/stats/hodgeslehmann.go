package stats

import (
	"fmt"
	"math"
)

// A Shift is an estimate of the centre of symmetry, on the scale of the data.
type Shift struct {
	// Estimate is the pseudo-median.
	Estimate float64
	// Interval is the interval for it.
	Interval Interval
}

// HodgesLehmann estimates the centre of symmetry of d as the median of the
// M = n(n+1)/2 Walsh averages (d_i + d_j)/2, i <= j ("Estimates of location
// based on rank tests", Annals of Mathematical Statistics 34, 1963). Its
// interval goes from the k-th smallest to the k-th largest Walsh average, k
// from SignedRankK, and holds at the achieved level exactly where d is
// symmetric, as it is for paired randomised rounds (Tukey; Hollander and Wolfe,
// section 3.3). Zeros and ties stay in. Given log ratios, Exp leads to ratios.
//
// Nothing of size M is kept: each average is found by bisection, in O(n) a
// step and at most 64 steps, so that any number of values keeps this one method
// and its interval keeps to the p-value of SignedRank. Ten thousand take
// milliseconds. One value has the interval of level 0.
func HodgesLehmann(d []float64, level float64) (Shift, error) {
	if err := checkSample(d, 1, level); err != nil {
		return Shift{}, fmt.Errorf("hodges-lehmann: %w", err)
	}
	n := len(d)
	// Halves, so that no sum of two values can overflow.
	half := sortedCopy(d)
	for i := range half {
		half[i] /= 2
	}
	k, achieved := SignedRankK(n, level)
	m := n * (n + 1) / 2
	estimate := walsh(half, (m+1)/2)
	if m%2 == 0 {
		estimate = estimate/2 + walsh(half, m/2+1)/2
	}
	iv := Interval{Lo: walsh(half, k), Hi: walsh(half, m+1-k), Level: achieved}
	return Shift{Estimate: estimate, Interval: iv}, nil
}

// walsh is the k-th smallest of half[i] + half[j], i <= j, half ascending and k
// counted from 1. It bisects over the floats themselves, in the order of their
// bits, for the smallest one that k sums do not exceed: that is a sum, and
// exact, in at most 64 steps.
func walsh(half []float64, k int) float64 {
	lo, hi := floatKey(2*half[0]), floatKey(2*half[len(half)-1])
	for lo < hi {
		mid := lo + int64(uint64(hi-lo)/2)
		if countSums(half, keyFloat(mid)) >= k {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return keyFloat(lo) + 0 // -0 becomes 0
}

// countSums counts the pairs i <= j with half[i] + half[j] <= v. As i grows the
// last j that fits can only fall, so one pass does.
func countSums(half []float64, v float64) int {
	count := 0
	j := len(half) - 1
	for i := range half {
		for j >= i && half[i]+half[j] > v {
			j--
		}
		if j < i {
			break
		}
		count += j - i + 1
	}
	return count
}

// floatKey maps floats to integers of the same order.
func floatKey(f float64) int64 {
	b := int64(math.Float64bits(f))
	if b < 0 {
		return math.MinInt64 - b
	}
	return b
}

// keyFloat is the inverse of floatKey.
func keyFloat(k int64) float64 {
	if k < 0 {
		return math.Float64frombits(uint64(math.MinInt64 - k))
	}
	return math.Float64frombits(uint64(k))
}
