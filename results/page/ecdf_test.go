package page

import (
	"math"
	"slices"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"pgregory.net/rapid"
)

// filled is a curve of latencies and so many failures.
func filled(limit int, ns []int64, failures int) *curve {
	c := newCurve("a", limit)
	for _, v := range ns {
		c.take(&results.Request{Class: results.ClassOK, ServiceNS: v})
	}
	for range failures {
		c.take(&results.Request{Class: "reset", ServiceNS: 1})
	}
	return c
}

// upTo is the share of all requests that was answered within so many nanoseconds, by
// counting them.
func upTo(ns []int64, failures int, limit float64) float64 {
	n := 0
	for _, v := range ns {
		if float64(v) <= limit {
			n++
		}
	}
	return float64(n) / float64(len(ns)+failures)
}

// TestCurveIsTheShareOfRequestsUpTo each of the times, exact where they are few: there
// is a step at each and at no other place.
func TestCurveIsTheShareOfRequestsUpTo(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		ns := rapid.SliceOfN(rapid.Int64Range(0, 40), 1, 80).Draw(r, "times")
		failures := rapid.IntRange(0, 5).Draw(r, "failures")
		steps := filled(80, ns, failures).steps()
		distinct := slices.Clone(ns)
		slices.Sort(distinct)
		distinct = slices.Compact(distinct)
		if len(steps) != len(distinct) {
			r.Fatalf("%d steps for %d times", len(steps), len(distinct))
		}
		for i, s := range steps {
			if s.seconds != inSeconds(distinct[i]) || s.share != upTo(ns, failures, float64(distinct[i])) {
				r.Fatalf("step %v, want %v at %d", s, upTo(ns, failures, float64(distinct[i])), distinct[i])
			}
		}
	})
}

// TestBinnedCurveIsCloseToAll: of more times than are kept there are few steps, which
// rise, begin at the least and end at the greatest with the share that was answered, and
// are nowhere more than a step's height off the curve of all.
func TestBinnedCurveIsCloseToAll(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		ns := rapid.SliceOfN(rapid.Int64Range(1e3, 1e10), 300, 900).Draw(r, "times")
		failures := rapid.IntRange(0, 50).Draw(r, "failures")
		c := filled(100, ns, failures)
		steps := c.steps()
		if c.values != nil || len(steps) > binnedSteps+1 {
			r.Fatalf("%d values kept, %d steps", len(c.values), len(steps))
		}
		if first := steps[0].seconds; first != inSeconds(slices.Min(ns)) {
			r.Fatalf("begins at %v", first)
		}
		if last := steps[len(steps)-1]; last.seconds != inSeconds(slices.Max(ns)) || last.share != upTo(ns, failures, 1e18) {
			r.Fatalf("ends at %v", last)
		}
		for i, s := range steps {
			if i > 0 && (s.seconds <= steps[i-1].seconds || s.share < steps[i-1].share) {
				r.Fatalf("steps %v and %v", steps[i-1], s)
			}
			// The histogram is at most 2^-10 and a microsecond too long.
			low, high := upTo(ns, failures, (s.seconds*1e9-1e3)/(1+1./1024)), upTo(ns, failures, s.seconds*1e9+1)
			if slack := 1.5 / binnedSteps; s.share < low-slack || s.share > high+slack {
				r.Fatalf("share %v at %v, want %v to %v", s.share, s.seconds, low, high)
			}
		}
	})
}

// TestFailuresAreNeverAnswered: of four requests, one of which failed at once, half were
// answered within 20 ns, and 90 % never.
func TestFailuresAreNeverAnswered(t *testing.T) {
	c := filled(10, []int64{10, 20, 30}, 1)
	if v, ok := c.within(0.5); !ok || v != 20e-9 {
		t.Errorf("half within %v, %v", v, ok)
	}
	if v, ok := c.within(0.9); ok {
		t.Errorf("90 %% within %v", v)
	}
	if v, ok := c.carried(0.5); ok {
		t.Errorf("four requests carry a median of %v", v)
	}
	none := filled(10, nil, 3)
	if none.steps() != nil || none.losses() != 3 {
		t.Errorf("nothing was answered, and yet: %v", none.steps())
	}
}

// TestCurveOfHoursEnds at the longest, which no histogram knows.
func TestCurveOfHoursEnds(t *testing.T) {
	c := filled(1, []int64{1e15, 2e15, 3e15}, 0)
	steps := c.steps()
	if last := steps[len(steps)-1]; last.seconds != 3e6 || last.share != 1 {
		t.Errorf("ends at %v", last)
	}
}

// TestLatencyCountsFromTheIntendedStart, as everywhere else.
func TestLatencyCountsFromTheIntendedStart(t *testing.T) {
	c := newCurve("a", 5)
	c.take(&results.Request{Class: results.ClassOK, ServiceNS: 5, Phases: results.Phases{LateNS: 7}})
	c.take(&results.Request{Class: results.ClassCancelled, ServiceNS: 5})
	c.take(&results.Request{})
	if c.ok != 1 || c.most != 12 || c.losses() != 0 {
		t.Errorf("%d answered in at most %d ns, %d failed", c.ok, c.most, c.losses())
	}
}

// TestSpreadHoldsItsEnds.
func TestSpreadHoldsItsEnds(t *testing.T) {
	for _, c := range []struct {
		least, most float64
		log         bool
	}{{1, 2.9, false}, {1, 3, true}, {0, 100, false}, {5, 5, false}} {
		s := spread(c.least, c.most)
		lo, hi := s.Ends()
		if s.IsLog() != c.log || lo > c.least || hi < c.most || math.IsNaN(lo+hi) {
			t.Errorf("%v to %v: %v to %v, log %v", c.least, c.most, lo, hi, s.IsLog())
		}
	}
}
