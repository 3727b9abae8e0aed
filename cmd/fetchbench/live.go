package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results/report"
)

// A picture is what somebody who looks at a run sees: a line for each contender
// and one with the bar. It is a pure function of the standing and of the terminal's
// size; no line is as wide as the terminal, since many go to the next line once the
// last column is written.
type picture struct {
	*standing
	columns, rows int
	options       report.Options
	// since is how long the run takes already.
	since time.Duration
}

// A cell is a column of the picture, with the text of each contender below its head.
type cell struct {
	head  string
	need  int // how much it is needed: the least goes first where there is no room
	texts []string
}

// The measures of the picture, in columns.
const (
	barLength   = 30
	shortestBar = 5
	leastName   = 6 // what a name gets before columns are left out for it
	gap         = 2
)

// lines are the lines of the picture from top to bottom, with colours if they are
// wanted. Contenders for which there is no row are counted in one.
func (p picture) lines() []string {
	names := p.header.Contenders
	room := p.rows - 3 // the head, the bar, and one for whatever is typed
	if room < 1 {
		return []string{p.bar()}
	}
	rest := ""
	if len(names) > room {
		rest = fmt.Sprintf("%s%s %d more", strings.Repeat(" ", gap), p.options.Fit("…", 3), len(names)-room+1)
		names = names[:room-1]
	}
	shown := make([]string, len(names))
	for i, c := range names {
		shown[i] = c.Name
	}
	lines := p.table(shown)
	if rest != "" {
		lines = append(lines, p.options.Fit(rest, p.columns-1))
	}
	return append(lines, p.bar())
}

// table is the head and a line for each of the contenders. What is too wide loses
// columns, those first that say least; then names are cut.
func (p picture) table(names []string) []string {
	cells := p.cells(names)
	longest := report.Columns("contender")
	for _, name := range names {
		longest = max(longest, report.Columns(p.name(name, p.columns)))
	}
	for len(cells) > 1 && p.room(cells) < min(longest, leastName) {
		least := slices.MinFunc(cells, func(a, b cell) int { return a.need - b.need })
		cells = slices.DeleteFunc(cells, func(c cell) bool { return c.need == least.need })
	}
	width := max(1, min(longest, p.room(cells)))
	lines := []string{p.row(" ", "contender", width, cells, -1)}
	for i, name := range names {
		mark := " "
		if name == p.next.contender {
			mark = ">"
		}
		lines = append(lines, p.paint(name, p.row(mark, name, width, cells, i)))
	}
	return lines
}

// name is that of a contender as it can be shown.
func (p picture) name(s string, width int) string {
	return p.options.Fit(bench.Conceal(s), width)
}

// cells are the columns beside the names.
func (p picture) cells(names []string) []cell {
	cells := []cell{{head: "rounds", need: 2}, {head: "median", need: 4}, {head: "in flight", need: 1}, {head: "failed", need: 3}}
	for _, name := range names {
		c := p.by[name]
		median, flight := "-", "-"
		if seconds, ok := c.median(); ok {
			median = p.options.Fit(glance(seconds), p.columns)
		}
		if c.trials > 0 {
			flight = fmt.Sprintf("%.1f", c.flight)
		}
		rounds := fmt.Sprintf("%d/%d", c.trials, p.header.Design.Rounds)
		for i, text := range []string{rounds, median, flight, fmt.Sprint(c.failed)} {
			cells[i].texts = append(cells[i].texts, text)
		}
	}
	return cells
}

// width is that of the column.
func (c cell) width() int {
	width := len(c.head)
	for _, text := range c.texts {
		width = max(width, report.Columns(text))
	}
	return width
}

// room is what the cells leave for a name.
func (p picture) room(cells []cell) int {
	room := p.columns - 1 - gap
	for _, c := range cells {
		room -= gap + c.width()
	}
	return room
}

// row is one line: the mark of who is measured, the name, and the cells to its right,
// those of the head if i is below 0.
func (p picture) row(mark, name string, width int, cells []cell, i int) string {
	name = p.name(name, width)
	var b strings.Builder
	b.WriteString(mark + " " + name + strings.Repeat(" ", width-min(width, report.Columns(name))))
	for _, c := range cells {
		text := c.head
		if i >= 0 {
			text = c.texts[i]
		}
		b.WriteString(strings.Repeat(" ", gap+c.width()-report.Columns(text)) + text)
	}
	return p.options.Fit(b.String(), p.columns-1)
}

// paint marks who is measured, and whose requests failed. The words say the same.
func (p picture) paint(name, line string) string {
	switch {
	case !p.options.Color:
		return line
	case p.by[name].failed > 0:
		return "\x1b[31m" + line + "\x1b[0m"
	case name == p.next.contender:
		return "\x1b[1m" + line + "\x1b[0m"
	}
	return line
}

// bar is the line with the bar, the round, who is measured and the time left. On a
// narrow terminal words go first, then the bar.
func (p picture) bar() string {
	room := p.columns - 1
	texts := p.words()
	for _, text := range texts {
		length := min(barLength, room-len("[] ")-report.Columns(text))
		if length >= shortestBar {
			filled := min(length, length*(p.before+p.done)/max(1, p.all()))
			return p.options.Fit(fmt.Sprintf("[%s%s] %s", strings.Repeat("#", filled), strings.Repeat("-", length-filled), text), room)
		}
	}
	return p.options.Fit(texts[len(texts)-1], room)
}

// words are those beside the bar, from the longest form to the shortest.
func (p picture) words() []string {
	round, short := "warm-up", "warm-up"
	if p.next.round >= 0 {
		short = fmt.Sprintf("%d/%d", min(p.next.round+1, p.header.Design.Rounds), p.header.Design.Rounds)
		round = "round " + short
	}
	end := ""
	if left, ok := p.left(p.since); ok {
		end = fmt.Sprintf(" · %v left", left.Round(time.Second))
	}
	texts := []string{round + end, short + end}
	if p.next.contender != "" {
		named := round + " · " + p.name(p.next.contender, barLength) + end
		texts = slices.Insert(texts, 0, named)
	}
	return texts
}

// glance is a time of three digits in the unit that suits it.
func glance(seconds float64) string {
	unit, value := "s", seconds
	switch {
	case seconds < 1e-3:
		unit, value = "µs", seconds*1e6
	case seconds < 1:
		unit, value = "ms", seconds*1e3
	}
	decimals := 0
	for scaled := value; scaled < 100 && decimals < 2; scaled *= 10 {
		decimals++
	}
	return fmt.Sprintf("%.*f %s", decimals, value, unit)
}
