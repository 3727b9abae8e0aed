package page

import (
	"fmt"
	"math"
	"strings"

	"github.com/fetchbench/fetchbench/results/plot"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/fetchbench/fetchbench/results/stats"
)

// ecdf draws which share of the requests of each contender was answered within which
// time: the empirical distribution function of their latencies.
func ecdf(in *Input) (Figure, bool, error) {
	g, err := in.gathered()
	if err != nil || g == nil {
		return Figure{}, false, err
	}
	curves := selected(in, g)
	least, most := extremes(curves)
	if most <= 0 {
		return Figure{}, false, nil // nothing was answered, or nothing took any time
	}
	u := unitOf(most)
	f := Figure{
		ID: "ecdf", Title: "How long single requests took", Table: quantileTable(in, g, u),
		Caption: concat(ecdfMeaning(in, g, u), ecdfReading(g, len(curves)), unanswered(in, g), in.unknown(g.untold)),
	}
	if len(curves) == 1 && len(in.Contenders) > 1 {
		f.Caption = concat(in.lonely(curves[0].name), unanswered(in, g), in.unknown(g.untold))
		return f, true, nil
	}
	x := spread(least*u.PerSecond, most*u.PerSecond)
	const left = 72
	c := plot.New(plot.Width, 320)
	frame := plot.Frame{
		Box: plot.Box{Left: left, Top: 1.8 * plot.Line, Width: plot.Width - left - 16, Height: 320 - 3.8*plot.Line},
		X:   plot.Axis{Scale: x, Label: "latency (" + u.Name + scaleName(x) + ")", Ticks: ticks},
		Y:   plot.Axis{Scale: plot.Linear(0, 1), Ticks: 6, Words: percentTick},
	}
	frame.Draw(c)
	nameY(c, frame, "share of the requests")
	for _, one := range curves {
		look := in.Look(one.name)
		drawCurve(c, frame, look, in.Name(one.name), one, u)
		f.Legend = append(f.Legend, curveKey(look, in.Name(one.name)))
	}
	f.Description = ecdfDescription(in, curves, u)
	f.SVG = c.HTML(f.ID, f.Title, f.Description)
	return f, true, nil
}

// selected are the curves to draw, in the order of the table: of those without an answer
// there is no line.
func selected(in *Input, g *gathering) (curves []*curve) {
	_, _, named := costliest(in, g)
	var names []string
	for _, c := range g.curves {
		if c.ok > 0 {
			names = append(names, c.name)
		}
	}
	drawn := in.drawnOf(names, mostCurves, named)
	for _, c := range g.curves {
		if drawn[c.name] {
			curves = append(curves, c)
		}
	}
	return curves
}

// beyond is how far the axis goes on after the longest latency, so that one sees at
// which height a line ends.
const beyond = 0.03

// spread is a scale of ratios for latencies of which the longest are several times the
// shortest: they mostly are, and on an even scale their bulk would be a wall. It does
// not begin at 0: what is compared is places, and not lengths.
func spread(least, most float64) plot.Scale {
	const several = 3
	if least > 0 && most/least >= several {
		return plot.Log(least, most*math.Pow(most/least, beyond))
	}
	return plot.Linear(least, most+beyond*(most-least)).Nice(ticks)
}

// nameY writes the name of the upright axis so high that letters of a phone's size do
// not touch the topmost number.
func nameY(c *plot.Canvas, f plot.Frame, name string) {
	c.Text(plot.Ink{Class: "label"}, plot.Point{X: 0, Y: f.Top - 0.85*plot.Line}, plot.Start, name)
}

// drawCurve draws the steps of one contender, to the right end of the frame where
// some of its requests were never answered, with the mark of its series at half.
func drawCurve(c *plot.Canvas, frame plot.Frame, i int, name string, one *curve, u report.Unit) {
	steps := one.steps()
	if len(steps) == 0 {
		return
	}
	at := []plot.Point{frame.At(steps[0].seconds*u.PerSecond, 0)}
	for _, s := range steps {
		at = append(at, frame.At(s.seconds*u.PerSecond, s.share))
	}
	at = append(at, plot.Point{X: frame.Right(), Y: at[len(at)-1].Y})
	c.Steps(plot.Ink{Class: "dashed " + plot.Series(i), Tip: name}, at)
	if half, ok := one.within(0.5); ok {
		tip := fmt.Sprintf("%s: half of the requests within %s", name, u.Full(half))
		c.Mark(plot.Ink{Class: "mark " + plot.Series(i), Tip: tip}, i, frame.At(half*u.PerSecond, 0.5), 6)
	}
}

// extremes are the shortest and the longest latency of curves in seconds.
func extremes(curves []*curve) (least, most float64) {
	first := true
	for _, c := range curves {
		if c.ok == 0 {
			continue
		}
		if first {
			least = inSeconds(c.least)
		}
		first = false
		least, most = min(least, inSeconds(c.least)), max(most, inSeconds(c.most))
	}
	return least, most
}

// shown are the shares of which the table and the sentences speak.
func shownShares() []float64 { return []float64{0.5, 0.9, 0.95, 0.99} }

// carried is the time by which a share was answered, where there are enough requests
// to say so: the 99th percentile of thirty is their maximum under another name.
func (c *curve) carried(share float64) (seconds float64, ok bool) {
	need, err := stats.TrialsForQuantile(share, 0.95)
	if err != nil || c.ok+c.losses() < need {
		return 0, false
	}
	return c.within(share)
}

// quantileTable has the numbers of the figure.
func quantileTable(in *Input, g *gathering, u report.Unit) report.Table {
	t := report.Table{Head: []string{"Type", "answered", "failed", "min (" + u.Name + ")"}}
	for _, share := range shownShares() {
		t.Head = append(t.Head, fmt.Sprintf("%.0f %% within", 100*share))
	}
	t.Head = append(t.Head, "max")
	for _, c := range g.curves {
		row := []string{in.Name(c.name), fmt.Sprint(c.ok), lossWords(c), missing}
		if c.ok > 0 {
			row[3] = u.Bare(inSeconds(c.least))
		}
		for _, share := range shownShares() {
			cell := missing
			if v, ok := c.carried(share); ok {
				cell = u.Bare(v)
			}
			row = append(row, cell)
		}
		last := missing
		if c.ok > 0 {
			last = u.Bare(inSeconds(c.most))
		}
		t.Rows = append(t.Rows, append(row, last))
	}
	return t
}

// lossWords counts the requests that failed, by class.
func lossWords(c *curve) string {
	if len(c.failed) == 0 {
		return "0"
	}
	var parts []string
	for _, class := range sortedKeys(c.failed) {
		parts = append(parts, fmt.Sprintf("%d %s", c.failed[class], report.Clean(class)))
	}
	return strings.Join(parts, ", ")
}
