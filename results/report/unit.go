package report

import (
	"math"
	"strconv"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// none stands for a number that there is not.
const none = "–"

// A unit is how the times of one table are written: all in the same unit and
// with the same decimals, so that columns can be compared by eye.
type unit struct {
	name     string
	perS     float64 // units in a second
	decimals int
}

// unitOf picks seconds, milliseconds or microseconds by the longest of the
// times, and as many decimals as leave the shortest one two digits or three.
func unitOf(contenders []results.Contender) unit {
	var times []*float64
	for i := range contenders {
		times = append(times, contenders[i].Mean, contenders[i].Median)
	}
	return unitFor(times)
}

// unitFor is unitOf for any times; those that there are not have no say.
func unitFor(times []*float64) unit {
	longest, shortest := 0.0, math.Inf(1)
	for _, t := range times {
		if v, ok := finite(t); ok && v > 0 {
			longest, shortest = max(longest, v), min(shortest, v)
		}
	}
	u := unit{name: "µs", perS: 1e6}
	switch {
	case longest == 0 || longest >= 1:
		u = unit{name: "s", perS: 1}
	case longest >= 1e-3:
		u = unit{name: "ms", perS: 1e3}
	}
	u.decimals = decimals(shortest * u.perS)
	return u
}

// decimals leaves a positive number two digits or three: 117, 41.0, 4.07, 0.41,
// 0.012. Below a hundredth more are not worth their width.
func decimals(v float64) int {
	switch {
	case v >= 100:
		return 0
	case v >= 10:
		return 1
	case v >= 0.1:
		return 2
	case v >= 0.01:
		return 3
	default:
		return 4
	}
}

// bare is a time without its unit, for a column whose header has it. A time that
// there is not, because no trial succeeded, is a dash and never 0.
func (u unit) bare(seconds *float64) string {
	v, ok := finite(seconds)
	if !ok {
		return none
	}
	return fixed(v*u.perS, u.decimals)
}

// full is a time with its unit, for a sentence, with the decimals of the table so
// that the reader finds it there again.
func (u unit) full(seconds float64) string {
	return u.bare(&seconds) + " " + u.name
}

// median is the cell of a median. One that lies among failed trials has no time,
// and is no gap in the table.
func (u unit) median(c *results.Contender) string {
	if c.Median == nil && c.OK < c.Trials {
		return "not reached"
	}
	return u.bare(c.Median)
}

// band is an interval of times. Without an upper end, because that lies among
// failed trials, it is so much or more.
func (u unit) band(b *results.Band) string {
	if b == nil {
		return none
	}
	if _, ok := finite(b.Hi); !ok {
		return u.bare(&b.Lo) + " or more"
	}
	return u.bare(&b.Lo) + " .. " + u.bare(b.Hi)
}

// finite returns what a pointer holds, if it holds a number. Infinity stands
// for "not reached" in some intervals and is no number to print.
func finite(v *float64) (float64, bool) {
	if v == nil || math.IsNaN(*v) || math.IsInf(*v, 0) {
		return 0, false
	}
	return *v, true
}

// fixed writes a number with so many decimals, and never with an exponent.
func fixed(v float64, decimals int) string {
	return strconv.FormatFloat(v, 'f', decimals, 64)
}

// times writes a ratio, as in 7.9x.
func times(v *float64) string {
	r, ok := finite(v)
	if !ok {
		return none
	}
	return fixed(r, ratioDecimals(r)) + "x"
}

// ratioDecimals keeps apart what differs: 123, 14.9, 7.9, 0.77, and more digits
// close to 1, where all that matters is behind the point, and close to 0.
func ratioDecimals(v float64) int {
	switch off := math.Abs(v - 1); {
	case v >= 100:
		return 0
	case off < 0.02 || v < 0.1:
		return 3
	case off < 0.2 || v < 1:
		return 2
	default:
		return 1
	}
}

// small is a share that may be small, with a decimal below ten percent.
func small(share float64) string {
	if share < 0.1 {
		return fixed(100*share, 1) + " %"
	}
	return fixed(100*share, 0) + " %"
}

// given is a share that somebody typed: 5 %, 2.5 %.
func given(share float64) string { return strings.Replace(small(share), ".0 %", " %", 1) }

// percent is a share without decimals. It may exceed 100: what is best possible
// is measured, too.
func percent(v *float64) string {
	share, ok := finite(v)
	if !ok {
		return none
	}
	return fixed(100*share, 0) + " %"
}
