package page

import (
	"cmp"
	"slices"

	"github.com/fetchbench/fetchbench/results"
)

// A bar is one request in the slot that it is drawn in.
type bar struct {
	results.Request
	slot int
}

// end is when the request was over, since the trial began.
func (b *bar) end() int64 { return b.StartNS + b.ServiceNS }

// assign puts requests into slots: in the order of their starts each goes to the
// lowest slot that is free. An end and a start at the same instant do not overlap.
// There are as many slots as requests were under way at once at most, and no two in
// a slot overlap (interval partitioning). Requests that were never started are left
// out. It takes n times the slots: bars are few.
//
// The slots of the picture need not be those of the strategy, which has no numbers
// for them: what they show is how many were busy, and when one was not.
func assign(requests []results.Request) (bars []bar, slots int) {
	for i := range requests {
		if requests[i].Class != "" {
			bars = append(bars, bar{Request: requests[i]})
		}
	}
	slices.SortFunc(bars, func(a, b bar) int {
		return cmp.Or(cmp.Compare(a.StartNS, b.StartNS), cmp.Compare(a.end(), b.end()), cmp.Compare(a.Index, b.Index))
	})
	var free []int64 // when each slot is free again
	for i := range bars {
		b := &bars[i]
		b.slot = slices.IndexFunc(free, func(at int64) bool { return at <= b.StartNS })
		if b.slot < 0 {
			b.slot = len(free)
			free = append(free, 0)
		}
		free[b.slot] = b.end()
	}
	return bars, len(free)
}
