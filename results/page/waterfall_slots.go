package page

import (
	"cmp"
	"container/heap"
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
// out. It takes n log n.
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
	var free, busy places
	for i := range bars {
		b := &bars[i]
		for len(busy) > 0 && busy[0].key <= b.StartNS {
			slot := heap.Pop(&busy).(place).slot
			heap.Push(&free, place{int64(slot), slot})
		}
		b.slot = slots
		if len(free) > 0 {
			b.slot = heap.Pop(&free).(place).slot
		} else {
			slots++
		}
		heap.Push(&busy, place{b.end(), b.slot})
	}
	return bars, slots
}

// A place is a slot in a queue: of those that are free by their number, of those
// that are busy by when they will be free.
type place struct {
	key  int64
	slot int
}

// places are a heap with the least key first.
type places []place

func (p places) Len() int           { return len(p) }
func (p places) Less(i, j int) bool { return p[i].key < p[j].key }
func (p places) Swap(i, j int)      { p[i], p[j] = p[j], p[i] }

// Push is for container/heap.
func (p *places) Push(v any) { *p = append(*p, v.(place)) }

// Pop is for container/heap.
func (p *places) Pop() any {
	last := len(*p) - 1
	v := (*p)[last]
	*p = (*p)[:last]
	return v
}
