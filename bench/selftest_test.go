package bench

import (
	"context"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// A trial of ten requests of 50.3 ms at once, which the upstream had for 50.1 ms,
// a mean of 10/1.03 in flight: a bias of 0.2 ms, and 3 % more in flight than counted.
func TestProbesMeasureTheirOwnError(t *testing.T) {
	trial := results.Trial{ElapsedNS: 50_300_000}
	for i := range 10 {
		trial.Requests = append(trial.Requests, results.Request{Index: i, Class: "ok", ServiceNS: 50_300_000})
	}
	trial.Tally = trial.Count(10)
	trial.Seen = &results.Seen{Flight: 10 / 1.03, BusyNS: 10 * 50_100_000, P99NS: 50_100_000}
	got := map[string]Probe{}
	for _, p := range (station{10, 10, 1}).probes([]results.Trial{trial}) {
		got[p.Name] = p
	}
	for name, want := range map[string]struct {
		value float64
		holds bool
	}{
		"mean latency minus the upstream's own":  {0.2, true}, // limit 1 ms
		"p99 latency minus the upstream's own":   {0.2, true},
		"upstream's mean minus 50 ms":            {0.1, true},
		"in flight against the upstream's count": {0.03, false}, // limit 2 %
		"in flight against Little's law":         {0, true},
	} {
		p := got[name]
		if math.Abs(p.Value-want.value) > 1e-9 || p.Holds != want.holds || p.InFlight != 10 {
			t.Errorf("%s: %+v, want %v and %t", name, p, want.value, want.holds)
		}
	}
	// A bias of 1.5 ms is 3 % of the truth.
	for i := range trial.Requests {
		trial.Requests[i].ServiceNS = 51_600_000
	}
	trial.Tally = trial.Count(10)
	for _, p := range (station{10, 10, 1}).probes([]results.Trial{trial})[:2] {
		if p.Holds {
			t.Errorf("1.5 ms holds: %+v", p)
		}
	}
}

// Requests of 1, 2 and 3 s that begin at 0, 0.5 and 4 s: whatever overlaps, the
// number in flight over time sums to 6 s, their latencies.
func TestIntegralIsTheSumOfLatencies(t *testing.T) {
	requests := []results.Request{
		{StartNS: 4e9, ServiceNS: 3e9}, {StartNS: 0, ServiceNS: 1e9}, {StartNS: 5e8, ServiceNS: 2e9},
	}
	if got := integral(requests); got != 6e9 {
		t.Errorf("%v ns, want 6 s", got)
	}
}

// A station measures through the real pipeline: in virtual time the upstream is
// punctual, and so are we.
func TestStationsAreExactInVirtualTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := station{10, 40, 3}
		p, err := s.plan(nil)
		if err != nil {
			t.Fatal(err)
		}
		p.Upstream.Form = FormMemory
		trials, err := s.collect(t.Context(), p)
		if err != nil || len(trials) != 3 {
			t.Fatalf("%d trials, error %v", len(trials), err)
		}
		for _, probe := range s.probes(trials) {
			if !probe.Holds || probe.Value != 0 {
				t.Errorf("%+v", probe)
			}
		}
	})
}

// An upstream that fails is no truth to be held against.
func TestSelftestNeedsAnUpstreamThatAnswers(t *testing.T) {
	s := station{1, 10, 1}
	p, err := s.plan(nil)
	if err != nil {
		t.Fatal(err)
	}
	p.Upstream = Upstream{}
	p.URLs = []Request{{URL: "http://127.0.0.1:1/"}}
	p.Pause = Duration(time.Millisecond)
	if trials, err := s.collect(context.Background(), p); err == nil {
		t.Errorf("%d trials against nobody", len(trials))
	}
}
