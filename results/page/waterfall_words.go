package page

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/results/report"
)

// long is a time in the unit that suits it, whatever that of the axis is.
func long(ns int64) string {
	seconds := inSeconds(ns)
	return unitOf(seconds).Full(seconds)
}

// heading says of a lane what its rows add up to.
func (w *waterfall) heading(l *lane) string {
	text := long(l.elapsed)
	if l.failed > 0 {
		text += fmt.Sprintf(" · %d of %d failed", l.failed, l.requests)
	}
	text += " · " + count(l.slots, "slot")
	if l.bounded() && l.column.Asked > 1 {
		text += " · " + share(l.idle) + " idle"
	}
	return text
}

// meaning says whose slots stood idle while requests waited: of the contenders that had
// fewer slots than requests, however many, the idlest and the busiest.
func (w *waterfall) meaning() string {
	var bounded []*lane
	for _, l := range w.lanes {
		if l.bounded() && l.column.Asked > 1 && l.requests > 0 {
			bounded = append(bounded, l)
		}
	}
	slices.SortStableFunc(bounded, func(a, b *lane) int { return cmp.Compare(b.idle, a.idle) })
	switch {
	case len(bounded) == 0:
		return w.alone()
	case bounded[0].idle < 0.01:
		return concat("No slot stood idle for long while requests waited for one.", w.alone())
	case len(bounded) == 1:
		return fmt.Sprintf("%s left its slots idle for %s of the time while requests waited for one.",
			w.in.Name(bounded[0].column.Name), share(bounded[0].idle))
	}
	idlest, busiest := bounded[0], bounded[len(bounded)-1]
	return fmt.Sprintf("%s left its slots idle for %s of the time while requests waited for one; %s for %s.",
		w.in.Name(idlest.column.Name), share(idlest.idle), w.in.Name(busiest.column.Name), share(busiest.idle))
}

// alone says what bounds the quickest contender where that is a single request.
func (w *waterfall) alone() string {
	best := w.lanes[0]
	for _, l := range w.lanes {
		if l.elapsed > 0 && (l.elapsed < best.elapsed || best.elapsed <= 0) {
			best = l
		}
	}
	if best.slots < 2 || best.longest < best.elapsed/2 {
		return ""
	}
	return fmt.Sprintf("%s took %s, of which its slowest request alone took %s.", w.in.Name(best.column.Name),
		long(best.elapsed), long(best.longest))
}

// reading says which round it is, how to read it and what is not in it.
func (w *waterfall) reading(g *gathering) string {
	text := fmt.Sprintf("This is round %d, whose times are closest to the medians.", g.round)
	if g.failing {
		text = fmt.Sprintf("This is round %d, of those with the fewest failed trials the one whose times are closest to the medians.", g.round)
	}
	binned, cut := false, ""
	for _, l := range w.lanes {
		binned = binned || l.bars == nil && l.requests > 0
		if w.beyond(l) {
			cut = fmt.Sprintf(" The axis is cut at %s: %s goes on to %s.", long(w.cut), w.in.Name(l.column.Name), long(l.elapsed))
		}
	}
	switch {
	case binned:
		text += fmt.Sprintf(" There are too many requests for a bar each: the line is how many slots were busy, in %d bins of time, within the band of the fewest and the most.", occupancyBins)
	case w.bars > detailed:
		text += " Each row is a slot, each bar a request; phases are not drawn of so many."
	default:
		text += " Each row is a slot, each bar a request; rest on one for its address and phases."
	}
	text += cut
	if n := len(g.lanes); n > len(w.lanes) {
		text += fmt.Sprintf(" Of %d contenders %d are drawn.", n, len(w.lanes))
	}
	return text
}

// description says what there is to see.
func (w *waterfall) description(round int) string {
	parts := []string{fmt.Sprintf("Round %d", round)}
	for _, l := range w.lanes {
		parts = append(parts, fmt.Sprintf("%s: %s in %s", w.in.Name(l.column.Name), count(l.requests, "request"), w.heading(l)))
	}
	return strings.Join(parts, "; ") + "."
}

// tip says what a bar is.
func (w *waterfall) tip(b *bar) string {
	text := fmt.Sprintf("request %d: %s after %s, took %s", b.Index, report.Clean(b.Class), long(b.StartNS), long(b.Latency()))
	if b.Phases.Measured() {
		for i, ns := range shares(&b.Request) {
			if ns > 0 {
				text += fmt.Sprintf(", %s %s", phaseNames()[i], long(ns))
			}
		}
	}
	if b.Phases.LateNS > 0 {
		text += ", late by " + long(b.Phases.LateNS)
	}
	if url := w.in.Run.Target.URL(b.Index); url != "" && !w.in.Run.RoutesOnly() {
		text += "\n" + clipped(report.Clean(url))
	}
	return text
}

// clipped shortens an address to what one reads of it.
func clipped(text string) string {
	const most = 120
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// share is a share of time in percent, to a tenth where it is small.
func share(v float64) string {
	if 0.0005 <= v && v < 0.0995 {
		return fmt.Sprintf("%.1f %%", 100*v)
	}
	return fmt.Sprintf("%.0f %%", 100*v)
}

// table has each request where there are few, else a row a contender.
func (w *waterfall) table() report.Table {
	const few = 120
	if w.bars == 0 || w.bars > few {
		return w.summary()
	}
	t := report.Table{Head: []string{"Type", "slot", "request", "start (" + w.unit.Name + ")", "end", "outcome"}}
	for _, l := range w.lanes {
		for i := range l.bars {
			b := &l.bars[i]
			t.Rows = append(t.Rows, []string{
				w.in.Name(l.column.Name), fmt.Sprint(b.slot + 1), fmt.Sprint(b.Index),
				w.unit.Bare(inSeconds(b.StartNS)), w.unit.Bare(inSeconds(b.end())), report.Clean(b.Class),
			})
		}
	}
	return t
}

// summary has a row a contender.
func (w *waterfall) summary() report.Table {
	t := report.Table{Head: []string{"Type", "time (" + w.unit.Name + ")", "requests", "failed", "most at once", "slowest", "idle"}}
	for _, l := range w.lanes {
		t.Rows = append(t.Rows, []string{
			w.in.Name(l.column.Name), w.unit.Bare(inSeconds(l.elapsed)), fmt.Sprint(l.requests), fmt.Sprint(l.failed),
			fmt.Sprint(l.slots), w.unit.Bare(inSeconds(l.longest)), share(l.idle),
		})
	}
	return t
}
