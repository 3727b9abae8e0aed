package page

import "github.com/fetchbench/fetchbench/results"

// fanOuts are how the requests of a trial are divided: so many of so many requests
// each, one after the other.
type fanOuts struct{ size, count int }

// of is the fan-out that a request belongs to. Numbers beyond the plan, which a
// journal edited by hand may have, belong to the last one.
func (f fanOuts) of(r *results.Request) int {
	return min(max(0, r.Index)/f.size, f.count-1)
}

// idle is the share of the time of k slots over a makespan in which a slot was free
// although a request of the fan-out had not been started. The end of a fan-out, when
// fewer requests are left than slots, is no idleness of this kind: no strategy
// could have done anything about it.
func idle(requests []results.Request, k int, f fanOuts, elapsed int64) float64 {
	f.count = min(f.count, max(1, len(requests)))
	from, until := f.waits(requests)
	busy := make([]int64, f.count)
	for i := range requests {
		if r := &requests[i]; r.Class != "" {
			b := f.of(r)
			busy[b] += max(0, min(r.StartNS+r.ServiceNS, until[b])-max(r.StartNS, from[b]))
		}
	}
	free := 0.0
	for b := range busy {
		free += max(0, float64(k)*float64(until[b]-from[b])-float64(busy[b]))
	}
	return free / (float64(k) * float64(max(elapsed, 1)))
}

// waits are from when until when requests of each fan-out waited to be started: from
// the end of the one before until the last start.
func (f fanOuts) waits(requests []results.Request) (from, until []int64) {
	from, until = make([]int64, f.count+1), make([]int64, f.count)
	for i := range requests {
		r := &requests[i]
		if r.Class == "" {
			continue
		}
		b := f.of(r)
		from[b+1] = max(from[b+1], r.StartNS+r.ServiceNS)
		until[b] = max(until[b], r.StartNS)
	}
	return from, until
}

// A gap is when a slot stood idle although requests of its fan-out waited.
type gap struct {
	slot     int
	from, to int64
}

// gaps are those of the slots that were used. There are none where nothing can have
// waited for a slot.
func (l *lane) gaps() []gap {
	if !l.bounded() || l.column.Asked < 2 {
		return nil
	}
	requests := make([]results.Request, len(l.bars))
	for i := range l.bars {
		requests[i] = l.bars[i].Request
	}
	f := l.parts
	f.count = min(f.count, max(1, len(requests)))
	from, until := f.waits(requests)
	free := make([]int64, l.slots)
	var all []gap
	for i := range l.bars {
		b := &l.bars[i]
		at := f.of(&b.Request)
		if g := (gap{b.slot, max(free[b.slot], from[at]), b.StartNS}); g.from < g.to {
			all = append(all, g)
		}
		free[b.slot] = max(free[b.slot], b.end())
	}
	last := len(until) - 1
	for slot, at := range free {
		if g := (gap{slot, max(at, from[last]), until[last]}); g.from < g.to {
			all = append(all, g)
		}
	}
	return all
}
