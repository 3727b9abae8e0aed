package page

import (
	"fmt"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/plot"
)

// drawRows draws the slots of a lane and the requests in them. What is seen of a slot
// between its bars is time in which it stood idle.
func (w *waterfall) drawRows(l *lane, top float64) {
	row := l.height() / float64(l.rows())
	if row >= 4 {
		for k := range l.rows() {
			y := top + float64(k)*row
			w.Rect(plot.Ink{Class: "slot"}, plot.Point{X: w.Left, Y: y + row*0.08}, plot.Point{X: w.x(l.elapsed), Y: y + row*0.92})
		}
	} else {
		w.Rect(plot.Ink{Class: "slot"}, plot.Point{X: w.Left, Y: top}, plot.Point{X: w.x(l.elapsed), Y: top + l.height()})
	}
	w.drawGaps(l, top, row)
	if w.bars > detailed {
		w.drawPlain(l, top, row)
		return
	}
	for i := range l.bars {
		b := &l.bars[i]
		y := top + (float64(b.slot)+0.5)*row
		if w.cut == 0 || b.StartNS < w.cut {
			w.drawBar(b, y, row*0.84)
		}
	}
}

// gapHeight is how high a gap is, of a row: a thread, unlike any bar, whatever the
// colour of these.
const gapHeight = 0.24

// drawGaps draws when slots stood idle although requests waited to be started.
func (w *waterfall) drawGaps(l *lane, top, row float64) {
	var all []plot.Box
	for _, g := range l.gaps() {
		left, right := w.x(g.from), w.x(g.to)
		if right-left >= 0.5 {
			all = append(all, plot.Box{Left: left, Top: top + (float64(g.slot)+0.5-gapHeight/2)*row, Width: right - left, Height: gapHeight * row})
		}
	}
	w.Boxes(plot.Ink{Class: "gap", Tip: "idle while requests waited"}, all)
}

// drawPlain draws many bars as one element for those that were answered and one for
// those that were not: bars this small have no parts that anybody could see.
func (w *waterfall) drawPlain(l *lane, top, row float64) {
	var good, bad []plot.Box
	thick := row
	if row >= 4 {
		thick = row * 0.84
	}
	for i := range l.bars {
		b := &l.bars[i]
		if w.cut > 0 && b.StartNS >= w.cut {
			continue
		}
		from := w.x(b.StartNS)
		box := plot.Box{Left: from, Top: top + float64(b.slot)*row + (row-thick)/2, Width: max(w.x(b.end())-from-0.3, 0.3), Height: thick}
		if failed(&b.Request) {
			bad = append(bad, box)
		} else {
			good = append(good, box)
		}
	}
	w.Boxes(plot.Ink{Class: "p4"}, good)
	w.Boxes(plot.Ink{Class: "bad"}, bad)
}

// drawBar draws a request around the middle of its row: its phases by height and
// shade, or all in one where they were not measured.
func (w *waterfall) drawBar(b *bar, y, thick float64) {
	w.Group(plot.Ink{Tip: w.tip(b)})
	if b.Phases.LateNS > 0 {
		w.box("p0", b.StartNS-b.Phases.LateNS, b.StartNS, y, thick*0.12)
	}
	switch {
	case failed(&b.Request):
		w.box("bad", b.StartNS, b.end()-w.joint(b), y, thick)
		w.Cross(plot.Ink{}, plot.Point{X: w.x(b.end()), Y: y}, min(4, thick/2))
	case !b.Phases.Measured():
		w.box("p4", b.StartNS, b.end()-w.joint(b), y, thick)
	default:
		at := b.StartNS
		for i, ns := range shares(&b.Request) {
			w.box(fmt.Sprintf("p%d", i), at, min(at+ns, b.end()-w.joint(b)), y, thick*thickness(i))
			at += ns
		}
	}
	w.index(b, y, thick)
	w.End()
}

