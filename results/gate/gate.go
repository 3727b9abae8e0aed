// Package gate holds a judgement to limits, for CI: an expression such as
// "pool:8.median > 500ms" says when a build is to fail.
//
//	g, err := gate.Parse("pool:8.median > 500ms")
//	...
//	j.Gates = gate.Judge(gates, j)
//
// A gate is judged with the interval of what was measured and not with the point: it
// fails only if the whole interval lies beyond the limit, passes only if the whole
// interval lies within, and is not decided otherwise. A number that is missing is
// never a pass.
//
// It measures nothing and exits nowhere; what a failed gate means for the exit code is
// the command line's. All times are seconds, all shares parts of 1.
package gate

import (
	"slices"
	"strconv"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// All is the subject that means every contender.
const All = "*"

// A Gate is a limit: Subject.Metric Op Value Unit. It says when a run fails, not when
// it passes.
type Gate struct {
	// Subject is the name of a contender, or All. It may be empty in a relative gate,
	// where it means every contender but the baseline.
	Subject string
	Metric  string
	// Op is one of > >= < <=, or + for a limit so far above the baseline.
	Op string
	// Value is in the Unit as it was written, which may be empty.
	Value float64
	Unit  string
}

// Relative tells whether the limit is one against the baseline.
func (g Gate) Relative() bool { return g.Op == "+" }

// Limit is the value in the base unit: seconds, parts of 1, or a number.
func (g Gate) Limit() float64 {
	if g.Relative() {
		return g.Value / 100
	}
	m, _ := find(g.Metric)
	for _, u := range unitsOf(m.unit) {
		if u.name == g.Unit {
			return g.Value / u.per
		}
	}
	return g.Value
}

// String is the expression; Parse makes the same gate of it.
func (g Gate) String() string {
	var out strings.Builder
	if g.Subject != "" {
		out.WriteString(quoted(g.Subject) + ".")
	}
	value := strconv.FormatFloat(g.Value, 'f', -1, 64) + g.Unit
	if g.Relative() {
		return out.String() + g.Metric + " +" + value
	}
	return out.String() + g.Metric + " " + g.Op + " " + value
}

// quoted puts a name into quotes where it would be read as something else without. A
// quote in it is written twice.
func quoted(name string) string {
	if strings.Trim(name, space) == name && !strings.ContainsAny(name, "\"'<>\t\n\r\v\f") {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// A metric is one number of a contender that can be held to a limit.
type metric struct {
	name string
	unit string
	// read measures it for one contender.
	read func(s subject) reading
	// relative tells whether a change against the baseline has an interval.
	relative bool
	// requests says that it takes more than the times of trials.
	requests bool
}

// metrics lists what there is, in the order in which it is told.
func metrics() []metric {
	return []metric{
		{"median", results.UnitSeconds, subject.median, true, false},
		{"mean", results.UnitSeconds, subject.mean, true, false},
		{"min", results.UnitSeconds, subject.least, false, false},
		{"max", results.UnitSeconds, subject.most, false, false},
		{"p90", results.UnitSeconds, percentile(0.90), false, false},
		{"p95", results.UnitSeconds, percentile(0.95), false, false},
		{"p99", results.UnitSeconds, percentile(0.99), false, false},
		{"speedup", results.UnitRatio, subject.speedUp, false, false},
		{"in_flight", results.UnitNumber, overTrials(inFlight), false, true},
		{"slowdown", results.UnitRatio, overTrials(slowdown), false, true},
		{"efficiency", results.UnitShare, overTrials(efficiency), false, true},
		{"packing", results.UnitShare, overTrials(packing), false, true},
		{"failed", results.UnitCount, counted(failed), false, true},
		{"attempts", results.UnitCount, counted(attempts), false, true},
		{"connections", results.UnitCount, counted(connections), false, true},
	}
}

// find is the metric of a name.
func find(name string) (metric, bool) {
	all := metrics()
	i := slices.IndexFunc(all, func(m metric) bool { return m.name == name })
	if i < 0 {
		return metric{}, false
	}
	return all[i], true
}

// Metrics are the names of what can be held to a limit.
func Metrics() (names []string) {
	for _, m := range metrics() {
		names = append(names, m.name)
	}
	return names
}

// A unit is one way to write a value: so many of it are one of the base unit.
type unit struct {
	name string
	per  float64
}

// unitsOf are the units of a kind of number. Times need one: nobody means 500 s by
// 500. An empty name says that a number may stand alone.
func unitsOf(kind string) []unit {
	switch kind {
	case results.UnitSeconds:
		return []unit{{"s", 1}, {"ms", 1e3}, {"us", 1e6}, {"µs", 1e6}, {"ns", 1e9}}
	case results.UnitShare:
		return []unit{{"%", 100}, {"", 1}}
	case results.UnitRatio:
		return []unit{{"x", 1}, {"", 1}}
	}
	return []unit{{"", 1}}
}
