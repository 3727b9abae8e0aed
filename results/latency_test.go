package results_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// latencies are those of a run that was written and read back.
func latencies(t *testing.T, run *results.Run) map[string]*results.Latencies {
	t.Helper()
	got, err := results.OpenLatencies(journal(t, run))
	must(t, err)
	return got.Latencies
}

// TestLatenciesByHand: two slots take 100 and 300 ms, then 250 and 50 ms when
// they are free again. So the services are 100, 300, 250 and 50 ms, and measured
// from the start of the trial 100, 300, 350 and 350 ms.
func TestLatenciesByHand(t *testing.T) {
	run := &results.Run{Header: header("a"), Complete: true, Trials: []results.Trial{loaded(0, "a", 2, 100, 300, 250, 50)}}
	got := latencies(t, run)["a"]
	equal(t, "service", *got.Service, results.LatencySummary{N: 4, Mean: 0.175, Min: 0.05, Max: 0.3, Exact: true})
	equal(t, "response", *got.Response, results.LatencySummary{N: 4, Mean: 0.275, Min: 0.1, Max: 0.35, Exact: true})
	equal(t, "failed", got.Failed, 0)
	equal(t, "first byte", got.FirstByte, (*float64)(nil))
}

// TestLatencyPercentilesAreOfType7: of 1 to 4000 ms, in any order, spread over
// two rounds, p is 1 + 3999 p milliseconds. Each is there from the number of
// requests on that bounds it.
func TestLatencyPercentilesAreOfType7(t *testing.T) {
	for _, c := range []struct{ n, percentiles int }{
		{5, 0}, {6, 1}, {35, 1}, {36, 2}, {71, 2}, {72, 3}, {367, 3}, {368, 4}, {3687, 4}, {3688, 5}, {4000, 5},
	} {
		ms := make([]int64, c.n)
		for i := range ms {
			ms[i] = 1 + int64(i*7%c.n)
		}
		if c.n%7 == 0 { // then 7 steps do not reach all
			slices.Sort(ms)
			for i := range ms {
				ms[i] = int64(c.n - i)
			}
		}
		run := &results.Run{Header: header("a"), Complete: true, Trials: []results.Trial{
			loaded(0, "a", 1, ms[:c.n/2]...), loaded(1, "a", 1, ms[c.n/2:]...),
		}}
		got := latencies(t, run)["a"].Service
		all := []*float64{got.P50, got.P90, got.P95, got.P99, got.P999}
		for i, p := range []float64{.5, .9, .95, .99, .999} {
			if i >= c.percentiles {
				equal(t, "a percentile", all[i], (*float64)(nil))
				continue
			}
			near(t, "percentile", all[i], (1+float64(c.n-1)*p)/1000)
		}
		near(t, "max", &got.Max, float64(c.n)/1000)
	}
}

// TestR7OnlyAnsweredRequestsOfWholeRoundsHaveLatencies: not those of warm-up, of a
// round that lacks a trial or has an aborted one, and not those that failed,
// were cancelled or never started. Those that failed in whole rounds are counted.
func TestR7OnlyAnsweredRequestsOfWholeRoundsHaveLatencies(t *testing.T) {
	run := &results.Run{Header: header("a", "b")}
	for round, seconds := range []int64{1, 2, 30, 40} {
		run.Trials = append(run.Trials, succeeded(round, "a", seconds*1e9), succeeded(round, "b", seconds*1e9))
	}
	run.Trials[3] = failed(1, "b")
	run.Trials[3].Requests = append(run.Trials[3].Requests,
		results.Request{Index: 2, Class: results.ClassCancelled, ServiceNS: 9e9}, results.Request{Index: 3})
	run.Trials[4].Outcome = results.Aborted
	run.Trials = append([]results.Trial{succeeded(-1, "a", 9e9), succeeded(-1, "b", 9e9)}, run.Trials[:7]...)
	got := latencies(t, run)
	equal(t, "a", *got["a"].Service, results.LatencySummary{N: 4, Mean: 1.5, Min: 1, Max: 2, Exact: true})
	equal(t, "b", *got["b"].Service, results.LatencySummary{N: 3, Mean: got["b"].Service.Mean, Min: 0.001, Max: 1, Exact: true})
	near(t, "mean of 1, 1 and 0.001", &got["b"].Service.Mean, 0.667)
	equal(t, "failed", [2]int{got["a"].Failed, got["b"].Failed}, [2]int{0, 1})
}

