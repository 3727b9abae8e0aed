package page

import (
	"github.com/fetchbench/fetchbench/results/plot"
	"github.com/fetchbench/fetchbench/results/report"
)

const (
	// mostLanes is how many contenders a waterfall has room for.
	mostLanes = 12
	// laneWidth is how wide the figure is, which has the page to itself, and laneHead
	// what the line above a lane takes, on a phone too.
	laneWidth, laneHead = 960, 38
	// most lanes are so high; one with few slots is lower, so that their rows are alike.
	rowsHeight, rowHeight = 216, 18
	// detailed is up to how many bars each has its phases and its words.
	detailed = 500
)

// A waterfall is the figure of one round in the making.
type waterfall struct {
	*plot.Canvas
	plot.Frame
	in    *Input
	unit  report.Unit
	lanes []*lane
	bars  int
	// cut is where the axis ends if a lane goes on beyond it.
	cut int64
}

// drawWaterfall draws one round: for each contender its requests as bars over time, a
// row for each slot.
func drawWaterfall(in *Input) (Figure, bool, error) {
	g, err := in.gathered()
	if err != nil || g == nil {
		return Figure{}, false, err
	}
	w := newWaterfall(in, g)
	if w == nil {
		return Figure{}, false, nil
	}
	f := Figure{ID: "waterfall", Title: "One round, request by request", Wide: true, Table: w.table()}
	if len(w.lanes) == 1 && len(in.Contenders) > 1 {
		f.Caption = concat(in.lonely(w.lanes[0].column.Name), in.unknown(g.undrawn))
		return f, true, nil
	}
	f.Caption = concat(w.meaning(), w.reading(g), in.unknown(g.undrawn))
	f.Description, f.Legend = w.description(g.round), w.legend()
	w.axis()
	top := w.Top
	for _, l := range w.lanes {
		top += w.draw(l, top)
	}
	f.SVG = w.HTML(f.ID, f.Title, f.Description)
	return f, true, nil
}

// newWaterfall lays the figure out; nil where no request was made in the round.
func newWaterfall(in *Input, g *gathering) *waterfall {
	w := &waterfall{in: in, lanes: laned(in, g)}
	height, requests := 0., 0
	for _, l := range w.lanes {
		height += laneHead + l.height()
		requests += l.requests
		w.bars += len(l.bars)
	}
	if requests == 0 {
		return nil
	}
	end := w.end()
	w.unit = unitOf(inSeconds(end))
	w.Canvas = plot.New(laneWidth, height+2*laneHead)
	w.Frame = plot.Frame{
		Box: plot.Box{Left: 10, Width: laneWidth - 20, Height: height + 6},
		X: plot.Axis{
			Scale: plot.Linear(0, inSeconds(end)*w.unit.PerSecond),
		},
	}
	return w
}

// laned are the lanes to draw, in the order of the table.
func laned(in *Input, g *gathering) (lanes []*lane) {
	var names []string
	for _, l := range g.lanes {
		names = append(names, l.column.Name)
	}
	drawn := in.drawnOf(names, mostLanes, "")
	for _, l := range g.lanes {
		if drawn[l.column.Name] {
			lanes = append(lanes, l)
		}
	}
	return lanes
}

// axis draws the times. Letters are larger here than in a figure of the usual width,
// so that they can be read on a phone, and take more room.
func (w *waterfall) axis() {
	for _, v := range w.X.Scale.Ticks(7) {
		x := w.XOf(v)
		w.Line(plot.Ink{Class: "grid"}, plot.Point{X: x, Y: w.Top}, plot.Point{X: x, Y: w.Bottom()})
		w.Text(plot.Ink{Class: "tick"}, plot.Point{X: x, Y: w.Bottom() + 0.75*laneHead}, plot.Middle, plot.Number(v))
	}
	w.Line(plot.Ink{Class: "axis"}, plot.Point{X: w.Left, Y: w.Bottom()}, plot.Point{X: w.Right(), Y: w.Bottom()})
	w.Text(plot.Ink{Class: "label"}, plot.Point{X: w.Right(), Y: w.Bottom() + 1.6*laneHead}, plot.End, "time since the trial began, in "+w.unit.Name)
}

// end is where the axis ends: at the longest lane, or where that is so much longer
// than all others that these would be slivers, at twice the second longest. The
// baseline is cut later than others: how much longer it takes is what one came to see.
func (w *waterfall) end() int64 {
	slivers := int64(4)
	first, second := int64(1), int64(0)
	for _, l := range w.lanes {
		switch {
		case l.span > first:
			first, second = l.span, first
			slivers = 4
			if l.column.Name == w.in.Run.Design.Baseline {
				slivers = 20
			}
		case l.span > second:
			second = l.span
		}
	}
	if len(w.lanes) > 1 && second > 1 && first/second >= slivers {
		w.cut = 2 * second
		return w.cut
	}
	return first
}

// height is that of the rows of a lane.
func (l *lane) height() float64 {
	if l.bars == nil {
		return rowsHeight / 2
	}
	return min(rowsHeight, rowHeight*float64(l.rows()))
}

// rows are the slots that there were to use, where one can see that many.
func (l *lane) rows() int {
	const seen = 64
	if k := l.capacity(); k <= seen {
		return k
	}
	return max(l.slots, 1)
}

// x is where an instant lies, and y where a row begins.
func (w *waterfall) x(ns int64) float64 { return w.XOf(inSeconds(ns) * w.unit.PerSecond) }

// draw draws a lane and returns how much room it took.
func (w *waterfall) draw(l *lane, top float64) float64 {
	bottom := top + laneHead + l.height()
	w.Text(plot.Ink{Class: "strong"}, plot.Point{X: w.Left, Y: top + laneHead - 9}, plot.Start, w.in.Name(l.column.Name))
	w.Text(plot.Ink{Class: "note"}, plot.Point{X: w.Right(), Y: top + laneHead - 9}, plot.End, w.heading(l))
	w.Group(plot.Ink{Class: "lane " + plot.Series(w.in.Look(l.column.Name))})
	if l.bars == nil {
		w.drawBins(l, plot.Box{Left: w.Left, Top: top + laneHead, Width: w.Width, Height: l.height()})
	} else {
		w.drawRows(l, top+laneHead)
	}
	w.End()
	if w.beyond(l) {
		w.Text(plot.Ink{Class: "strong"}, plot.Point{X: w.Right() - 6, Y: top + laneHead + l.height()/2 + 5}, plot.End, "… ends at "+long(l.elapsed)+" →")
	} else {
		x := w.x(l.elapsed)
		w.Line(plot.Ink{Class: "makespan", Tip: "all done after " + long(l.elapsed)},
			plot.Point{X: x, Y: top + laneHead - 5}, plot.Point{X: x, Y: bottom + 2})
	}
	return bottom - top
}

// beyond tells whether a lane goes on where the axis ends.
func (w *waterfall) beyond(l *lane) bool { return w.cut > 0 && l.span > w.cut }