// joint is what is left free at the end of a bar, so that the next one in its slot can
// be told from it.
func (w *waterfall) joint(b *bar) int64 {
	_, end := w.X.Scale.Ends()
	unit := end / w.unit.PerSecond / w.Width * 1e9
	return int64(min(unit, 0.15*float64(b.ServiceNS)))
}

// thickness is how high a phase is drawn of a bar: what came before there was a
// connection is a thread, making one half a bar, the answer a whole one.
func thickness(phase int) float64 {
	switch phaseNames()[phase] {
	case "other":
		return 0.2
	case "wait", "body":
		return 1
	}
	return 0.55
}

// leastSeen is how wide a part of a bar must be to be drawn.
const leastSeen = 0.15

// box draws a part of a bar, unless it is too short to be seen.
func (w *waterfall) box(class string, from, to int64, y, thick float64) {
	left, right := w.x(from), w.x(to)
	if right-left < leastSeen {
		return
	}
	w.Rect(plot.Ink{Class: class}, plot.Point{X: left, Y: y - thick/2}, plot.Point{X: right, Y: y + thick/2})
}

// index writes the number of a request into its bar where there is room.
func (w *waterfall) index(b *bar, y, thick float64) {
	const wide, high = 24, 12
	left, right := w.x(b.StartNS), w.x(b.end())
	if right-left < wide || thick < high {
		return
	}
	w.Text(plot.Ink{Class: "index"}, plot.Point{X: (left + right) / 2, Y: y + 4}, plot.Middle, fmt.Sprint(b.Index))
}

// failed tells whether a request was answered with a failure, or not at all.
func failed(r *results.Request) bool {
	return r.Class != results.ClassOK && r.Class != results.ClassCancelled
}

// drawBins draws how many slots were busy where there are too many requests for bars:
// the mean as a line within the band from the least to the most of each bin.
func (w *waterfall) drawBins(l *lane, box plot.Box) {
	f := plot.Frame{Box: box, X: w.X, Y: plot.Axis{Scale: plot.Linear(0, float64(max(l.slots, 1)))}}
	w.Rect(plot.Ink{Class: "slot"}, plot.Point{X: w.Left, Y: box.Top}, plot.Point{X: w.x(l.elapsed), Y: box.Bottom()})
	var most, least, mean []plot.Point
	for k, b := range l.bins {
		from, to := binEdge(k, l.span), binEdge(k+1, l.span)
		if to <= from || w.cut > 0 && from >= w.cut {
			continue
		}
		average := b.busy / float64(to-from)
		for _, x := range []float64{w.x(from), w.x(to)} {
			most = append(most, plot.Point{X: x, Y: f.YOf(float64(b.most))})
			least = append(least, plot.Point{X: x, Y: f.YOf(float64(b.least))})
			mean = append(mean, plot.Point{X: x, Y: f.YOf(average)})
		}
	}
	var ground []plot.Point
	for _, p := range mean {
		ground = append(ground, plot.Point{X: p.X, Y: box.Bottom()})
	}
	w.Area(plot.Ink{Class: "p4"}, mean, ground)
	w.Area(plot.Ink{Class: "p2"}, most, least)
	w.Polyline(plot.Ink{}, mean)
	w.drawLosses(l, box)
}

// drawLosses marks at the foot of a lane the bins in which requests failed.
func (w *waterfall) drawLosses(l *lane, box plot.Box) {
	for k, b := range l.bins {
		from, to := binEdge(k, l.span), binEdge(k+1, l.span)
		if b.failed == 0 || w.cut > 0 && from >= w.cut {
			continue
		}
		tip := fmt.Sprintf("%d of %d failed", b.failed, b.ended)
		w.Rect(plot.Ink{Class: "bad", Tip: tip}, plot.Point{X: w.x(from), Y: box.Bottom() - 4}, plot.Point{X: w.x(to), Y: box.Bottom()})
	}
}
