package page

import (
	"cmp"
	"slices"

	"github.com/fetchbench/fetchbench/results"
)

// occupancyBins is into how many equal spans of time a trial is cut whose requests
// are too many to have a bar each.
const occupancyBins = 240

// A bin says how many slots were busy during a span of time: least and most at any
// moment of it, the mean, and how many requests ended in it, of which some failed.
type bin struct {
	least, most   int
	busy          float64 // the integral over the bin, in slot-nanoseconds
	ended, failed int
}

// An event is a start or an end, which changes how many are under way by one.
type event struct {
	at     int64
	change int
}

// occupancy cuts the time from 0 to span into bins, and finds the most that were
// under way at once. Nothing is lost by the cutting: the extremes are those of
// single moments, and the counts add up to the requests.
func occupancy(requests []results.Request, span int64) (bins []bin, slots int) {
	bins = make([]bin, occupancyBins)
	var events []event
	for i := range requests {
		r := &requests[i]
		if r.Class == "" {
			continue
		}
		end := r.StartNS + r.ServiceNS
		events = append(events, event{r.StartNS, 1}, event{end, -1})
		b := &bins[binOf(end, span)]
		b.ended++
		if failed(r) {
			b.failed++
		}
	}
	// At the same instant ends come first: they do not overlap with what starts there.
	slices.SortFunc(events, func(a, b event) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.change, b.change)) })
	seen := make([]bool, len(bins))
	level, at := 0, int64(0)
	for _, e := range append(events, event{at: span}) {
		fill(bins, seen, segment{at, e.at, level, span})
		level, at = level+e.change, e.at
		slots = max(slots, level)
	}
	return bins, slots
}

// A segment is a part of the time to span in which a level held.
type segment struct {
	from, to int64
	level    int
	span     int64
}

// fill adds a segment to the bins that it lies in.
func fill(bins []bin, seen []bool, s segment) {
	for k := binOf(s.from, s.span); k < len(bins) && s.from < s.to; k++ {
		to := min(s.to, max(binEdge(k+1, s.span), s.from))
		if to <= s.from {
			continue
		}
		b := &bins[k]
		b.busy += float64(s.level) * float64(to-s.from)
		if !seen[k] {
			b.least, seen[k] = s.level, true
		}
		b.least, b.most = min(b.least, s.level), max(b.most, s.level)
		s.from = to
	}
}

// binEdge is where bin k begins.
func binEdge(k int, span int64) int64 {
	return int64(float64(span) * float64(k) / occupancyBins)
}

// binOf is the bin that an instant lies in; the end of the last one belongs to it.
func binOf(at, span int64) int {
	k := min(int(float64(at)/float64(max(span, 1))*occupancyBins), occupancyBins-1)
	for k > 0 && at < binEdge(k, span) {
		k--
	}
	for k < occupancyBins-1 && at >= binEdge(k+1, span) {
		k++
	}
	return k
}
