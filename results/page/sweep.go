package page

import (
	"fmt"
	"math"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/plot"
	"github.com/fetchbench/fetchbench/results/report"
)

// A curveOfSizes is the figure of a sweep in the making: the time of a batch over the
// size, and below it how long single requests took.
type curveOfSizes struct {
	*plot.Canvas
	in    *Input
	sizes plot.Axis
	// time and latency are the units of the two parts.
	time, latency report.Unit
	above, below  plot.Frame
	// ideal is the lower bound by size, 0 where there is none.
	ideal []float64
}

// drawSweep draws a sweep: the median time by size with its interval, the least that
// is possible, and which size is recommended.
func drawSweep(in *Input) (Figure, bool, error) {
	if in.Sweep == nil || len(in.Sweep.Points) < 2 {
		return Figure{}, false, nil
	}
	s := newCurveOfSizes(in)
	if s == nil {
		return Figure{}, false, nil
	}
	f := Figure{
		ID: "sweep", Title: "Time of the batch by size", Caption: concat(s.meaning(), s.reading()),
		Description: s.description(), Legend: s.legend(), Table: s.table(),
	}
	s.drawTimes()
	s.drawLatencies()
	f.SVG = s.HTML(f.ID, f.Title, f.Description)
	return f, true, nil
}

// newCurveOfSizes lays the figure out; nil where no size has a time.
func newCurveOfSizes(in *Input) *curveOfSizes {
	s := &curveOfSizes{in: in}
	points := in.Sweep.Points
	least, most := math.Inf(1), 0.
	slow := 0.
	for i := range points {
		p := &points[i]
		ideal := s.bound(p)
		s.ideal = append(s.ideal, ideal)
		if ideal > 0 && p.Median != nil {
			least = min(least, ideal)
		}
		if p.Median != nil {
			least, most = min(least, *p.Median), max(most, *p.Median)
		}
		for _, v := range s.latencies(p) {
			slow = max(slow, v)
		}
	}
	if most <= 0 {
		return nil
	}
	s.time, s.latency = unitOf(most), unitOf(slow)
	first, last := float64(points[0].Size), float64(points[len(points)-1].Size)
	s.sizes = plot.Axis{Scale: plot.Log(first/1.12, last*1.12)}
	const high, low, left = 250, 110, 58
	s.Canvas = plot.New(plot.Width, high+low+6.8*plot.Line)
	box := plot.Box{Left: left, Top: 1.8 * plot.Line, Width: plot.Width - left - 14, Height: high}
	s.above = plot.Frame{Box: box, X: s.sizes, Y: plot.Axis{
		Scale: plot.Fit(least*s.time.PerSecond, most*s.time.PerSecond).Nice(6), Ticks: 6,
	}}
	box.Top, box.Height = box.Bottom()+3*plot.Line, low
	s.below = plot.Frame{Box: box, X: s.sizes, Y: plot.Axis{
		Scale: plot.Linear(0, slow*s.latency.PerSecond).Nice(4), Ticks: 4,
	}}
	return s
}

// bound is the least time that so many slots can take, by the sequential trials of the
// same rounds; 0 where there are none.
func (s *curveOfSizes) bound(p *results.Point) float64 {
	i := s.in.Place(p.Contender)
	if i < 0 || s.in.Contenders[i].Ideal == nil {
		return 0
	}
	return *s.in.Contenders[i].Ideal
}

// latencies are the median and the 95th percentile of a size, or the mean where there
// are no percentiles; a value below 0 is not there.
func (s *curveOfSizes) latencies(p *results.Point) [2]float64 {
	out := [2]float64{-1, -1}
	switch {
	case p.Latency.P50 != nil:
		out[0] = *p.Latency.P50
	case p.Latency.Mean != nil:
		out[0] = *p.Latency.Mean
	}
	if p.Latency.P95 != nil {
		out[1] = *p.Latency.P95
	}
	return out
}

// floor is the time that the slots of the upstream take for the batch, however many
// are in flight; 0 where it does not behave like slots.
func (s *curveOfSizes) floor() float64 {
	slots := s.in.Sweep.Slots
	if slots == nil || slots.Count < 1 {
		return 0
	}
	return float64(s.in.Run.Target.Planned()) * slots.Service / float64(slots.Count)
}

