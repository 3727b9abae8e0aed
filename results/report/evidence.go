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

// estimate is the speed-up by itself.
func estimate(s *results.SpeedUp) string {
	if s == nil || !usable(s.Estimate) {
		return ""
	}
	return "speed-up " + fixed(s.Estimate, ratioDecimals(s.Estimate))
}

// span words the interval of a ratio with the level that it achieves. An upper
// end that the data do not bound is said to be open.
func span(s *results.SpeedUp) string {
	switch {
	case s == nil || s.Lo == nil:
		return ""
	case s.Hi == nil:
		return fmt.Sprintf("%s interval %s or more", levelText(s.Level), fixed(*s.Lo, ratioDecimals(*s.Lo)))
	default:
		digits := max(ratioDecimals(*s.Lo), ratioDecimals(*s.Hi))
		return fmt.Sprintf("%s interval %s to %s", levelText(s.Level), fixed(*s.Lo, digits), fixed(*s.Hi, digits))
	}
}

// levelText is a level of confidence. What reaches 95 % is called that; below,
// it is rounded down, so that no interval claims more than it has.
func levelText(level float64) string {
	if level >= 0.95 {
		return "95 %"
	}
	return strings.TrimSuffix(fixed(math.Floor(level*1000)/10, 1), ".0") + " %"
}

// slowdown turns a speed-up upside down, ends included: 0.5 is 2 times slower.
func slowdown(s *results.SpeedUp) *results.SpeedUp {
	if s == nil {
		return nil
	}
	turned := *s
	turned.Estimate, turned.Lo, turned.Hi = 1/s.Estimate, nil, nil
	if s.Lo != nil {
		lo := 0.0 // one over an end that there is not
		if s.Hi != nil {
			lo = 1 / *s.Hi
		}
		turned.Lo = &lo
	}
	if s.Lo != nil && *s.Lo > 0 {
		hi := 1 / *s.Lo
		turned.Hi = &hi
	}
	return &turned
}

// notExcluded words how far the truth of an inconclusive comparison may lie to
// either side.
func notExcluded(s *results.SpeedUp) string {
	if s == nil || s.Lo == nil {
		return "neither a difference nor its absence is shown"
	}
	hi := math.Inf(1)
	if s.Hi != nil {
		hi = *s.Hi
	}
	return fmt.Sprintf("a difference between %s and %s is not excluded", side(*s.Lo), side(hi))
}

// side says how much slower or faster a speed-up is.
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

// usable reports whether a ratio can be printed.
func usable(v float64) bool { return v > 0 && !math.IsInf(v, 1) }

// counted is "1 round" or "5 rounds".
func counted(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
