package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// gates words the limits that a run was held to, a line each.
func gates(j *results.Judgement) []line {
	var lines []line
	for i := range j.Gates {
		g, tone := &j.Gates[i], even
		switch g.Outcome {
		case results.GatePassed:
			tone = good
		case results.GateFailed:
			tone = bad
		}
		lines = append(lines, line{fmt.Sprintf("Gate %s: %s: %s.", GateName(g), g.Outcome, GateReading(g)), tone})
	}
	return lines
}

// GateName is the expression of a gate, with the contender where it does not name one
// by itself. It is clean.
func GateName(g *results.Gated) string {
	name := Clean(g.Gate)
	if own := Clean(g.Contender); !strings.HasPrefix(name, own+".") && !strings.HasPrefix(name, `"`) {
		name += " (" + Name(g.Contender) + ")"
	}
	return name
}

// GateReading is what was measured, with its interval, and what keeps a gate from being
// decided. It is clean.
//
//	+9.1 % (95 % interval +8.2 to +10.0 %)
//	0.41 s (95 % interval 0.39 to 0.60 s), the limit lies within the interval; about 24 rounds would decide
func GateReading(g *results.Gated) string {
	write := gateUnit(g)
	text := write(g.Measured)
	if g.Level > 0 && g.Level < 1 && g.Lo != nil {
		text += fmt.Sprintf(" (%s interval %s)", levelText(g.Level), gateSpan(g, write))
	}
	if g.Reason == "" {
		return text
	}
	reason := Clean(g.Reason)
	if g.RoundsNeeded != nil {
		reason += fmt.Sprintf("; about %d rounds would decide", *g.RoundsNeeded)
	}
	if g.Measured == nil {
		return reason
	}
	return text + ", " + reason
}

// gateSpan words the interval of a gate, its unit once. An open one has no upper end.
func gateSpan(g *results.Gated, write func(*float64) string) string {
	lower := write(g.Lo)
	if g.Hi == nil {
		return lower + " or more"
	}
	upper := write(g.Hi)
	for _, ending := range []string{" s", " ms", " µs", " %", "x"} {
		if strings.HasSuffix(upper, ending) {
			lower = strings.TrimSuffix(lower, ending)
		}
	}
	return lower + " to " + upper
}

// gateUnit writes the numbers of a gate in one unit, with as many decimals as tell its
// limit from what was measured.
func gateUnit(g *results.Gated) func(*float64) string {
	switch g.Unit {
	case results.UnitSeconds:
		u := unitFor([]*float64{g.Measured, g.Lo, g.Hi, &g.Limit})
		return func(v *float64) string { return u.bare(v) + " " + u.name }
	case results.UnitCount:
		return scaled(1, "%.0f")
	case results.UnitShare:
		return scaled(100, "%.1f %%")
	case results.UnitRelative:
		return scaled(100, "%+.1f %%")
	case results.UnitRatio:
		return scaled(1, "%.3gx")
	}
	return scaled(1, "%.2f")
}

// scaled writes so many times a number in a format.
func scaled(by float64, format string) func(*float64) string {
	return func(v *float64) string {
		if v == nil || math.IsNaN(*v) {
			return none
		}
		return fmt.Sprintf(format, unsigned(by**v))
	}
}

// unsigned takes the sign from what is nothing at one decimal: no change is below 0.
func unsigned(v float64) float64 {
	if v < 0 && v > -0.05 {
		return 0
	}
	return v
}

// Regression words a gate that failed as an error.
//
//	regression: the median of head is 9.1 % above that of base (limit 5 %)
func Regression(g *results.Gated) string {
	if g.Unit != results.UnitRelative || g.Measured == nil {
		return fmt.Sprintf("gate failed: %s: %s", GateName(g), GateReading(g))
	}
	return fmt.Sprintf("regression: the %s of %s is %.1f %% above that of %s (95 %% interval %s, limit %.3g %%)",
		g.Metric, Clean(g.Contender), 100**g.Measured, Clean(g.Baseline), changes(g), 100*g.Limit)
}

// changes words the interval of a change, which may be open above.
func changes(g *results.Gated) string {
	switch {
	case g.Lo == nil:
		return "not known"
	case g.Hi == nil:
		return fmt.Sprintf("%+.1f %% or more", 100**g.Lo)
	}
	return fmt.Sprintf("%+.1f to %+.1f %%", 100**g.Lo, 100**g.Hi)
}