// drawTimes draws the upper part.
func (s *curveOfSizes) drawTimes() {
	f := s.above
	s.columns(f)
	nameY(s.Canvas, f, "time ("+s.time.Name+scaleName(f.Y.Scale)+")")
	if v := s.floor() * s.time.PerSecond; v > 0 {
		tip := "the least that the slots of the upstream allow: " + s.time.Full(s.floor())
		s.Line(plot.Ink{Class: "rule", Tip: tip}, f.At(s.lowest(), v), f.At(s.highest(), v))
	}
	var lower, upper, medians, bounds []plot.Point
	for i := range s.in.Sweep.Points {
		p := &s.in.Sweep.Points[i]
		x := float64(p.Size)
		if s.ideal[i] > 0 {
			bounds = append(bounds, f.At(x, s.ideal[i]*s.time.PerSecond))
		}
		if p.Median == nil {
			s.Cross(plot.Ink{Tip: s.tip(p)}, plot.Point{X: f.XOf(x), Y: f.Top + 8}, 5)
			continue
		}
		medians = append(medians, f.At(x, *p.Median*s.time.PerSecond))
		if p.MedianCI != nil {
			lower = append(lower, f.At(x, p.MedianCI.Lo*s.time.PerSecond))
			upper = append(upper, plot.Point{X: f.XOf(x), Y: f.Top})
			if p.MedianCI.Hi != nil {
				upper[len(upper)-1] = f.At(x, *p.MedianCI.Hi*s.time.PerSecond)
			}
		}
	}
	s.Area(plot.Ink{Class: "band " + plot.Series(1)}, upper, lower)
	s.Polyline(plot.Ink{Class: "bound"}, bounds)
	s.Polyline(plot.Ink{Class: plot.Series(1)}, medians)
	s.dots()
}

// dots marks each size, and the recommended one so that it is found at once.
func (s *curveOfSizes) dots() {
	f, use := s.above, s.in.Sweep.Recommendation.Use
	for i := range s.in.Sweep.Points {
		p := &s.in.Sweep.Points[i]
		if p.Median == nil {
			continue
		}
		at := f.At(float64(p.Size), *p.Median*s.time.PerSecond)
		if p.Contender != use {
			s.Dot(plot.Ink{Class: plot.Series(1), Tip: s.tip(p)}, at, 4)
			continue
		}
		s.Line(plot.Ink{Class: "chosen"}, plot.Point{X: at.X, Y: f.Top}, plot.Point{X: at.X, Y: f.Bottom()})
		s.Dot(plot.Ink{Class: "hollow " + plot.Series(1), Tip: s.tip(p)}, at, 8)
		s.Dot(plot.Ink{Class: plot.Series(1)}, at, 4)
		anchor, side := plot.Start, 8.
		if at.X > f.Left+0.6*f.Width {
			anchor, side = plot.End, -8
		}
		s.Text(plot.Ink{Class: "strong"}, plot.Point{X: at.X + side, Y: f.Top + 16}, anchor, fmt.Sprintf("use %d", p.Size))
	}
}

// drawLatencies draws the lower part.
func (s *curveOfSizes) drawLatencies() {
	f := s.below
	s.columns(f)
	nameY(s.Canvas, f, "latency of a request ("+s.latency.Name+")")
	if p := s.chosen(); p != nil {
		x := f.XOf(float64(p.Size))
		s.Line(plot.Ink{Class: "chosen"}, plot.Point{X: x, Y: f.Top}, plot.Point{X: x, Y: f.Bottom()})
	}
	var half, most []plot.Point
	for i := range s.in.Sweep.Points {
		p := &s.in.Sweep.Points[i]
		x := float64(p.Size)
		v := s.latencies(p)
		if v[0] >= 0 {
			half = append(half, f.At(x, v[0]*s.latency.PerSecond))
			s.Dot(plot.Ink{Class: plot.Series(1), Tip: s.tip(p)}, half[len(half)-1], 3)
		}
		if v[1] >= 0 {
			most = append(most, f.At(x, v[1]*s.latency.PerSecond))
			s.Mark(plot.Ink{Class: "mark " + plot.Series(2), Tip: s.tip(p)}, 1, most[len(most)-1], 3.5)
		}
	}
	s.Polyline(plot.Ink{Class: plot.Series(1)}, half)
	s.Polyline(plot.Ink{Class: "dashed " + plot.Series(2)}, most)
	s.Text(plot.Ink{Class: "label"}, plot.Point{X: f.Right(), Y: f.Bottom() + 1.65*plot.Line}, plot.End, "size: requests in flight at most")
}

// columns draws the axes of a part: the sizes that were tried are its ticks, without
// numbers where these would run into each other.
func (s *curveOfSizes) columns(f plot.Frame) {
	f.Draw(s.Canvas)
	last := math.Inf(-1)
	for i := range s.in.Sweep.Points {
		size := s.in.Sweep.Points[i].Size
		x := f.XOf(float64(size))
		s.Line(plot.Ink{Class: "grid"}, plot.Point{X: x, Y: f.Top}, plot.Point{X: x, Y: f.Bottom()})
		word := fmt.Sprint(size)
		if wide := float64(12 * (len(word) + 1)); x-last >= wide {
			s.Text(plot.Ink{Class: "tick"}, plot.Point{X: x, Y: f.Bottom() + 0.75*plot.Line}, plot.Middle, word)
			last = x
		}
	}
	s.Line(plot.Ink{Class: "axis"}, plot.Point{X: f.Left, Y: f.Bottom()}, plot.Point{X: f.Right(), Y: f.Bottom()})
}

// lowest and highest are the ends of the axis of sizes.
func (s *curveOfSizes) lowest() float64  { lo, _ := s.sizes.Scale.Ends(); return lo }
func (s *curveOfSizes) highest() float64 { _, hi := s.sizes.Scale.Ends(); return hi }
