package stats

import (
	"fmt"
	"math"
)

// A Worst is the comparison of two contenders of which trials failed.
type Worst struct {
	// Rounds counts the rounds that say something, Uninformative those in which
	// both trials failed, Faster those of Rounds that the contender won and
	// Slower those that it lost.
	Rounds, Uninformative, Faster, Slower int
	// P is the exact two-sided p-value of the sign test.
	P float64
	// Speedup is the median ratio, 0 where the contender failed in most rounds.
	Speedup float64
	// Reached is false where the median has no value, because the baseline
	// failed in most rounds or the middle lies between failures of both.
	// Speedup is then 0 and means nothing.
	Reached bool
	// Interval is the interval for the median ratio, of level 0 if there is none.
	Interval Interval
}

// WorstRank compares paired times of which some are +Inf, failed trials. A
// failure is the worst possible rank (Lachin, "Worst-rank score analysis",
// Controlled Clinical Trials 20, 1999): where the baseline failed the ratio is
// +Inf, where the contender failed it is 0, where both did the round says
// nothing. The estimate is the median ratio, its interval comes from order
// statistics as in MedianRanks, the p-value from the exact sign test, in which
// equal times do not count. So a failure can never make a contender look
// faster. With no informative round: ErrNone.
func WorstRank(base, contender []float64, level float64) (Worst, error) {
	if err := checkPairs(base, contender); err != nil {
		return Worst{}, fmt.Errorf("worst rank: %w", err)
	}
	if err := checkLevel(level); err != nil {
		return Worst{}, fmt.Errorf("worst rank: %w", err)
	}
	var w Worst
	d := make([]float64, 0, len(base))
	for i, b := range base {
		c := contender[i]
		switch {
		case math.IsInf(b, 1) && math.IsInf(c, 1):
			w.Uninformative++
			continue
		case c < b:
			w.Faster++
		case c > b:
			w.Slower++
		}
		d = append(d, worstLog(b, c))
	}
	w.Rounds = len(d)
	if w.Rounds == 0 {
		return Worst{}, fmt.Errorf("worst rank: both trials failed in every round: %w", ErrNone)
	}
	w.P = signTest(w.Faster, w.Slower)
	w.Speedup, w.Reached = worstMedian(d)
	w.Interval = worstInterval(d, level)
	return w, nil
}

// worstLog is ln(b/c), infinite where one of them failed.
func worstLog(b, c float64) float64 {
	switch {
	case math.IsInf(b, 1):
		return math.Inf(1)
	case math.IsInf(c, 1):
		return math.Inf(-1)
	}
	return logRatio(b, c)
}

// worstMedian is exp of the median of d, and whether that is a number.
func worstMedian(d []float64) (float64, bool) {
	sorted := sortedCopy(d)
	n := len(sorted)
	m := math.Exp(sorted[(n-1)/2]/2 + sorted[n/2]/2)
	if math.IsNaN(m) || math.IsInf(m, 1) {
		return 0, false
	}
	return m, true
}

// worstInterval is the interval from order statistics, as ratios: exp takes an
// end at -Inf to 0, one at +Inf leaves the interval Open, or absent where even
// the lower end lies there.
func worstInterval(d []float64, level float64) Interval {
	sorted := sortedCopy(d)
	rank, achieved := MedianRanks(len(d), level)
	lo, hi := math.Exp(sorted[rank-1]), math.Exp(sorted[len(d)-rank])
	switch {
	case achieved == 0 || math.IsInf(lo, 1):
		return Interval{}
	case math.IsInf(hi, 1):
		return Interval{Lo: lo, Level: achieved, Open: true}
	}
	return Interval{Lo: lo, Hi: hi, Level: achieved}
}

// signTest is min(1, 2 P(X <= min(a, b))) for X binomial(a+b, 1/2), at least
// the smallest normal number.
func signTest(a, b int) float64 {
	n, k := a+b, min(a, b)
	if n == 0 {
		return 1
	}
	return max(min(1, 2*halfBinomCDF(k, n)), 0x1p-1022)
}
