package results_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/fetchbench/fetchbench/results"
)

// TestCountAddsUp: every planned request is somewhere, and every failure is in
// the class it has, with the earliest to end as the example.
func TestCountAddsUp(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		requests := drawShort(r)
		planned := len(requests) + rapid.IntRange(0, 3).Draw(r, "more planned")
		trial := results.Trial{ElapsedNS: 10, Requests: requests}
		got := trial.Count(planned)
		if got.Planned != planned || got.OK+got.Failed+got.Cancelled+got.NotStarted != planned {
			r.Fatalf("%+v do not add up to %d", got.Count, planned)
		}
		want := map[string]results.Failure{}
		ok := 0
		for _, q := range requests {
			switch q.Class {
			case results.ClassOK:
				ok++
				fallthrough
			case "":
				continue
			}
			end := q.StartNS + q.ServiceNS
			f, seen := want[q.Class]
			if !seen || end < f.AtNS {
				f = results.Failure{Class: q.Class, Phase: q.Phase, Request: q.Index, AtNS: end, Count: f.Count}
			}
			f.Count++
			want[q.Class] = f
		}
		failures := map[string]results.Failure{}
		for i, f := range got.Failures {
			failures[f.Class] = f
			if i > 0 && f.AtNS < got.Failures[i-1].AtNS {
				r.Fatalf("failures are not in the order of time: %+v", got.Failures)
			}
		}
		alike(r, "failures", failures, want)
		alike(r, "ok", got.OK, ok)
		alike(r, "cancelled", got.Cancelled, want[results.ClassCancelled].Count)
	})
}

// TestCountSums adds up what requests took, by hand.
func TestCountSums(t *testing.T) {
	trial := results.Trial{ElapsedNS: 100, Requests: []results.Request{
		{Index: 0, Class: results.ClassOK, Bytes: 5, WireBytes: 7, Attempts: 1, StartNS: 0, ServiceNS: 60},
		{Index: 1, Class: "reset", Bytes: 2, WireBytes: 3, Attempts: 2, StartNS: 10, ServiceNS: 80},
		{Index: 2},
	}}
	equal(t, "tally", trial.Count(4), results.Tally{
		Count:    results.Count{Planned: 4, OK: 1, Failed: 1, NotStarted: 2},
		Attempts: 3, Bytes: 7, WireBytes: 10,
		Failures: []results.Failure{{Class: "reset", Count: 1, Request: 1, AtNS: 90}},
		Flight:   results.Flight{Mean: 1.4, Max: 2, LatencyNS: 140, LongestNS: 80},
	})
}

// TestFlightIsWhatAClockWouldSee goes through the trial nanosecond by
// nanosecond and counts who is under way: the maximum is the largest of these
// counts, at least 1 where there was a request, and their sum the sum of
// latencies, which is Little's law.
func TestFlightIsWhatAClockWouldSee(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		trial := results.Trial{Requests: drawShort(r)}
		most, area, elapsed := 0, 0, int64(0)
		for now := range int64(40) {
			n := 0
			for _, q := range trial.Requests {
				if q.Class != "" && q.StartNS <= now && now < q.StartNS+q.ServiceNS {
					n++
				}
				if q.Class != "" {
					most = max(most, 1)
					elapsed = max(elapsed, q.StartNS+q.ServiceNS)
				}
			}
			most, area = max(most, n), area+n
		}
		trial.ElapsedNS = elapsed
		got := trial.Count(len(trial.Requests)).Flight
		if got.Max != most || got.LatencyNS != int64(area) {
			r.Fatalf("max %d and sum %d, want %d and %d", got.Max, got.LatencyNS, most, area)
		}
		if math.Abs(got.Mean*float64(elapsed)-float64(area)) > 1e-9*float64(area) {
			r.Fatalf("mean %v over %d ns, want %d in all", got.Mean, elapsed, area)
		}
	})
}

// TestFlightOfNothingIsZero, not NaN.
func TestFlightOfNothingIsZero(t *testing.T) {
	equal(t, "flight", (&results.Trial{}).Count(0).Flight, results.Flight{})
}

// drawShort draws requests within 40 ns.
func drawShort(r *rapid.T) []results.Request {
	list := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) results.Request {
		q := results.Request{
			Class: rapid.SampledFrom([]string{"", "ok", "cancelled", "timeout", "reset"}).Draw(r, "class"),
			Phase: rapid.SampledFrom([]string{"", "wait"}).Draw(r, "phase"),
		}
		q.StartNS, q.ServiceNS = rapid.Int64Range(0, 20).Draw(r, "start"), rapid.Int64Range(0, 19).Draw(r, "service")
		return q
	}), 0, 12).Draw(r, "requests")
	for i := range list {
		list[i].Index = i
	}
	return list
}
