package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// evidence puts what a sentence rests on into brackets, and nothing where there
// is nothing.
func evidence(parts ...string) string {
	var known []string
	for _, part := range parts {
		if part != "" {
			known = append(known, part)
		}
	}
	if known == nil {
		return ""
	}
	return " (" + strings.Join(known, ", ") + ")"
}

// A quotient is a speed-up, or a slowdown, without nils: what there is not is
// NaN, an end that lies among failed trials is infinite.
type quotient struct{ estimate, lo, hi, level float64 }

// speedUp is the quotient of a comparison.
func speedUp(c *results.Comparison) quotient {
	q := quotient{math.NaN(), math.NaN(), math.NaN(), 0}
	if c.SpeedUp == nil {
		return q
	}
	q.estimate, q.level = c.SpeedUp.Estimate, c.SpeedUp.Level
	if c.SpeedUp.Lo == nil {
		return q
	}
	q.lo, q.hi = *c.SpeedUp.Lo, math.Inf(1)
	if c.SpeedUp.Hi != nil {
		q.hi = *c.SpeedUp.Hi
	}
	return q
}

// ratio is a quotient as the speed-up is one.
func ratio(r *results.Ratio) quotient {
	q := quotient{math.NaN(), math.NaN(), math.NaN(), 0}
	if r == nil {
		return q
	}
	q.estimate = r.Estimate
	if r.Lo != nil && r.Hi != nil {
		q.lo, q.hi = *r.Lo, *r.Hi
	}
	return q
}

// slowdown is the speed-up upside down, ends included: 0.5 is 2 times slower.
func slowdown(c *results.Comparison) quotient {
	q := speedUp(c)
	return quotient{1 / q.estimate, 1 / q.hi, 1 / q.lo, q.level}
}

// multiple is the estimate for use before faster or slower, as in "7.9x ", nothing without one.
func (q quotient) multiple() string {
	if !usable(q.estimate) {
		return ""
	}
	return fixed(q.estimate, ratioDecimals(q.estimate)) + "x "
}

// speedUp words the estimate by itself.
func (q quotient) speedUp() string {
	if !usable(q.estimate) {
		return ""
	}
	return "speed-up " + fixed(q.estimate, ratioDecimals(q.estimate))
}

// span words the interval with the level that it achieves. An upper end that
// the data do not bound is said to be open.
func (q quotient) span() string {
	switch {
	case math.IsNaN(q.lo) || math.IsNaN(q.hi) || math.IsInf(q.lo, 0):
		return ""
	case q.lo <= 0: // no time is a negative number of times another
		return "no bounded interval"
	case math.IsInf(q.hi, 1):
		return fmt.Sprintf("%s interval %s or more", levelText(q.level), fixed(q.lo, ratioDecimals(q.lo)))
	default:
		digits := max(ratioDecimals(q.lo), ratioDecimals(q.hi))
		return fmt.Sprintf("%s interval %s to %s", levelText(q.level), fixed(q.lo, digits), fixed(q.hi, digits))
	}
}

// apart words a ratio beside another one, as in "6.6x faster (5.1 to 7.0)". The
// interval has its words where it lies to both sides.
func (q quotient) apart() string {
	if !usable(q.estimate) {
		return ""
	}
	text := side(q.estimate)
	switch {
	case math.IsNaN(q.lo) || math.IsNaN(q.hi):
		return text
	case q.lo <= 0: // no time is a negative number of times another
		return text + " (no bounded interval)"
	case q.lo < 1 && q.hi > 1:
		return fmt.Sprintf("%s (%s to %s)", text, side(q.lo), side(q.hi))
	case q.estimate < 1:
		q.lo, q.hi = 1/q.hi, 1/q.lo
	}
	digits := max(ratioDecimals(q.lo), ratioDecimals(q.hi))
	return fmt.Sprintf("%s (%s to %s)", text, fixed(q.lo, digits), fixed(q.hi, digits))
}

// smallest is the smallest change that an interval can see: half its width on
// the scale of logarithms, as a share. It is NaN where there is no interval.
func (q quotient) smallest() float64 { return math.Sqrt(q.hi/q.lo) - 1 }

// sees tells whether an interval says what the smallest change is that can be seen: it
// is there, bounded, and of the usual level.
func (q quotient) sees() bool { return q.level >= usualLevel && usable(q.hi/q.lo) }

// usualLevel is that of intervals. A few rounds reach less.
const usualLevel = 0.95

// notExcluded words how far the truth of an inconclusive comparison may lie to
// either side.
func (q quotient) notExcluded() string {
	if math.IsNaN(q.lo) || math.IsNaN(q.hi) {
		return "neither a difference nor its absence is shown"
	}
	return fmt.Sprintf("a difference between %s and %s is not excluded", side(q.lo), side(q.hi))
}

// levelText is a level of confidence. What reaches 95 % is called that; below,
// it is rounded down, so that no interval claims more than it has.
func levelText(level float64) string {
	if level >= usualLevel {
		return "95 %"
	}
	return strings.TrimRight(strings.TrimRight(fixed(math.Floor(level*10_000)/100, 2), "0"), ".") + " %"
}

// side says how much slower or faster a speed-up is. Nobody reads 0.8x as what
// it is.
func side(v float64) string {
	word := "faster"
	if v < 1 {
		v, word = 1/v, "slower"
	}
	if math.IsInf(v, 1) {
		return "any number of times " + word
	}
	return fixed(v, ratioDecimals(v)) + "x " + word
}

// chance words the p-value, adjusted for the number of comparisons where it is.
// Below a thousandth the exact value says more about the assumptions of the test
// than about the contenders.
func chance(c *results.Comparison) string {
	p, ok := finite(c.PHolm)
	if !ok {
		p, ok = finite(c.P)
	}
	switch {
	case !ok:
		return ""
	case p < 0.001:
		return "p < 0.001"
	default:
		return "p = " + fixed(p, 3)
	}
}

// usable reports whether a ratio can be printed. 0 and infinity are what is left
// when one of the two failed in most rounds: there is no number of times then.
func usable(v float64) bool { return v > 0 && !math.IsInf(v, 1) }

// counted is "1 round" or "5 rounds": a number with the noun that goes with it.
func counted(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
