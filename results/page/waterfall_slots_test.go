package page

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"pgregory.net/rapid"
)

// drawnRequests are requests that start and end at few instants, so that they often
// touch, and some of which take no time or never started.
func drawnRequests(r *rapid.T) []results.Request {
	out := make([]results.Request, rapid.IntRange(0, 60).Draw(r, "requests"))
	for i := range out {
		out[i] = results.Request{
			Index: i, Class: rapid.SampledFrom([]string{"ok", "ok", "ok", "reset", "cancelled", ""}).Draw(r, "class"),
			StartNS:   rapid.Int64Range(0, 30).Draw(r, "start"),
			ServiceNS: rapid.Int64Range(0, 12).Draw(r, "service"),
		}
	}
	return out
}

// TestSlotsHoldOneRequestAtATime: no two requests in a slot overlap, each request that
// was started is in one, and there are as many slots as requests under way at once.
// How many those are is known from the tally, which counts them in another way.
func TestSlotsHoldOneRequestAtATime(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		requests := drawnRequests(r)
		bars, slots := assign(requests)
		want := (&results.Trial{Requests: requests, ElapsedNS: 100}).Count(len(requests)).Flight.Max
		started, instant := 0, false
		for _, q := range slices.DeleteFunc(slices.Clone(requests), unstarted) {
			started++
			instant = instant || q.ServiceNS == 0
		}
		// One that takes no time is never under way, but has its place in the picture.
		if slots < want || slots > want && !instant {
			r.Fatalf("%d slots for %d in flight", slots, want)
		}
		if len(bars) != started {
			r.Fatalf("%d bars for %d requests", len(bars), started)
		}
		if overlap := overlapping(bars, slots); overlap != "" {
			r.Fatal(overlap)
		}
	})
}

// unstarted tells whether a request was never started.
func unstarted(q results.Request) bool { return q.Class == "" }

// overlapping names two bars that lie in one slot at once, or one that lies in none.
func overlapping(bars []bar, slots int) string {
	slices.SortFunc(bars, func(a, b bar) int {
		return cmp.Or(cmp.Compare(a.slot, b.slot), cmp.Compare(a.StartNS, b.StartNS), cmp.Compare(a.end(), b.end()))
	})
	for i, b := range bars {
		if b.slot < 0 || b.slot >= slots {
			return fmt.Sprintf("slot %d of %d", b.slot, slots)
		}
		if i > 0 && bars[i-1].slot == b.slot && bars[i-1].end() > b.StartNS {
			return fmt.Sprintf("requests %d and %d overlap in slot %d", bars[i-1].Index, b.Index, b.slot)
		}
	}
	return ""
}

// TestTheLowestFreeSlotIsTaken: 0 and 1 begin together, 2 when 1 has ended, 3 when both
// are free again.
func TestTheLowestFreeSlotIsTaken(t *testing.T) {
	bars, slots := assign([]results.Request{
		{Index: 3, Class: "ok", StartNS: 30, ServiceNS: 5},
		{Index: 0, Class: "ok", StartNS: 0, ServiceNS: 25},
		{Index: 1, Class: "ok", StartNS: 1, ServiceNS: 9},
		{Index: 2, Class: "ok", StartNS: 10, ServiceNS: 5},
	})
	got := map[int]int{}
	for _, b := range bars {
		got[b.Index] = b.slot
	}
	if want := []int{0, 1, 1, 0}; slots != 2 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] || got[3] != want[3] {
		t.Errorf("%d slots, %v; want 2, %v", slots, got, want)
	}
}

// TestBinsKeepExtremesAndCounts: against levels counted instant by instant.
func TestBinsKeepExtremesAndCounts(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		requests := slices.DeleteFunc(drawnRequests(r), unstarted)
		span := int64(1)
		for i := range requests {
			requests[i].StartNS *= 50
			requests[i].ServiceNS *= 50
			span = max(span, requests[i].StartNS+requests[i].ServiceNS)
		}
		bins, slots := occupancy(requests, span)
		level, failures, busy := levels(requests, span)
		ended, sum := len(requests), 0.0
		for k, b := range bins {
			ended, failures, sum = ended-b.ended, failures-b.failed, sum+b.busy
			if here := level[binEdge(k, span):binEdge(k+1, span)]; len(here) > 0 && (slices.Min(here) != b.least || slices.Max(here) != b.most) {
				r.Fatalf("bin %d has %d to %d, want %d to %d", k, b.least, b.most, slices.Min(here), slices.Max(here))
			}
		}
		if ended != 0 || failures != 0 || int64(sum+0.5) != busy {
			r.Fatalf("%d requests and %d failures are in no bin; busy for %v of %d", ended, failures, sum, busy)
		}
		if want := slices.Max(level); slots != want {
			r.Fatalf("%d slots, want %d", slots, want)
		}
	})
}

