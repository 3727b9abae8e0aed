package stats

import (
	"fmt"
	"math"
	"slices"
)

// failedLog stands for the logarithm of the time of a failed trial. It is beyond all
// logarithms of float64, so that a difference that has it on one side only is told
// from all others, and one that has it on both is 0: two failures tie.
const failedLog = 1e9

// An Unpaired ratio compares two samples that are not paired, on the scale of ratios.
type Unpaired struct {
	// Estimate is how many times x is y, 0 or +Inf where it lies among failed trials.
	Estimate float64
	// Interval is that of the ratio. A Lo of 0 lies among failed trials of y, an Open
	// upper end among those of x.
	Interval Interval
	// P is the two-sided p-value of the Mann-Whitney test, raised for dependence.
	P float64
}

// UnpairedRatio estimates the factor between two samples of positive times in the
// order in which they were taken, as the median of the mn differences log x_i - log
// y_j ("Estimates of location based on rank tests", Annals of Mathematical Statistics
// 34, 1963). The interval goes from the k-th smallest to the k-th largest difference
// (Moses 1953; Hollander and Wolfe, Nonparametric Statistical Methods, section 4.3), k
// the largest for which the Mann-Whitney statistic U has P(U < k) of at most what a side
// may leave out. It holds for any two distributions of times that differ by a factor,
// exactly where the values are independent.
//
// Successive trials of a run resemble each other, and here no pairing takes that out:
// both interval and p-value allow for a variance as many times as large as the larger
// Inflation of the two samples, as MedianInterval does for one. What happened to all
// of one sample and to none of the other is in neither.
//
// +Inf is a failed trial, the worst rank. One value on each side has the interval of
// level 0.
func UnpairedRatio(x, y []float64, level float64) (Unpaired, error) {
	for _, side := range [][]float64{x, y} {
		if err := checkWorst(side); err != nil {
			return Unpaired{}, fmt.Errorf("unpaired ratio: %w", err)
		}
		if i := slices.IndexFunc(side, func(v float64) bool { return v <= 0 }); i >= 0 {
			return Unpaired{}, fmt.Errorf("unpaired ratio: %w: %v", ErrNotPositive, side[i])
		}
	}
	if err := checkLevel(level); err != nil {
		return Unpaired{}, fmt.Errorf("unpaired ratio: %w", err)
	}
	test, err := MannWhitney(x, y)
	if err != nil {
		return Unpaired{}, err
	}
	f := max(Inflation(x), Inflation(y))
	k, achieved := shiftRank(len(x), len(y), inflatedTail(level, f))
	d := differences{sortedLogs(x), sortedLogs(y)}
	pairs := len(x) * len(y)
	middle := d.at((pairs + 1) / 2)
	if pairs%2 == 0 {
		middle = between(middle, d.at(pairs/2+1))
	}
	out := Unpaired{Estimate: math.Exp(beyond(middle)), P: inflatedP(test.P, f)}
	if achieved > 0 {
		lo, hi := beyond(d.at(k)), beyond(d.at(pairs+1-k))
		out.Interval = Interval{Lo: lo, Hi: hi, Level: achieved}.Exp()
	}
	return out, nil
}

// inflatedP is the p-value of a statistic whose variance is f times as large as the
// test takes it to be.
func inflatedP(p, f float64) float64 {
	if f == 1 || p >= 1 {
		return p
	}
	return min(1, 2*normalCDF(normalQuantile(p/2)/math.Sqrt(f)))
}

// sortedLogs are the logarithms of times in ascending order.
func sortedLogs(times []float64) []float64 {
	logs := sortedCopy(times)
	for i, t := range logs {
		logs[i] = math.Log(t)
		if math.IsInf(t, 1) {
			logs[i] = failedLog
		}
	}
	return logs
}

// beyond is a difference of logarithms, infinite where one side of it has failed.
func beyond(d float64) float64 {
	if math.Abs(d) > failedLog/2 {
		return math.Inf(int(math.Copysign(1, d)))
	}
	return d
}

// between is the middle of two differences. Halfway to a failure is a failure.
func between(a, b float64) float64 {
	for _, d := range []float64{a, b} {
		if math.IsInf(beyond(d), 0) {
			return d
		}
	}
	return a/2 + b/2
}

// differences are those of all pairs of an x and a y, both ascending.
type differences struct{ x, y []float64 }

// at is the k-th smallest difference, counted from 1. Like walsh it bisects over the
// floats in the order of their bits, so that nothing of the size of all pairs is kept.
func (d differences) at(k int) float64 {
	lo := floatKey(d.x[0] - d.y[len(d.y)-1])
	hi := floatKey(d.x[len(d.x)-1] - d.y[0])
	for lo < hi {
		mid := lo + int64(uint64(hi-lo)/2)
		if d.count(keyFloat(mid)) >= k {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return keyFloat(lo) + 0 // -0 becomes 0
}

// count counts the pairs with x - y <= v. As x grows the first y that fits can only
// rise, so one pass does.
func (d differences) count(v float64) int {
	count, j := 0, 0
	for _, x := range d.x {
		for j < len(d.y) && x-d.y[j] > v {
			j++
		}
		count += len(d.y) - j
	}
	return count
}

// shiftRank is the rank k of the ends of the interval for the shift between m and n
// values: the largest k >= 1 with P(U < k) <= tail. Where none has it k is 1, and
// achieved says what that gives. It is exact up to 100 values of both together, and
// normal above.
func shiftRank(m, n int, tail float64) (k int, achieved float64) {
	if m+n > exactMannWhitney {
		mean, sd := float64(m*n)/2, math.Sqrt(float64(m*n)*float64(m+n+1)/12)
		below := func(k int) float64 { return normalCDF((float64(k-1) + 0.5 - mean) / sd) }
		k = max(1, int(mean+0.5+normalQuantile(tail)*sd))
		for k > 1 && below(k) > tail {
			k--
		}
		return k, max(0, 1-2*below(k))
	}
	units := make([]int, m+n)
	for i := range units {
		units[i] = i + 1
	}
	// The rank sum of m values is U + m(m+1)/2.
	counts := drawCounts(units, min(m, n))
	counts = counts[min(m, n)*(min(m, n)+1)/2:]
	all := sum(counts)
	left := counts[0]
	for k = 1; left+counts[k] <= tail*all && k < m*n/2; k++ {
		left += counts[k]
	}
	return k, max(0, 1-2*left/all)
}
