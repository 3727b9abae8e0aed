package page

import (
	"fmt"
	"math"
	"strings"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/plot"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/fetchbench/fetchbench/results/stats"
)

// A strip is the trials of one contender, apart by whether they have a time.
type strip struct {
	*results.Contender
	ok, failed []spot
	times      []float64 // a failed trial is the slowest, as in all medians
}

// strips shows every trial of the rounds that count.
func strips(in *Input) (Figure, bool, error) {
	rounds := in.Run.Rounds()
	if len(rounds) == 0 || len(in.Contenders) == 0 {
		return Figure{}, false, nil
	}
	all, low, high := collect(in, rounds)
	f := Figure{
		ID: "trials", Title: "Every trial",
		Caption: "A dot is one trial; further left is faster. The line is the median, the band its " + medianLevels(in.Contenders) + ", the thin box the middle half. Rounds go from top to bottom.",
		Table:   report.Table{Head: []string{"Type", "trials", "failed", "least", "lower quarter", "median", "upper quarter", "most"}},
	}
	scale := roomy(plot.Fit(low*in.Unit.PerSecond, high*in.Unit.PerSecond))
	x := plot.Axis{Scale: scale, Label: "time (" + in.Unit.Name + scaleName(scale) + ")", Ticks: ticks}
	failures, dots := 0, 0
	for _, s := range all {
		failures, dots = failures+len(s.failed), dots+len(s.ok)
	}
	for _, s := range all {
		f.Table.Rows = append(f.Table.Rows, s.row(in))
	}
	if dots == 0 {
		f.Caption = "No trial succeeded: there is no time to draw."
		return f, true, nil
	}
	l := newLadder(len(all), dots, x, false, failures > 0)
	for i, s := range all {
		l.strip(in, i, s, len(rounds))
	}
	if failures > 0 {
		f.Caption += " A cross is a failed trial: it has no time."
	}
	f.Description = describe(in, all, failures)
	f.SVG = l.canvas.HTML(f.ID, f.Title, f.Description)
	return f, true, nil
}

// ticks is how many numbers an axis of full width has at most.
const ticks = 7

// roomy widens a scale, so that no mark lies on the edge: to a round value, or by a
// share where equal distances are ratios.
func roomy(s plot.Scale) plot.Scale {
	if !s.IsLog() {
		return s.Nice(ticks)
	}
	const room = 1.15
	low, high := s.Ends()
	return plot.Log(low/room, high*room)
}

// scaleName says so where equal distances are equal ratios.
func scaleName(s plot.Scale) string {
	if s.IsLog() {
		return ", logarithmic"
	}
	return ""
}

// collect sorts the trials by contender, and finds the least and the largest time.
func collect(in *Input, rounds []results.Round) (all []strip, low, high float64) {
	for i := range in.Contenders {
		s := strip{Contender: &in.Contenders[i]}
		for k, round := range rounds {
			t := round[s.Name]
			if t == nil {
				continue
			}
			v := seconds(t)
			if t.Outcome != results.OK {
				s.times = append(s.times, math.Inf(1))
				s.failed = append(s.failed, spot{k, 0, fmt.Sprintf("round %d: %s", t.Round, report.Clean(string(t.Outcome)))})
				continue
			}
			s.ok = append(s.ok, spot{k, v * in.Unit.PerSecond, fmt.Sprintf("round %d: %s", t.Round, in.Unit.Full(v))})
			s.times = append(s.times, v)
			if low == 0 || v < low {
				low = v
			}
			high = max(high, v)
		}
		all = append(all, s)
	}
	return all, low, high
}

// strip draws one contender.
func (l *ladder) strip(in *Input, i int, s strip, rounds int) {
	b := l.lane(i, in.Name(s.Name), s.number(in))
	l.canvas.Group(plot.Ink{Class: plot.Series(in.Look(s.Name))})
	defer l.canvas.End()
	if q := quarters(s.times); len(q) > 0 && len(s.times) > 1 && !math.IsInf(q[1], 1) {
		const inset = 9
		l.canvas.Rect(plot.Ink{Class: "frame"}, plot.Point{X: l.frame.XOf(q[1] * in.Unit.PerSecond), Y: b.Top + inset},
			plot.Point{X: min(l.frame.Right(), l.frame.XOf(q[3]*in.Unit.PerSecond)), Y: b.Bottom() - inset})
	}
	l.dots(b, rounds, s.ok)
	low, high, tip := in.band(s.Contender)
	l.interval(b, low, high, in.scaled(s.Median), tip)
	l.crosses(b, l.frame.Right()+gutter/2, rounds, s.failed)
}

