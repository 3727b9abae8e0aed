package report

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// ErrNotTwo is the error of a report on two sides for a run that has not two.
var ErrNotTwo = errors.New("a report on two sides takes a run of two contenders")

// Sides writes what became of two sides that were held against each other: a line a
// metric with what changed, and below it what Text says below its table.
func Sides(w io.Writer, j *results.Judgement, o Options) error {
	switch {
	case len(j.Contenders) != 2:
		return fmt.Errorf("%w: this one has %d", ErrNotTwo, len(j.Contenders))
	case len(j.Comparisons) != 1:
		return fmt.Errorf("%w: none of the two is the baseline of this one", ErrNotTwo)
	}
	table, err := fitted(sideColumns(j, o), o)
	if err != nil {
		return err
	}
	cost, err := costText(j, o)
	if err != nil {
		return err
	}
	var out strings.Builder
	for row := range strings.Lines(table) { // of which some have nothing to say at their end
		out.WriteString(strings.TrimRight(row, " \n") + "\n")
	}
	return write(w, o.composed(j, out.String()+cost, sideLines(j, o)))
}

// ofSides tells whether a run was made to compare two sides, and can be shown so.
func ofSides(j *results.Judgement) bool {
	return j.Run.Design.Sides && len(j.Contenders) == 2 && len(j.Comparisons) == 1
}

// sideLines are the lines below the table of two sides.
func sideLines(j *results.Judgement, o Options) []line {
	c := &j.Comparisons[0]
	lines := []line{sentence(j, c, o)}
	if j.Run.Design.AA {
		lines = []line{same(c, o)}
	} else if seen := speedUp(c); seen.sees() {
		lines = append(lines, line{text: fmt.Sprintf("The smallest change that these %s can see is %s.", counted(c.Rounds, "pair", "pairs"), small(seen.smallest()))})
	}
	return append(append(append(lines, gates(j)...), circumstances(j)...), account(j)...)
}

// A sided metric is a row: what it is of either side, and in words what changed.
type sided struct{ name, base, head, change, interval, p, verdict string }

// sideColumns are the rows of the table, turned.
func sideColumns(j *results.Judgement, o Options) []column {
	base, head := sidesOf(j)
	rows := []sided{medianRow(j, base, head), averageRow(j, base, head)}
	rows = append(rows, numberRow("in flight", base.Flight.Mean, head.Flight.Mean))
	if j.Run.Imported || base.Flight.Mean == nil && head.Flight.Mean == nil {
		rows = rows[:2]
	}
	names := []string{o.name(base.Name), o.name(head.Name)}
	all := []column{
		{head: "metric"},
		{head: names[0], brief: "base", short: stepNames12},
		{head: names[1], brief: "head", short: stepNames12},
		{head: "change"},
		{head: levelText(levelOfSides(j)) + " interval", gone: stepInterval},
		{head: "p", gone: stepFlight},
		{head: "verdict"},
	}
	for _, r := range rows {
		for i, cell := range []string{r.name, r.base, r.head, r.change, r.interval, r.p, r.verdict} {
			all[i].cells = append(all[i].cells, cell)
		}
	}
	return worded(all, o)
}

// levelOfSides is the level of the interval of the change: 95 %, or what so few pairs reach.
func levelOfSides(j *results.Judgement) float64 {
	if q := speedUp(&j.Comparisons[0]); q.level > 0 {
		return q.level
	}
	return 1
}

// sidesOf are the contenders as the base and the head: the base is the baseline.
func sidesOf(j *results.Judgement) (base, head *results.Contender) {
	base, head = &j.Contenders[0], &j.Contenders[1]
	if base.Name != j.Comparisons[0].Baseline {
		return head, base
	}
	return base, head
}

// medianRow has the change that is paired by round, and the verdict, which is about it.
func medianRow(j *results.Judgement, base, head *results.Contender) sided {
	c, u := &j.Comparisons[0], unitOf(j.Contenders)
	r := sided{
		name: "median " + u.name, base: u.median(base), head: u.median(head),
		p: strings.NewReplacer("p = ", "", "p < ", "<").Replace(chance(c)), verdict: inShort(c.Verdict),
	}
	q := slowdown(c)
	r.change, r.interval = changed(q.estimate), span(q)
	return r
}

// averageRow has the ratio of the means, of which there is no test.
func averageRow(j *results.Judgement, base, head *results.Contender) sided {
	c, u := &j.Comparisons[0], unitOf(j.Contenders)
	q := ratio(c.RatioOfMeans)
	q = quotient{estimate: 1 / q.estimate, lo: 1 / q.hi, hi: 1 / max(q.lo, 0)} // see apart
	return sided{name: "average " + u.name, base: u.bare(base.Mean), head: u.bare(head.Mean), change: changed(q.estimate), interval: span(q)}
}

// numberRow is a number without an interval.
func numberRow(name string, base, head *float64) sided {
	r := sided{name: name, base: scaled(1, "%.1f")(base), head: scaled(1, "%.1f")(head), change: none}
	a, known := finite(base)
	b, also := finite(head)
	if known && also && a > 0 {
		r.change = changed(b / a)
	}
	return r
}

// changed is a ratio as the change that it is: 1.091 is +9.1 %.
func changed(v float64) string {
	if !usable(v) {
		return none
	}
	change := v - 1
	return scaled(100, "%+.1f %%")(&change)
}

// span is the interval of a change.
func span(q quotient) string {
	switch {
	case math.IsNaN(q.lo) || math.IsNaN(q.hi):
		return none
	case math.IsInf(q.hi, 1):
		return fmt.Sprintf("%+.1f or more", percents(q.lo))
	}
	return fmt.Sprintf("%+.1f .. %+.1f", percents(q.lo), percents(q.hi))
}

// percents is a ratio as the change that it is, in percent and without a sign where
// that would be of nothing.
func percents(v float64) float64 { return unsigned(100 * (v - 1)) }

// inShort is a verdict in a word or two, about the head.
func inShort(verdict string) string {
	switch stats.Verdict(verdict) {
	case stats.Faster:
		return "faster"
	case stats.Slower:
		return "slower"
	case stats.Equivalent, stats.EquivalentDetectable:
		return "equivalent"
	case stats.InsufficientRounds:
		return "too few pairs"
	case stats.NotComparable:
		return "not comparable"
	}
	return verdict
}
