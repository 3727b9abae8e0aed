package stats

import (
	"fmt"
	"math"
)

// QuantileRanks are the order statistics that bound a quantile.
type QuantileRanks struct {
	// Lower and Upper are ranks counted from 1. Lower 0 and Upper n+1 mean that
	// n values do not bound the quantile on that side.
	Lower, Upper int
	// Level is the achieved level.
	Level float64
	// Printable says that both ends are bounded. A quantile that is not is not
	// printed: p99 of 30 trials is the maximum under another name.
	Printable bool
}

// RanksOfQuantile finds the exact interval for the p quantile of n independent
// values (Hahn and Meeker, Statistical Intervals, section 5.2): with F binomial
// (n, p) and a = (1-level)/2, Lower = max{l: F(l-1) <= a}, Upper = min{u: F(u-1)
// >= 1-a}, the level F(Upper-1) - F(Lower-1).
func RanksOfQuantile(n int, p, level float64) (QuantileRanks, error) {
	if n < 1 {
		return QuantileRanks{}, fmt.Errorf("quantile ranks: %w", ErrNone)
	}
	if !(p > 0 && p < 1) {
		return QuantileRanks{}, fmt.Errorf("quantile ranks: %w: p is %v", ErrRange, p)
	}
	if err := checkLevel(level); err != nil {
		return QuantileRanks{}, fmt.Errorf("quantile ranks: %w", err)
	}
	tail := (1 - level) / 2
	// The first rank u in [1, n+1] with F(u-1) beyond the tail; the lower end is
	// the one before it.
	lower := firstRank(n, func(u int) bool { return binomCDF(u-1, n, p) > tail }) - 1
	// The upper tail is summed from above, so that it keeps its digits.
	upper := firstRank(n, func(u int) bool { return binomCDF(n-u, n, 1-p) <= tail })
	level = 1 - binomCDF(n-upper, n, 1-p) - binomCDF(lower-1, n, p)
	return QuantileRanks{Lower: lower, Upper: upper, Level: level, Printable: lower >= 1 && upper <= n}, nil
}

// firstRank bisects for the smallest u in [1, n+1] that holds, taking it that
// all above hold too and that n+1 does.
func firstRank(n int, holds func(u int) bool) int {
	lo, hi := 1, n+1
	for lo < hi {
		if mid := (lo + hi) / 2; holds(mid) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}

// TrialsForQuantile is the smallest n from which the p quantile is Printable at
// level: both p^n and (1-p)^n must be at most (1-level)/2. At 95 % p90 needs 36
// trials, p95 72 and p99 368.
func TrialsForQuantile(p, level float64) (int, error) {
	if !(p > 0 && p < 1) {
		return 0, fmt.Errorf("trials for quantile: %w: p is %v", ErrRange, p)
	}
	if err := checkLevel(level); err != nil {
		return 0, fmt.Errorf("trials for quantile: %w", err)
	}
	need := math.Log((1-level)/2) / math.Log(max(p, 1-p))
	if !(need < 1e9) {
		return 0, fmt.Errorf("trials for quantile: %w: p is %v, level %v", ErrRange, p, level)
	}
	return max(int(math.Ceil(need)), 1), nil
}

// QuantileInterval is the interval for the p quantile from RanksOfQuantile.
// +Inf is a failed trial, as in MedianInterval. Where the values do not bound
// the quantile on both sides: ErrTooFew.
func QuantileInterval(x []float64, p, level float64) (Interval, error) {
	if err := checkWorst(x); err != nil {
		return Interval{}, fmt.Errorf("quantile interval: %w", err)
	}
	ranks, err := RanksOfQuantile(len(x), p, level)
	if err != nil {
		return Interval{}, err
	}
	if !ranks.Printable {
		return Interval{}, fmt.Errorf("quantile interval: p is %v: %w: %d", p, ErrTooFew, len(x))
	}
	sorted := sortedCopy(x)
	lo, hi := sorted[ranks.Lower-1], sorted[ranks.Upper-1]
	switch {
	case math.IsInf(lo, 1):
		return Interval{}, fmt.Errorf("quantile interval: %w", ErrNotReached)
	case math.IsInf(hi, 1):
		return Interval{Lo: lo, Level: ranks.Level, Open: true}, nil
	}
	return Interval{Lo: lo, Hi: hi, Level: ranks.Level}, nil
}
