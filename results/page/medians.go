package page

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/plot"
)

// mostBars is how many contenders the picture beside the headline has.
const mostBars = 6

// medians is the picture beside the headline: a bar for the median of a contender, from
// zero, so that twice as long is twice as slow. The table below has its numbers.
func medians(in *Input) (Figure, bool) {
	all := fastest(in)
	if len(all) < 2 {
		return Figure{}, false
	}
	f := Figure{ID: "medians", Title: "Median time", Caption: "Median time of a trial, shorter is faster"}
	if len(all) < len(in.Contenders) {
		f.Caption += fmt.Sprintf("; %d of %d contenders, the fastest and the slowest among them", len(all), len(in.Contenders))
	}
	high := 0.0
	for _, c := range all {
		if c.Median != nil {
			high = max(high, *c.Median)
		}
	}
	const thick, gap = 20, 14
	const pitch = plot.Line + thick + gap
	scale := plot.Linear(0, high)
	canvas := plot.New(plot.Width, float64(len(all))*pitch)
	var parts []string
	for i, c := range all {
		top := float64(i)*pitch + plot.Line
		words := "not reached"
		if c.Median != nil {
			words = in.Unit.Full(*c.Median)
			canvas.Rect(plot.Ink{Class: "bar " + plot.Series(in.Look(c.Name)), Tip: in.Name(c.Name) + ": " + words},
				plot.Point{X: 0, Y: top}, plot.Point{X: max(2, plot.Width*scale.Share(*c.Median)), Y: top + thick})
		}
		canvas.Text(plot.Ink{Class: "strong"}, plot.Point{X: 0, Y: top - 7}, plot.Start, in.Name(c.Name))
		canvas.Text(plot.Ink{Class: "note"}, plot.Point{X: plot.Width, Y: top - 7}, plot.End, words)
		parts = append(parts, in.Name(c.Name)+" "+words)
	}
	f.Description = "Median time of a trial: " + strings.Join(parts, "; ") + "."
	f.SVG = canvas.HTML(f.ID, f.Title, f.Description)
	return f, true
}

// fastest are the contenders to show: all, or the baseline and of each kind the fastest
// and the slowest, in their order. There are none where no median is known.
func fastest(in *Input) []*results.Contender {
	if !slices.ContainsFunc(in.Contenders, func(c results.Contender) bool { return c.Median != nil && *c.Median > 0 }) {
		return nil
	}
	return in.inOrder(in.chosen(mostBars))
}

// ranked are the contenders in the order in which a figure without room for all of them
// takes them.
func (in *Input) ranked() []*results.Contender {
	var all []*results.Contender
	for i := range in.Contenders {
		all = append(all, &in.Contenders[i])
	}
	slices.SortStableFunc(all, func(a, b *results.Contender) int {
		return cmp.Compare(in.rank(a), in.rank(b))
	})
	return all
}

// inOrder puts some contenders into the order of the table.
func (in *Input) inOrder(some []*results.Contender) []*results.Contender {
	slices.SortFunc(some, func(a, b *results.Contender) int { return cmp.Compare(in.Place(a.Name), in.Place(b.Name)) })
	return some
}

// drawnOf tells which of the contenders that there is something to draw of a figure of
// so many has: all, or the baseline and the fastest, and in any case the one that its
// words name. Who has nothing to be drawn takes nobody's place.
func (in *Input) drawnOf(names []string, most int, named string) map[string]bool {
	all := slices.DeleteFunc(in.ranked(), func(c *results.Contender) bool { return !slices.Contains(names, c.Name) })
	few := all[:min(len(all), most)]
	if i := slices.IndexFunc(all, func(c *results.Contender) bool { return c.Name == named }); i >= most {
		few[most-1] = all[i]
	}
	out := map[string]bool{}
	for _, c := range few {
		out[c.Name] = true
	}
	return out
}

// rank is what the contenders to show are chosen by: the baseline first, then the one
// that makes one request after the other, then by time, last those without one.
func (in *Input) rank(c *results.Contender) float64 {
	const never = 1e300
	switch {
	case c.Name == in.Run.Design.Baseline:
		return -2
	case c.Name == in.Run.Sequential():
		return -1
	case c.Median == nil:
		return never
	}
	return *c.Median
}
