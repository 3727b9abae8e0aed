package report

import (
	"fmt"
	"slices"

	"github.com/fetchbench/fetchbench/results"
)

// A column is one column of the table, in words. Where the table is too wide
// for its place it is narrowed step by step: from step short on the column
// has its brief header, from step gone on it is not there. 0 is never.
type column struct {
	head     string
	brief    string
	short    int
	gone     int
	optional bool
	cells    []string
}

// The steps by which a table becomes narrower, least loss first. The names are
// cut before a column of numbers goes, except for those few that are needed.
const (
	stepInterval = iota + 1
	stepBriefEfficiency
	stepBriefMean
	stepNames20
	stepEfficiency
	stepFlight
	stepNames12
	stepMean
	stepSpeedUp
	lastStep = stepSpeedUp
)

// columns words what the judgement says about each contender, in the order in
// which the contenders stand there. Rows are not sorted by time: the order is the
// one that the user gave, and the baseline is easier to find.
func columns(j *results.Judgement, style string, o Options) []column {
	all := mainColumns(j, o)
	if style == styleArticle {
		all = articleColumns(j, o)
	}
	return worded(all, o)
}

// worded makes the columns fit to be shown, and leaves out those that are optional
// and have nothing to say.
func worded(all []column, o Options) []column {
	for i := range all {
		c := &all[i]
		c.head, c.brief = o.clean(c.head), o.clean(c.brief)
		for k := range c.cells {
			c.cells[k] = o.clean(c.cells[k])
		}
	}
	return slices.DeleteFunc(all, func(c column) bool {
		return c.optional && !slices.ContainsFunc(c.cells, func(cell string) bool { return cell != o.clean(none) })
	})
}

// mainColumns are those of the main table: what the article had, and then how
// sure it is, how much better, how busy, and how far from the best possible.
//
// The names never go, nor do the medians: without them there is no table. Nor
// does the number of trials that succeeded, without which times mislead.
func mainColumns(j *results.Judgement, o Options) []column {
	u := unitOf(j.Contenders)
	// Only what can be done without has a step at which it goes, and only what may
	// have nothing to say is optional.
	return []column{
		{head: "Type", cells: each(j, func(c *results.Contender) string { return o.name(c.Name) })},
		{head: "ok", optional: true, cells: each(j, okCell(j))},
		{
			head: "Average (" + u.name + ")", brief: "Avg (" + u.name + ")", short: stepBriefMean, gone: stepMean,
			cells: each(j, func(c *results.Contender) string { return u.bare(c.Mean) }),
		},
		{
			head:  "Median (" + u.name + ")",
			cells: each(j, u.median),
		},
		{
			head: levelOf(j.Contenders) + " interval", gone: stepInterval, optional: true,
			cells: each(j, func(c *results.Contender) string { return u.band(c.MedianCI) }),
		},
		{
			head: "Speed-up", gone: stepSpeedUp, optional: true,
			cells: each(j, func(c *results.Contender) string { return speedUpCell(j, c.Name) }),
		},
		{head: "in flight", gone: stepFlight, optional: true, cells: each(j, flightCell)},
		{
			head: "of the best possible", brief: "of best", short: stepBriefEfficiency, gone: stepEfficiency, optional: true,
			cells: each(j, func(c *results.Contender) string { return percent(c.Efficiency) }),
		},
	}
}

// articleColumns are those of the article that the comparison comes from, in its
// words and with its six decimals, whatever the size of the times.
func articleColumns(j *results.Judgement, o Options) []column {
	u := unit{name: "s", perS: 1, decimals: 6}
	return []column{
		{head: "Type", cells: each(j, func(c *results.Contender) string { return o.name(c.Name) })},
		{
			head: "Average Time (seconds)", brief: "Average (s)", short: stepBriefMean,
			cells: each(j, func(c *results.Contender) string { return u.bare(c.Mean) }),
		},
		{
			head: "Median Time (seconds)", brief: "Median (s)", short: stepBriefMean,
			cells: each(j, u.median),
		},
	}
}

// each makes one cell a contender.
func each(j *results.Judgement, cell func(*results.Contender) string) []string {
	cells := make([]string, len(j.Contenders))
	for i := range j.Contenders {
		cells[i] = cell(&j.Contenders[i])
	}
	return cells
}

// okCell tells what the times rest on: how many of the trials succeeded. Where
// all trials of all contenders did, there is nothing to tell.
func okCell(j *results.Judgement) func(*results.Contender) string {
	failed := slices.ContainsFunc(j.Contenders, func(c results.Contender) bool { return c.OK < c.Trials })
	return func(c *results.Contender) string {
		if !failed {
			return none
		}
		return fmt.Sprintf("%d/%d", c.OK, c.Trials)
	}
}

// flightCell is the mean number of requests that were under way at once. The one
// that was asked for is in the name of most contenders; this is what they got.
func flightCell(c *results.Contender) string {
	mean, ok := finite(c.Flight.Mean)
	if !ok {
		return none
	}
	return fixed(mean, 1)
}

// speedUpCell is what the comparison estimates from the paired rounds, and not the
// quotient of the two medians in the same table. It is 1.0x for the baseline, if
// there is something to compare it with.
func speedUpCell(j *results.Judgement, name string) string {
	for i := range j.Comparisons {
		c := &j.Comparisons[i]
		switch {
		case c.Contender == name && c.SpeedUp != nil:
			return times(&c.SpeedUp.Estimate)
		case c.Baseline == name && c.SpeedUp != nil:
			return "1.0x"
		}
	}
	return none
}

// levelOf is the level that all intervals of the median reach: 95 %, or less
// where the rounds are too few for that. An interval between two of n sorted
// values has one of a few levels only; with five rounds the widest has 93.75 %.
func levelOf(contenders []results.Contender) string {
	level := 1.0
	for i := range contenders {
		if b := contenders[i].MedianCI; b != nil {
			level = min(level, b.Level)
		}
	}
	return levelText(level)
}
