package page

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/results/plot"
	"github.com/fetchbench/fetchbench/results/report"
)

// missing stands for a number that there is not.
const missing = "–"

// ecdfMeaning says what being one of many cost a request: the median of the contender
// that makes one after the other against the slowest of the others.
func ecdfMeaning(in *Input, g *gathering, u report.Unit) string {
	alone, worst, slowest := costliest(in, g)
	if alone <= 0 || worst < 0 {
		return ""
	}
	if worst < 1.1*alone {
		return fmt.Sprintf("Concurrency cost single requests nothing that matters: half of them took %s or less one after the other, and %s or less with %s.",
			u.Full(alone), u.Full(worst), in.Name(slowest))
	}
	return fmt.Sprintf("Half of the requests took %s or less one after the other, and %.1fx as long with %s: %s.",
		u.Full(alone), worst/alone, in.Name(slowest), u.Full(worst))
}

// costliest is the median of the contender that makes one request after the other, and
// which of the others has the longest.
func costliest(in *Input, g *gathering) (alone, worst float64, slowest string) {
	alone, worst = -1, -1
	name := in.Run.Sequential()
	for _, c := range g.curves {
		half, ok := c.carried(0.5)
		switch {
		case !ok:
		case c.name == name:
			alone = half
		case half > worst:
			slowest, worst = c.name, half
		}
	}
	return alone, worst, slowest
}

// ecdfReading says how to read the figure, and what is not in it.
func ecdfReading(g *gathering, drawn int) string {
	text := "Further left is quicker; a mark is where half of the requests were answered."
	binned, failed := false, false
	for _, c := range g.curves {
		binned = binned || c.counts != nil
		failed = failed || len(c.failed) > 0
	}
	if failed {
		text += " A line that ends below 100 % lost the rest: requests that failed are never answered."
	}
	if binned {
		text += fmt.Sprintf(" Lines of many requests are drawn in %d steps; their ends are exact.", binnedSteps)
	}
	if n := answered(g); n > drawn {
		text += fmt.Sprintf(" Of %d contenders %d are drawn; the table has all.", n, drawn)
	}
	return text
}

// answered is how many contenders have a line.
func answered(g *gathering) (n int) {
	for _, c := range g.curves {
		if c.ok > 0 {
			n++
		}
	}
	return n
}

// unanswered says which contenders have none, empty where all have one.
func unanswered(in *Input, g *gathering) string {
	var names []string
	for _, c := range g.curves {
		if c.ok == 0 {
			names = append(names, in.Name(c.name))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "Of " + strings.Join(names, ", ") + " no request was answered."
}

// ecdfDescription says what there is to see.
func ecdfDescription(in *Input, curves []*curve, u report.Unit) string {
	var parts []string
	for _, c := range curves {
		text := fmt.Sprintf("%s: %d answered in %s to %s", in.Name(c.name), c.ok, u.Full(inSeconds(c.least)), u.Full(inSeconds(c.most)))
		if half, ok := c.within(0.5); ok {
			text += fmt.Sprintf(", half of all within %s", u.Full(half))
		}
		if n := c.losses(); n > 0 {
			text += fmt.Sprintf(", %d failed", n)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ") + "."
}

// curveKey is the entry of a series drawn as a line with a mark.
func curveKey(i int, name string) Key {
	c := plot.New(28, 14)
	c.Polyline(plot.Ink{Class: "dashed " + plot.Series(i)}, []plot.Point{{X: 0, Y: 7}, {X: 28, Y: 7}})
	c.Mark(plot.Ink{Class: "mark " + plot.Series(i)}, i, plot.Point{X: 14, Y: 7}, 4.5)
	return Key{Sample: c.Sample(), Name: name}
}

// unitOf is a unit in which times up to the longest have few digits.
func unitOf(longest float64) report.Unit {
	u := report.Unit{Name: "µs", PerSecond: 1e6}
	switch {
	case longest >= 1:
		u = report.Unit{Name: "s", PerSecond: 1}
	case longest >= 1e-3:
		u = report.Unit{Name: "ms", PerSecond: 1e3}
	}
	switch v := longest * u.PerSecond; {
	case v >= 100:
	case v >= 10:
		u.Decimals = 1
	default:
		u.Decimals = 2
	}
	return u
}

// percentTick writes a share at an axis.
func percentTick(v float64) string { return plot.Number(100*v) + " %" }

// concat joins sentences, without those that are empty.
func concat(sentences ...string) string {
	return strings.Join(slices.DeleteFunc(sentences, func(s string) bool { return s == "" }), " ")
}

// sortedKeys are the keys of counts in their order.
func sortedKeys(counts map[string]int) []string { return slices.Sorted(maps.Keys(counts)) }
