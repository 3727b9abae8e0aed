package page

import (
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

// occupancy cuts the time from 0 to span into bins, and finds the most that were
// under way at once. Nothing is lost by the cutting: the extremes are those of
// single moments, and the counts add up to the requests.
func occupancy(requests []results.Request, span int64) (bins []bin, slots int) {
	bins = make([]bin, occupancyBins)
	var starts, ends []int64
	for i := range requests {
		r := &requests[i]
		if r.Class == "" {
			continue
		}
		end := r.StartNS + r.ServiceNS
		starts, ends = append(starts, r.StartNS), append(ends, end)
		b := &bins[binOf(end, span)]
		b.ended++
		if r.Class != results.ClassOK && r.Class != results.ClassCancelled {
			b.failed++
		}
	}
	slices.Sort(starts)
	slices.Sort(ends)
	seen := make([]bool, len(bins))
	level, at := 0, int64(0)
	for i, j := 0, 0; at < span; {
		for ; j < len(ends) && ends[j] <= at && j < i; j++ {
			level--
		}
		for ; i < len(starts) && starts[i] <= at; i++ {
			level++
		}
		for ; j < len(ends) && ends[j] <= at && j < i; j++ {
			level-- // of requests that took no time
		}
		next := span
		if i < len(starts) {
			next = min(next, starts[i])
		}
		if j < len(ends) {
			next = min(next, ends[j])
		}
		fill(bins, seen, segment{at, next, level, span})
		slots = max(slots, level)
		at = next
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
