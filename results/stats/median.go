package stats

import (
	"fmt"
	"math"
)

// MedianInterval is the exact interval for the median from order statistics
// (David and Nagaraja, Order Statistics, section 7.1): [x(d), x(n+1-d)], with
// no assumption on the shape of the distribution. The values must be in the
// order of the rounds: where successive ones resemble each other, d is taken
// for the higher level 2 Phi(z sqrt(f)) - 1 with f = Inflation(x), which widens
// the interval. Level is what these ranks achieve for independent values.
//
// +Inf is a failed trial. An upper end among those makes the interval Open, a
// lower end is ErrNotReached. One value has no interval: ErrTooFew.
func MedianInterval(x []float64, level float64) (Interval, error) {
	if err := checkWorst(x); err != nil {
		return Interval{}, fmt.Errorf("median interval: %w", err)
	}
	if err := checkLevel(level); err != nil {
		return Interval{}, fmt.Errorf("median interval: %w", err)
	}
	n := len(x)
	if n < 2 {
		return Interval{}, fmt.Errorf("median interval: %w: %d, need 2", ErrTooFew, n)
	}
	d, achieved := medianRanksTail(n, inflatedTail(level, Inflation(x)))
	iv, err := orderInterval(x, d, achieved)
	if err != nil {
		return Interval{}, fmt.Errorf("median interval: %w", err)
	}
	return iv, nil
}

// inflatedTail is Phi(-z sqrt(f)), what each side of an interval leaves out
// when the level is raised for a variance f times as large.
func inflatedTail(level, f float64) float64 {
	if f == 1 {
		return (1 - level) / 2
	}
	return normalCDF(-twoSidedZ(level) * math.Sqrt(f))
}

// orderInterval is [x(d), x(n+1-d)], counted from 1.
func orderInterval(x []float64, d int, achieved float64) (Interval, error) {
	sorted := sortedCopy(x)
	lo, hi := sorted[d-1], sorted[len(sorted)-d]
	if math.IsInf(lo, 1) {
		return Interval{}, ErrNotReached
	}
	if math.IsInf(hi, 1) {
		return Interval{Lo: lo, Level: achieved, Open: true}, nil
	}
	return Interval{Lo: lo, Hi: hi, Level: achieved}, nil
}

// MedianRanks finds the rank d of the lower end of the interval for the median
// of n values, the upper being n+1-d: the largest d >= 1 for which the level
// 1 - 2F(d-1) is at least the one asked for, F being binomial(n, 1/2). Where
// none reaches it d is 1, and achieved, below level, must be printed. Without
// values d is 0.
func MedianRanks(n int, level float64) (d int, achieved float64) {
	return medianRanksTail(n, (1-level)/2)
}

// medianRanksTail is MedianRanks by what each tail may hold. Comparing tails
// instead of levels keeps digits where the level is next to 1.
func medianRanksTail(n int, tail float64) (d int, achieved float64) {
	if n < 1 {
		return 0, 0
	}
	var walk halfBinom
	walk.start(n)
	achieved = max(1-2*walk.value(), 0)
	for d = 1; d < (n+1)/2; d++ {
		walk.next()
		f := walk.value()
		if f > tail {
			break
		}
		achieved = 1 - 2*f
	}
	return d, achieved
}

// halfBinom walks up the distribution function F of binomial(n, 1/2). Its terms
// are binomial coefficients times 2^e, with e counted apart because 2^-n leaves
// the range of float64 beyond n = 1074; up to n = 50 or so they are exact.
type halfBinom struct {
	n, k, e   int
	term, cdf float64
}

// start goes to F(0) = 2^-n.
func (h *halfBinom) start(n int) { *h = halfBinom{n: n, e: -n, term: 1, cdf: 1} }

// next goes from F(k) to F(k+1).
func (h *halfBinom) next() {
	h.k++
	h.term = h.term * float64(h.n-h.k+1) / float64(h.k)
	h.cdf += h.term
	if h.term > 0x1p500 {
		h.term, h.cdf, h.e = h.term*0x1p-500, h.cdf*0x1p-500, h.e+500
	}
}

// value is F(k).
func (h *halfBinom) value() float64 { return math.Ldexp(h.cdf, h.e) }

// halfBinomCDF is P(X <= k) for X binomial(n, 1/2), 0 <= k <= n.
func halfBinomCDF(k, n int) float64 {
	var walk halfBinom
	walk.start(n)
	for walk.k < k {
		walk.next()
	}
	return min(walk.value(), 1)
}
