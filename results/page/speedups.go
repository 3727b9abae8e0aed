package page

import (
	"fmt"
	"strings"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/plot"
	"github.com/fetchbench/fetchbench/results/report"
)

// A race is one contender against the baseline, round by round.
type race struct {
	*results.Comparison
	both []spot
	// lost are the rounds in which the contender failed, won those in which the
	// baseline did. Where both failed nothing was learned.
	lost, won []spot
}

// speedUps shows how many times faster each contender was in each round.
func speedUps(in *Input) (Figure, bool, error) {
	rounds := in.Run.Rounds()
	races, low, high := run(in, rounds)
	if len(races) == 0 {
		return Figure{}, false, nil
	}
	baseline := in.Name(races[0].Baseline)
	f := Figure{
		ID: "speedups", Title: "Speed-up in each round",
		Caption: "How many times faster than " + baseline + " in the same round; right of 1x is faster. The line is the estimate, the band its " + levelsOf(races) + ".",
		Table:   report.Table{Head: []string{"Type", "rounds", "least", "most", "estimate", "from", "to", "level"}},
	}
	scale := roomy(plot.Log(low, high))
	left, right, dots := false, false, 0
	for _, r := range races {
		left, right, dots = left || len(r.lost) > 0, right || len(r.won) > 0, dots+len(r.both)
	}
	words := func(v float64) string { return plot.Number(v) + "x" }
	l := newLadder(len(races), dots, plot.Axis{Scale: scale, Label: "speed-up (logarithmic)", Ticks: ticks, Words: words}, left, right)
	for i, r := range races {
		l.race(in, i, r, len(rounds))
		f.Table.Rows = append(f.Table.Rows, r.row(in))
	}
	if left || right {
		f.Caption += " A cross is a round in which one failed: on the left the contender, on the right " + baseline + "."
	}
	f.Description = spoken(in, races)
	f.SVG = l.canvas.HTML(f.ID, f.Title, f.Description)
	return f, true, nil
}

// run holds the contenders against the baseline, and finds the ends of the axis, which
// has 1 on it.
func run(in *Input, rounds []results.Round) (races []race, low, high float64) {
	low, high = 1, 1
	see := func(v float64) {
		if v > 0 {
			low, high = min(low, v), max(high, v)
		}
	}
	for i := range in.Comparisons {
		r := race{Comparison: &in.Comparisons[i]}
		for k, round := range rounds {
			r.add(k, round[r.Baseline], round[r.Contender])
		}
		for _, s := range r.both {
			see(s.value)
		}
		if s := r.SpeedUp; s != nil {
			for _, end := range []*float64{s.Lo, s.Hi} {
				if end != nil {
					see(*end)
				}
			}
		}
		if len(r.both)+len(r.lost)+len(r.won) > 0 {
			races = append(races, r)
		}
	}
	return races, low, high
}

// add puts a round where it belongs.
func (r *race) add(k int, base, contender *results.Trial) {
	if base == nil || contender == nil {
		return
	}
	words := fmt.Sprintf("round %d: ", base.Round)
	switch first, second := base.Outcome == results.OK, contender.Outcome == results.OK; {
	case first && second && seconds(contender) > 0 && seconds(base) > 0:
		v := seconds(base) / seconds(contender)
		r.both = append(r.both, spot{k, v, words + report.Multiple(v)})
	case first && !second:
		r.lost = append(r.lost, spot{k, 0, words + "failed"})
	case second && !first:
		r.won = append(r.won, spot{k, 0, words + "the baseline failed"})
	}
}

// race draws one contender.
func (l *ladder) race(in *Input, i int, r race, rounds int) {
	number := "no estimate"
	var low, high, estimate *float64
	if s := r.SpeedUp; s != nil {
		number, low, high, estimate = report.Multiple(s.Estimate), s.Lo, s.Hi, &s.Estimate
		if low != nil && high != nil {
			number += fmt.Sprintf(" (%s to %s%s)", report.Multiple(*low), report.Multiple(*high), lowLevel(s.Level))
		}
	}
	b := l.lane(i, in.Name(r.Contender), number)
	one := l.frame.XOf(1) // in the lane only: through the names it would strike them out
	l.canvas.Line(plot.Ink{Class: "rule", Tip: "as fast as " + in.Name(r.Baseline)}, plot.Point{X: one, Y: b.Top}, plot.Point{X: one, Y: b.Bottom()})
	l.canvas.Group(plot.Ink{Class: plot.Series(in.Look(r.Contender))})
	defer l.canvas.End()
	l.interval(b, low, high, estimate, number)
	l.dots(b, rounds, r.both)
	l.crosses(b, l.frame.Left-gutter/2, rounds, r.lost)
	l.crosses(b, l.frame.Right()+gutter/2, rounds, r.won)
}

// row has the numbers of a race.
func (r race) row(in *Input) []string {
	row := []string{in.Name(r.Contender), fmt.Sprint(r.Rounds)}
	ends := make([]string, 6)
	for i := range ends {
		ends[i] = "–"
	}
	if len(r.both) > 0 {
		least, most := r.both[0].value, r.both[0].value
		for _, s := range r.both {
			least, most = min(least, s.value), max(most, s.value)
		}
		ends[0], ends[1] = report.Multiple(least), report.Multiple(most)
	}
	if s := r.SpeedUp; s != nil {
		ends[2] = report.Multiple(s.Estimate)
		for i, end := range []*float64{s.Lo, s.Hi} {
			if end != nil {
				ends[3+i], ends[5] = report.Multiple(*end), report.Level(s.Level)
			}
		}
	}
	return append(row, ends...)
}

// spoken says what there is to see.
func spoken(in *Input, races []race) string {
	var parts []string
	for _, r := range races[:min(len(races), mostSpoken)] {
		if r.SpeedUp != nil {
			parts = append(parts, fmt.Sprintf("%s %s, faster in %d of %d rounds", in.Name(r.Contender), report.Multiple(r.SpeedUp.Estimate), r.FasterIn, r.Rounds))
		}
	}
	if len(races) > mostSpoken {
		parts = append(parts, fmt.Sprintf("%d more in the table", len(races)-mostSpoken))
	}
	return "Speed-up over " + in.Name(races[0].Baseline) + ". " + strings.Join(parts, "; ") + "."
}
