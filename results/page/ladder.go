package page

import (
	"slices"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/plot"
)

// A ladder is a figure of lanes, one below the other, over one axis: a lane for each
// contender, its name and a number above it. Within a lane rounds go from top to
// bottom, so that what drifted with time is a slope.
type ladder struct {
	canvas *plot.Canvas
	frame  plot.Frame
	// few says that there are so few dots that each can have a tip, many that they
	// are too many to be drawn, and bins how many bars a lane has then.
	few  bool
	many bool
	bins int
}

// The lengths of a ladder.
const (
	laneHeight = 34
	laneGap    = 10
	gutter     = 34 // beside the box, for what has no place on the axis
	edge       = 12
)

// mostTips is how many dots of a figure have a tip each: one takes ten times the room
// of a dot without.
const mostTips = 600

// newLadder draws the axis of so many lanes. Gutters are left free where there is
// something to put there.
func newLadder(lanes, dots int, x plot.Axis, left, right bool) *ladder {
	box := plot.Box{Left: edge, Width: plot.Width - 2*edge, Height: float64(lanes) * (plot.Line + laneHeight + laneGap)}
	if left {
		box.Left, box.Width = box.Left+gutter, box.Width-gutter
	}
	if right {
		box.Width -= gutter
	}
	l := &ladder{canvas: plot.New(plot.Width, box.Height+2*plot.Line), frame: plot.Frame{Box: box, X: x}, few: dots <= mostTips, many: dots > plot.MostMarks}
	l.bins = min(mostBins, max(plot.MostMarks/2/lanes, 1))
	l.frame.Draw(l.canvas)
	return l
}

// lane writes the name and the number of a lane and returns its box.
func (l *ladder) lane(i int, name, number string) plot.Box {
	b := l.frame.Box
	b.Top, b.Height = float64(i)*(plot.Line+laneHeight+laneGap)+plot.Line, laneHeight
	base := b.Top - 7
	l.canvas.Text(plot.Ink{Class: "strong"}, plot.Point{X: 0, Y: base}, plot.Start, name)
	l.canvas.Text(plot.Ink{Class: "note"}, plot.Point{X: plot.Width, Y: base}, plot.End, number)
	return b
}

// A spot is a value of a round, with what a reader sees when he points at it.
type spot struct {
	round int
	value float64
	tip   string
}

// dots draws the spots of a lane of so many rounds. Too many to be told apart become
// bars, by value.
func (l *ladder) dots(b plot.Box, rounds int, spots []spot) {
	const radius = 3
	var bare []plot.Point
	for _, s := range spots {
		at := plot.Point{X: l.frame.XOf(s.value), Y: level(b, s.round, rounds)}
		if l.few {
			l.canvas.Dot(plot.Ink{Class: "dot light", Tip: s.tip}, at, radius)
		} else {
			bare = append(bare, at)
		}
	}
	if l.many || len(bare) > mostTips {
		l.bars(b, bare)
		return
	}
	l.canvas.Dots(plot.Ink{}, bare)
}

// level is where a round lies from top to bottom.
func level(b plot.Box, round, rounds int) float64 {
	const margin = 5
	if rounds < 2 {
		return b.Top + b.Height/2
	}
	return b.Top + margin + (b.Height-2*margin)*float64(round)/float64(rounds-1)
}

// mostBins is how many bars can be told apart in a lane.
const mostBins = 120

// bars draws how many places fall into each part of the lane.
func (l *ladder) bars(b plot.Box, at []plot.Point) {
	if len(at) == 0 {
		return
	}
	counts, bins := make([]int, l.bins), float64(l.bins)
	for _, p := range at {
		share := (p.X - b.Left) / b.Width
		counts[min(max(int(share*bins), 0), l.bins-1)]++
	}
	most := float64(slices.Max(counts))
	for i, n := range counts {
		if n > 0 {
			left := b.Left + b.Width*float64(i)/bins
			l.canvas.Rect(plot.Ink{Class: "bar light"}, plot.Point{X: left, Y: b.Bottom()},
				plot.Point{X: left + b.Width/bins, Y: b.Bottom() - max(1, b.Height*float64(n)/most)})
		}
	}
}

// interval draws a band over the height of a lane, and the estimate in it.
func (l *ladder) interval(b plot.Box, low, high, estimate *float64, tip string) {
	if low != nil {
		top := l.frame.Right()
		if high != nil {
			top = l.frame.XOf(*high)
		}
		l.canvas.Rect(plot.Ink{Class: "band", Tip: tip}, plot.Point{X: l.frame.XOf(*low), Y: b.Top}, plot.Point{X: top, Y: b.Bottom()})
	}
	if estimate != nil {
		x := l.frame.XOf(*estimate)
		l.canvas.Line(plot.Ink{Class: "stroke", Tip: tip}, plot.Point{X: x, Y: b.Top}, plot.Point{X: x, Y: b.Bottom()})
	}
}

// mostCrosses is how many crosses are drawn in a lane; what is beyond them is counted.
const mostCrosses = 12

// crosses marks rounds at a place beside the box.
func (l *ladder) crosses(b plot.Box, x float64, rounds int, spots []spot) {
	const radius = 3.5
	for _, s := range spots[:min(len(spots), mostCrosses)] {
		l.canvas.Cross(plot.Ink{Tip: s.tip}, plot.Point{X: x, Y: level(b, s.round, rounds)}, radius)
	}
}

// seconds is the makespan of a trial.
func seconds(t *results.Trial) float64 {
	if t.Exact > 0 {
		return t.Exact
	}
	return float64(t.ElapsedNS) / 1e9
}
