package stats

import (
	"fmt"
	"math"
	"slices"
)

// Quantile is the quantile of type 7 of Hyndman and Fan ("Sample quantiles in
// statistical packages", The American Statistician 50, 1996), the default of R
// and numpy: with h = (n-1)p and k its whole part, x(k) + (h-k)(x(k+1) - x(k))
// over the sorted values counted from 0.
func Quantile(x []float64, p float64) (float64, error) {
	q, err := Quantiles(x, p)
	if err != nil {
		return 0, err
	}
	return q[0], nil
}

// Quantiles are several quantiles of type 7 of the same values, in the order
// of ps, the values being sorted once.
func Quantiles(x []float64, ps ...float64) ([]float64, error) {
	if err := checkFinite(x); err != nil {
		return nil, fmt.Errorf("quantile: %w", err)
	}
	sorted := sortedCopy(x)
	qs := make([]float64, len(ps))
	for i, p := range ps {
		if !(p >= 0 && p <= 1) {
			return nil, fmt.Errorf("quantile: %w: p is %v", ErrRange, p)
		}
		qs[i] = QuantileSorted(len(sorted), func(k int) float64 { return sorted[k] }, p)
	}
	return qs, nil
}

// QuantileSorted is the formula itself, for n values, at least one, that are in
// order already: at gives value k counted from 0, in whatever form they are kept.
// It takes a p from 0 to 1 and copies nothing.
//
// The library's Percentile, which the tests hold against it, is of this type since
// its version 0.8, but refuses the percentile 0 and takes percents: 99.9/100 is not
// 0.999, so that at a whole rank a trace of the next value, perhaps a very slow
// trial, leaks in.
func QuantileSorted(n int, at func(k int) float64, p float64) float64 {
	h := float64(n-1) * p
	k := int(h)
	if k+1 >= n {
		return at(n - 1)
	}
	part := h - float64(k)
	lo, hi := at(k), at(k+1)
	if gap := hi - lo; !math.IsInf(gap, 0) {
		return lo + float64(part*gap)
	}
	return float64((1-part)*lo) + float64(part*hi)
}

// NearestRank is the quantile of type 1, x(ceil(np)) counted from 1 and the
// minimum for p = 0: always one of the values. The library's
// PercentileNearestRank is not used: it multiplies by a percent, so that 0.55
// of 20 values becomes 11.000000000000002 and the rank 12.
func NearestRank(x []float64, p float64) (float64, error) {
	if err := checkFinite(x); err != nil {
		return 0, fmt.Errorf("quantile: %w", err)
	}
	if !(p >= 0 && p <= 1) {
		return 0, fmt.Errorf("quantile: %w: p is %v", ErrRange, p)
	}
	sorted := sortedCopy(x)
	k := int(math.Ceil(float64(len(x)) * p))
	return sorted[max(k, 1)-1], nil
}

// sortedCopy sorts without changing x. slices.Sorted, which is shorter, lets the
// copy grow to its size step by step: twice the memory.
func sortedCopy(x []float64) []float64 {
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	return sorted
}