// number is what stands beside the name: the median, and how many trials failed.
func (s strip) number(in *Input) string {
	number := "not reached"
	switch {
	case len(s.ok) == 0:
		return "no trial succeeded"
	case s.Median != nil:
		number = in.Unit.Full(*s.Median)
		if b := s.MedianCI; b != nil && b.Level < usualLevel {
			number += " · band" + strings.TrimPrefix(lowLevel(b.Level), ",")
		}
	}
	if len(s.failed) > 0 {
		number += fmt.Sprintf(" · %d of %d failed", len(s.failed), len(s.failed)+len(s.ok))
	}
	return number
}

// scaled is a time in the unit of the run, nil for none.
func (in *Input) scaled(seconds *float64) *float64 {
	if seconds == nil {
		return nil
	}
	v := *seconds * in.Unit.PerSecond
	return &v
}

// band is the interval of a median in the unit of the run, and its words.
func (in *Input) band(c *results.Contender) (low, high *float64, tip string) {
	if c.Median == nil {
		return nil, nil, ""
	}
	tip = "median " + in.Unit.Full(*c.Median)
	if c.MedianCI == nil {
		return nil, nil, tip
	}
	upper := "more"
	if c.MedianCI.Hi != nil {
		upper = in.Unit.Full(*c.MedianCI.Hi)
	}
	return in.scaled(&c.MedianCI.Lo), in.scaled(c.MedianCI.Hi), fmt.Sprintf("%s, %s interval %s to %s", tip, report.Level(c.MedianCI.Level), in.Unit.Bare(c.MedianCI.Lo), upper)
}

// quarters are the least, the quartiles and the most of times, infinite where they lie
// among those of failed trials, and nil where none succeeded.
func quarters(times []float64) []float64 {
	ok := stats.Successes(times)
	if len(ok) == 0 {
		return nil
	}
	var out []float64
	for _, p := range []float64{0, 0.25, 0.5, 0.75, 1} {
		at, last := p*float64(len(times)-1), float64(len(ok)-1)
		if at > last {
			out = append(out, math.Inf(1))
			continue
		}
		v, err := stats.Quantile(ok, at/max(1, last)) // the same place among those that succeeded
		if err != nil {
			return nil
		}
		out = append(out, v)
	}
	return out
}

// row has the numbers of a strip.
func (s strip) row(in *Input) []string {
	row := []string{in.Name(s.Name), fmt.Sprint(len(s.ok) + len(s.failed)), fmt.Sprint(len(s.failed))}
	q := quarters(s.times)
	for i := range 5 {
		if q == nil {
			row = append(row, "–")
			continue
		}
		if math.IsInf(q[i], 1) {
			row = append(row, "not reached")
			continue
		}
		row = append(row, in.Unit.Full(q[i]))
	}
	return row
}

// mostSpoken is how many contenders a description goes through.
const mostSpoken = 6

// describe says what there is to see.
func describe(in *Input, all []strip, failures int) string {
	var parts []string
	for _, s := range all[:min(len(all), mostSpoken)] {
		if s.Median != nil && s.Min != nil && s.Max != nil {
			parts = append(parts, fmt.Sprintf("%s: median %s, from %s to %s", in.Name(s.Name), in.Unit.Full(*s.Median), in.Unit.Bare(*s.Min), in.Unit.Full(*s.Max)))
		}
	}
	if len(all) > mostSpoken {
		parts = append(parts, fmt.Sprintf("%d more in the table", len(all)-mostSpoken))
	}
	parts = append(parts, count(failures, "failed trial"))
	return "Times of the trials of each contender. " + strings.Join(parts, "; ") + "."
}
