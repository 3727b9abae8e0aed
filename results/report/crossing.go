package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// unpaired stands in the reports of two runs above all: their ratios are of another
// kind than those within a run.
const unpaired = "Not paired: the times of two runs, and not of the same rounds."

// Crossing writes what one run says beside another: a table with the medians of both,
// and below it what was found, in what else they differ, and what the numbers leave out.
func Crossing(w io.Writer, c *results.Crossing, o Options) error {
	table, err := fitted(worded(crossingColumns(c, o), o), o)
	if err != nil {
		return err
	}
	var out strings.Builder
	out.WriteString(o.set(line{text: heading(c)}) + "\n")
	if len(c.Contenders) > 0 {
		out.WriteString(table + "\n")
	}
	for _, l := range crossingLines(c) {
		out.WriteString(o.set(l))
	}
	return write(w, out.String())
}

// CrossingMarkdown writes the same as GitHub Flavored Markdown.
func CrossingMarkdown(w io.Writer, c *results.Crossing, o Options) error {
	table, err := markdownTable(worded(crossingColumns(c, o), o))
	if err != nil {
		return err
	}
	var out strings.Builder
	out.WriteString("**" + Escape(o.clean(heading(c))) + "**\n\n")
	if len(c.Contenders) > 0 {
		out.WriteString(table + "\n")
	}
	for _, l := range crossingLines(c) {
		out.WriteString(item(o.clean(l.text)))
	}
	return write(w, out.String())
}

// LookAcross returns what Crossing writes, in its parts: the table and the sentences.
func LookAcross(c *results.Crossing, o Options) (Table, []Line) {
	return tabled(worded(crossingColumns(c, o), o)), o.lines(crossingLines(c))
}

// heading names the runs.
func heading(c *results.Crossing) string {
	return fmt.Sprintf("Run %s beside run %s, the base", name(c.Other), name(c.Base))
}

// name is the id of a run, cut where somebody has made it long.
func name(id string) string { return cut(Clean(id), longestName, "…") }

// crossingColumns are those of the table. The interval is that of the speed-up.
func crossingColumns(c *results.Crossing, o Options) []column {
	var medians []*float64
	for i := range c.Contenders {
		medians = append(medians, c.Contenders[i].Base.Median, c.Contenders[i].Other.Median)
	}
	u := unitFor(medians)
	cell := func(text func(*results.Crossed) string) (cells []string) {
		for i := range c.Contenders {
			cells = append(cells, text(&c.Contenders[i]))
		}
		return cells
	}
	return []column{
		{head: "Type", cells: cell(func(x *results.Crossed) string { return o.name(x.Contender) })},
		{head: "base (" + u.name + ")", cells: cell(func(x *results.Crossed) string { return u.side(x.Base) })},
		{head: bandHead(c, func(x *results.Crossed) *results.Band { return x.Base.MedianCI }), gone: stepBriefEfficiency, cells: cell(func(x *results.Crossed) string { return u.band(x.Base.MedianCI) })},
		{head: "other (" + u.name + ")", cells: cell(func(x *results.Crossed) string { return u.side(x.Other) })},
		{head: bandHead(c, func(x *results.Crossed) *results.Band { return x.Other.MedianCI }), gone: stepBriefMean, cells: cell(func(x *results.Crossed) string { return u.band(x.Other.MedianCI) })},
		{head: "ok", optional: true, gone: stepMean, cells: cell(trialsCell)},
		{head: "base / other", cells: cell(func(x *results.Crossed) string {
			if x.SpeedUp == nil {
				return none
			}
			return times(&x.SpeedUp.Estimate)
		})},
	}
}

// bandHead is the head of a column of intervals: the level that all of them reach.
func bandHead(c *results.Crossing, band func(*results.Crossed) *results.Band) string {
	level := 1.0
	for i := range c.Contenders {
		if b := band(&c.Contenders[i]); b != nil {
			level = min(level, b.Level)
		}
	}
	return levelText(level) + " interval"
}

// side is the median of a contender in one of the runs.
func (u unit) side(s results.Side) string {
	return u.median(&results.Contender{Times: results.Times{Median: s.Median}, Trials: s.Trials, OK: s.OK})
}

// trialsCell tells how many trials succeeded, where not all did.
func trialsCell(x *results.Crossed) string {
	if x.Base.OK == x.Base.Trials && x.Other.OK == x.Other.Trials {
		return none
	}
	return fmt.Sprintf("%d/%d, %d/%d", x.Base.OK, x.Base.Trials, x.Other.OK, x.Other.Trials)
}

// crossingLines are the sentences below the table: what was found, and then all that
// keeps it from being a verdict.
func crossingLines(c *results.Crossing) []line {
	lines := []line{{text: unpaired}}
	adjusted := 0
	for i := range c.Contenders {
		lines = append(lines, line{text: crossed(&c.Contenders[i])})
		if c.Contenders[i].PHolm != nil {
			adjusted++
		}
	}
	if adjusted > 1 {
		lines = append(lines, line{text: fmt.Sprintf("p is adjusted for %d comparisons (Holm), intervals are not.", adjusted)})
	}
	for _, only := range []struct {
		names []string
		in    string
	}{{c.OnlyBase, "the base"}, {c.OnlyOther, "the other run"}} {
		if len(only.names) > 0 {
			lines = append(lines, line{text: fmt.Sprintf("Only in %s: %s", only.in, strings.Join(shortNames(only.names), ", "))})
		}
	}
	for _, w := range c.Warnings {
		l := line{text: "warning: " + Clean(w.Text)}
		if unlike := []string{results.WarnWork, results.WarnOther, results.WarnUnlike}; slices.Contains(unlike, w.Code) {
			l.tone = bad // what holds of all pairs of runs is no alarm
		}
		if w.Hint != "" {
			l.text += "; " + Clean(w.Hint)
		}
		lines = append(lines, l)
	}
	return lines
}

// crossed is what was found of one contender. It never borrows the words of a verdict.
func crossed(x *results.Crossed) string {
	text := shortNames([]string{x.Contender})[0] + ": " + x.Finding
	if x.SpeedUp == nil {
		return text
	}
	c := results.Comparison{Estimates: results.Estimates{SpeedUp: x.SpeedUp}, Chances: x.Chances}
	q := speedUp(&c)
	return text + evidence("base / other "+fixed(q.estimate, ratioDecimals(q.estimate)), q.span(), chance(&c))
}

// shortNames makes names fit to stand in a sentence, a few of many.
func shortNames(names []string) (list []string) {
	const shown = 10
	for _, n := range names[:min(shown, len(names))] {
		list = append(list, name(n))
	}
	if more := len(names) - shown; more > 0 {
		list = append(list, fmt.Sprintf("and %d more", more))
	}
	return slices.Clip(list)
}

// CrossingsJSON writes runs held against one base as one JSON object. Fields are added,
// never renamed.
func CrossingsJSON(w io.Writer, crossings []*results.Crossing) error {
	doc := struct {
		Schema    int                 `json:"schema"`
		Paired    bool                `json:"paired"` // never: it is there to be seen
		Crossings []*results.Crossing `json:"crossings"`
	}{Schema: results.Schema, Crossings: crossings}
	return Object(w, doc)
}
