package results_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fetchbench/fetchbench/results"
)

// header is that of a run of the contenders named, the first of which makes one
// request at a time and is the baseline.
func header(names ...string) results.Header {
	h := results.Header{
		Schema: results.Schema, ID: "20261120-3f2k", Started: time.Date(2026, 11, 20, 9, 0, 0, 123, time.UTC),
		Environment: results.Environment{Tool: "fetchbench 1.2.3", Go: "go1.26.8", OS: "linux", CPUs: 2},
		Target:      results.Target{URLs: []string{"http://127.0.0.1:1/a", "http://127.0.0.1:1/b"}, Requests: 2},
		Design:      results.Design{Seed: 700, Order: "random", Connections: "fresh"},
		Plan:        json.RawMessage(`{"rounds":10}`),
	}
	for i, name := range names {
		h.Contenders = append(h.Contenders, results.Column{Name: name, Asked: 1 + i})
	}
	if len(names) > 0 {
		h.Design.Baseline = names[0]
	}
	return h
}

// timed is a complete run in which contender i took times[i][round] seconds.
// +Inf is a trial that failed, as failures often do, at once.
func timed(names []string, times ...[]float64) *results.Run {
	run := &results.Run{Header: header(names...), Complete: true}
	for round := range times[0] {
		run.Design.Rounds++
		for i, name := range names {
			t := succeeded(round, name, int64(math.Round(times[i][round]*1e9)))
			if i == 0 {
				t = oneByOne(t)
			}
			if math.IsInf(times[i][round], 1) {
				t = failed(round, name)
			}
			t.Position = i
			run.Trials = append(run.Trials, t)
		}
	}
	return run
}

// succeeded is a trial of two requests, each of which took as long as the trial.
func succeeded(round int, name string, elapsed int64) results.Trial {
	t := results.Trial{Round: round, Contender: name, Outcome: results.OK, ElapsedNS: elapsed}
	t.Requests = []results.Request{
		{Index: 0, Class: results.ClassOK, Status: 200, Attempts: 1, Bytes: 50, ServiceNS: elapsed},
		{Index: 1, Class: results.ClassOK, Status: 200, Attempts: 1, Bytes: 50, ServiceNS: elapsed},
	}
	t.Tally = t.Count(2)
	return t
}

// oneByOne lets the two requests of a trial take half of it each, as those of a
// contender that makes one at a time.
func oneByOne(t results.Trial) results.Trial {
	t.Requests[0].ServiceNS /= 2
	t.Requests[1].StartNS = t.Requests[0].ServiceNS
	t.Requests[1].ServiceNS -= t.Requests[0].ServiceNS
	t.Tally = t.Count(2)
	return t
}

// failed is a trial whose second request was refused after a millisecond.
func failed(round int, name string) results.Trial {
	t := succeeded(round, name, 1e6)
	t.Outcome = results.Failed
	t.Requests[1] = results.Request{Index: 1, Class: "refused", Phase: "connect", ServiceNS: 1e6}
	t.Tally = t.Count(2)
	return t
}

// journal writes a run as its program would, and returns where. A run that is
// not complete gets no end. Its batch is as large as that of its
// trials, and of no size where they differ.
func journal(t testing.TB, run *results.Run) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	h, sizes := run.Header, map[int]bool{}
	for i := range run.Trials {
		if n := run.Trials[i].Tally.Planned; n > 0 {
			h.Target.Requests, sizes[n] = n, true
		}
	}
	if len(sizes) > 1 {
		h.Target.Requests = 0
	}
	j, err := results.Create(path, h)
	must(t, err)
	for i := range run.Trials {
		must(t, j.Append(&run.Trials[i]))
	}
	if !run.Complete {
		must(t, j.Close())
		return path
	}
	must(t, j.End(""))
	return path
}

// content is what a file holds.
func content(t testing.TB, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	return text
}

// equal wants two values to be alike, and shows where they are not.
func equal(t testing.TB, what string, got, want any, options ...cmp.Option) {
	t.Helper()
	if diff := cmp.Diff(want, got, options...); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

// must ends the test on an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// long leaves out a test that takes its time, where go test -short is in a hurry: under
// the race detector, after it has run without.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: go test -short leaves out what takes its time")
	}
}