// TestR8NoNumberIsCappedOrSampled: of 1,200,000 requests, written and read back, every
// one is in the counts and the latencies, and the longest is the longest.
func TestR8NoNumberIsCappedOrSampled(t *testing.T) {
	long(t)
	const n = 1_200_000
	ms := make([]int64, n)
	for i := range ms {
		ms[i] = 10
	}
	ms[n-1] = 7777
	trial := loaded(0, "a", 1, ms...)
	trial.Requests[3].Class = "reset"
	trial.Tally = trial.Count(n)
	got, err := results.OpenLatencies(journal(t, &results.Run{Header: header("a"), Trials: []results.Trial{trial}, Complete: true}))
	must(t, err)
	equal(t, "count", results.Summarize(got).Requests.ByClass, map[string]int{results.ClassOK: n - 1, "reset": 1})
	service := got.Latencies["a"].Service
	equal(t, "latencies", []int{service.N, got.Latencies["a"].Failed}, []int{n - 1, 1})
	near(t, "longest", &service.Max, 7.777)
}

// TestFirstByteIsTheMedianWait of the answers whose phases are known.
func TestFirstByteIsTheMedianWait(t *testing.T) {
	run := timed([]string{"a"}, []float64{1, 1, 1, 1})
	for i := range run.Trials {
		run.Trials[i].Requests[0].Phases.WaitNS = int64(i+1) * 1e8
		run.Trials[i].Requests[1].Phases.WaitNS = int64(i+5) * 1e8
	}
	run.Trials[3].Requests[1].Phases = results.Phases{} // 0.8 s
	near(t, "first byte", latencies(t, run)["a"].FirstByte, 0.4)
}

// TestSummaryHasLatenciesWhereRequestsWereRead, and null elsewhere.
func TestSummaryHasLatenciesWhereRequestsWereRead(t *testing.T) {
	path := journal(t, timed([]string{"a", "b"}, []float64{1}, []float64{2}))
	run, err := results.Open(path)
	must(t, err)
	equal(t, "without", results.Summarize(run).Contenders[1].Latency, (*results.Latencies)(nil))
	run, err = results.OpenLatencies(path)
	must(t, err)
	near(t, "with", &results.Summarize(run).Contenders[1].Latency.Response.Mean, 2)
}

// TestNoAnswerNoLatency: then there is no summary, and no zero in its place.
func TestNoAnswerNoLatency(t *testing.T) {
	run := timed([]string{"a"}, []float64{1})
	run.Trials[0].Requests = nil
	got := latencies(t, run)["a"]
	equal(t, "latencies", *got, results.Latencies{})
}

// TestOpenLatenciesRefusesWhatDoesNotFit, and names the file: Open does not look
// at requests.
func TestOpenLatenciesRefusesWhatDoesNotFit(t *testing.T) {
	run := &results.Run{Header: header("a"), Trials: []results.Trial{succeeded(0, "a", 1e9)}}
	text := string(content(t, journal(t, run)))
	for _, c := range []struct{ name, old, new, want string }{
		{"a line of no requests", `"n":2`, `"n":0`, "line 2: 0 requests"},
		{"a negative latency", `"service_ns":[1`, `"service_ns":[-1`, "request 0 of a in round 0 has a time below 0"},
		{"an end beyond time", `"start_ns":[0]`, `"start_ns":[9223372036854775807]`, "request 0 of a in round 0 has a time below 0"},
		{"a negative wait", `"wait_ns":[0]`, `"wait_ns":[-1]`, "request 0 of a in round 0 has a time below 0"},
		{"another header", `"type":"run"`, `"type":"walk"`, "line 1: this is no journal"},
	} {
		path := filepath.Join(t.TempDir(), "run.jsonl")
		must(t, os.WriteFile(path, []byte(strings.Replace(text, c.old, c.new, 1)), 0o600))
		_, err := results.OpenLatencies(path)
		wantError(t, c.name, err, c.want)
		wantError(t, c.name, err, path)
	}
	_, err := results.OpenLatencies(filepath.Join(t.TempDir(), "none.jsonl"))
	wantError(t, "missing", err, "none.jsonl")
}