// levels counts how many requests were under way at each instant, how many failed, and
// how long all of them took together.
func levels(requests []results.Request, span int64) (level []int, failures int, busy int64) {
	level = make([]int, span)
	for _, q := range requests {
		if q.Class == "reset" {
			failures++
		}
		busy += q.ServiceNS
		for at := q.StartNS; at < q.StartNS+q.ServiceNS; at++ {
			level[at]++
		}
	}
	return level, failures, busy
}

// TestIdleIsWhatNobodyHadToWaitFor, by hand. Two slots, four requests, a makespan of 40:
// waves start 2 and 3 at 20, so that slot 1 stands idle from 10 to 20 while they wait:
// 10 of 80. What it has left from 30 on is nobody's.
func TestIdleIsWhatNobodyHadToWaitFor(t *testing.T) {
	waves := []results.Request{
		{Index: 0, Class: "ok", StartNS: 0, ServiceNS: 20},
		{Index: 1, Class: "ok", StartNS: 0, ServiceNS: 10},
		{Index: 2, Class: "ok", StartNS: 20, ServiceNS: 20},
		{Index: 3, Class: "ok", StartNS: 20, ServiceNS: 10},
	}
	if got := idle(waves, 2, fanOuts{4, 1}, 40); got != 10./80 {
		t.Errorf("waves: %v", got)
	}
	// Of two fan-outs of two the second cannot begin before the first has ended.
	if got := idle(waves, 2, fanOuts{2, 2}, 40); got != 0 {
		t.Errorf("two fan-outs: %v", got)
	}
	pool := slices.Clone(waves)
	pool[2].StartNS, pool[3].StartNS = 10, 20
	if got := idle(pool, 2, fanOuts{4, 1}, 40); got != 0 {
		t.Errorf("pool: %v", got)
	}
}

// TestGapsAddUpToIdle: what is drawn of a lane is what is said of it.
func TestGapsAddUpToIdle(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		requests := drawnRequests(r)
		l := newLane(results.Column{Asked: 2}, results.Target{Requests: len(requests) + 3}, false)
		l.take(&results.Trial{Requests: requests, ElapsedNS: 50})
		sum := int64(0)
		for _, g := range l.gaps() {
			sum += g.to - g.from
		}
		// Slots beyond those that were used have no row to draw a gap in.
		_, until := l.parts.waits(requests)
		unused := int64(l.capacity()-l.slots) * until[0]
		if want := l.idle*float64(l.capacity())*float64(l.span) - float64(unused); int64(want+0.5) != sum {
			r.Fatalf("gaps of %d, idle for %v", sum, want)
		}
	})
}

// TestAnIndexBeyondThePlanIsHarmless: a journal edited by hand may have any.
func TestAnIndexBeyondThePlanIsHarmless(t *testing.T) {
	requests := []results.Request{{Index: 1 << 60, Class: "ok", ServiceNS: 5}, {Index: -7, Class: "ok", StartNS: 1, ServiceNS: 5}}
	l := newLane(results.Column{Asked: 1}, results.Target{Requests: 2, Repeat: 1 << 40}, false)
	l.take(&results.Trial{Requests: requests, ElapsedNS: 6})
	if l.slots != 2 || len(l.bars) != 2 {
		t.Errorf("%d slots, %d bars", l.slots, len(l.bars))
	}
}

// TestSharesAddUp to the service time, in their order, whatever the phases say.
func TestSharesAddUp(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := func(name string) int64 { return rapid.Int64Range(0, 100).Draw(r, name) }
		q := results.Request{ServiceNS: n("service"), Phases: results.Phases{
			DNSNS: n("dns"), ConnectNS: n("connect"), TLSNS: n("tls"), WaitNS: n("wait"), BodyNS: n("body"),
		}}
		sum := int64(0)
		for _, ns := range shares(&q) {
			if ns < 0 {
				r.Fatalf("a part of %d", ns)
			}
			sum += ns
		}
		if sum != q.ServiceNS {
			r.Fatalf("parts of %d add up to %d", q.ServiceNS, sum)
		}
	})
	q := results.Request{ServiceNS: 100, Phases: results.Phases{ConnectNS: 10, WaitNS: 60, BodyNS: 20}}
	if got, want := shares(&q), []int64{10, 0, 10, 0, 60, 20}; !slices.Equal(got, want) {
		t.Errorf("parts %v, want %v", got, want)
	}
}
