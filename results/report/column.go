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
	stepNames8
	lastStep = stepNames8
)

// columns words what the judgement says about each contender.
func columns(j *results.Judgement, style string, o Options) []column {
	all := mainColumns(j, o)
	if style == styleArticle {
		all = articleColumns(j, o)
	}
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

// mainColumns are those of the main table, widest first.
func mainColumns(j *results.Judgement, o Options) []column {
	u := unitOf(j.Contenders)
	return []column{
		{head: "Type", cells: each(j, func(c *results.Contender) string { return o.name(c.Name) })},
		{head: "ok", optional: true, cells: each(j, okCell(j))},
		{
			head: "Average (" + u.name + ")", brief: "Avg (" + u.name + ")", short: stepBriefMean, gone: stepMean,
			cells: each(j, func(c *results.Contender) string { return u.bare(c.Mean) }),
		},
		{
			head:  "Median (" + u.name + ")",
			cells: each(j, func(c *results.Contender) string { return u.bare(c.Median) }),
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

// articleColumns are those of the article that the comparison comes from.
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
			cells: each(j, func(c *results.Contender) string { return u.bare(c.Median) }),
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

// okCell is how many of the trials succeeded, none where all of all did.
func okCell(j *results.Judgement) func(*results.Contender) string {
	failed := slices.ContainsFunc(j.Contenders, func(c results.Contender) bool { return c.OK < c.Trials })
	return func(c *results.Contender) string {
		if !failed {
			return none
		}
		return fmt.Sprintf("%d/%d", c.OK, c.Trials)
	}
}

// flightCell is the mean number of requests that were under way at once.
func flightCell(c *results.Contender) string {
	mean, ok := finite(c.Flight.Mean)
	if !ok {
		return none
	}
	return fixed(mean, 1)
}

// speedUpCell is 1.0x for the baseline where there is something to compare it
// with, and for the others what the comparison estimates.
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
// where the rounds are too few for that.
func levelOf(contenders []results.Contender) string {
	level := 1.0
	for i := range contenders {
		if b := contenders[i].MedianCI; b != nil {
			level = min(level, b.Level)
		}
	}
	return levelText(level)
}
