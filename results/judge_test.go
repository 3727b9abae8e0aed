package results_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// clean is a run of six rounds about which there is nothing to warn.
func clean() *results.Run {
	run := timed([]string{"sequential", "pool:2"}, []float64{2, 2, 2, 2, 2, 2}, []float64{1, 1, 1, 1, 1, 1})
	run.Target.Embedded, run.Target.Form = "article", "process"
	for i := range run.Trials {
		run.Trials[i].Seen = &results.Seen{Requests: 2}
	}
	return run
}

// A spoiler spoils a clean run in one way. It names the warnings that this alone
// should bring, and what they say.
type spoiler struct {
	name  string
	spoil func(*results.Run)
	codes string
	words string
}

// check wants each spoiler to bring its warnings and no other.
func check(t *testing.T, spoilers []spoiler) {
	t.Helper()
	for _, s := range spoilers {
		run := clean()
		s.spoil(run)
		var codes, texts []string
		for _, w := range results.Judge(run).Warnings {
			codes = append(codes, strings.TrimSpace(w.Code+" "+w.Contender))
			texts = append(texts, w.Text)
			if w.Text == "" || w.Hint == "" {
				t.Errorf("%s: %+v has no text or no hint", s.name, w)
			}
		}
		equal(t, s.name, strings.Join(codes, " "), s.codes)
		if all := strings.Join(texts, "\n"); !strings.Contains(all, s.words) {
			t.Errorf("%s: %q does not say %q", s.name, all, s.words)
		}
	}
}

// second is the trial of pool:2 in round 1.
func second(run *results.Run) *results.Trial { return &run.Trials[3] }

// TestWarningsAboutTheRun: what is missing from it, and what it cannot say.
func TestWarningsAboutTheRun(t *testing.T) {
	check(t, []spoiler{
		{"nothing", func(*results.Run) {}, "", ""},
		{"killed", func(r *results.Run) { r.Complete, r.Reason = false, "killed" }, "incomplete", "the run is not complete: killed; 6 of 6 rounds are"},
		{"torn", func(r *results.Run) { r.Torn = 17 }, "torn", "its last 17 bytes are ignored"},
		{
			"upstream differs", func(r *results.Run) { second(r).Seen.Differs = []string{"3 attempts, saw 2", "x"} },
			"upstream-differs pool:2", "the upstream disagrees on pool:2 in round 1: 3 attempts, saw 2; x",
		},
		{
			"five rounds", func(r *results.Run) { r.Design.Rounds, r.Trials = 5, r.Trials[:10] },
			"few-rounds", "5 rounds are too few",
		},
		{
			"five rounds of one contender", func(r *results.Run) {
				*r = *timed([]string{"sequential"}, []float64{1, 1, 1, 1, 1})
			}, "", "",
		},
		{
			"no sequential", func(r *results.Run) { r.Contenders[0].Asked = 2 },
			"one-in-flight sequential no-sequential", "without a sequential contender",
		},
		{"a mock", func(r *results.Run) { r.Target.Form = "mock" }, "scheduling-only", "scheduling only"},
	})
}

// TestWarningsAboutRequests: those that failed, were left out or differed.
func TestWarningsAboutRequests(t *testing.T) {
	check(t, []spoiler{
		{
			"one difference", func(r *results.Run) { second(r).Seen.Differs = []string{"x"} },
			"upstream-differs pool:2", "round 1: x",
		},
		{
			"a failed request", func(r *results.Run) { *second(r) = failed(1, "pool:2") },
			"failed-requests", "1 of 24 requests failed: 1 refused connect (first: http://127.0.0.1:1/b after 1.0 ms)",
		},
		{
			"a failed request of an aborted trial", func(r *results.Run) { *second(r) = failed(1, "pool:2"); second(r).Outcome = results.Aborted },
			"failed-requests rounds-dropped few-rounds", "1 of 24 requests failed: 1 refused connect (first: ",
		},
		{
			"a request left out", func(r *results.Run) { second(r).Outcome = results.Failed },
			"failed-requests", "in 1 trial the strategy left requests out or made them twice",
		},
		{
			"no time for all", func(r *results.Run) { second(r).Outcome = results.Timeout },
			"failed-requests pool:2", "1 trial reached the time limit before all requests were begun: pool:2, cut off after ",
		},
		{
			"a route that hangs", func(r *results.Run) {
				second(r).Outcome = results.Timeout
				r.Contenders[slices.IndexFunc(r.Contenders, func(c results.Column) bool { return c.Name == "pool:2" })].Route = "http://127.0.0.1/"
			},
			"failed-requests pool:2", "1 trial reached the time limit before it answered: pool:2, cut off after ",
		},
		{
			"a warm-up request that failed", func(r *results.Run) { r.Trials = append(r.Trials, failed(-1, "pool:2")) }, "", "",
		},
		{
			"fewer bytes", func(r *results.Run) { second(r).Tally.Bytes = 99 },
			"bytes-differ pool:2", "in round 1 sequential got 100 bytes and pool:2 99",
		},
		{
			"fewer bytes of a failed trial", func(r *results.Run) { *second(r) = failed(1, "pool:2"); second(r).Tally.Bytes = 99 },
			"failed-requests", "",
		},
	})
}

// TestWarningsAboutFetchersThatBlock, and about none that cannot do otherwise.
func TestWarningsAboutFetchersThatBlock(t *testing.T) {
	failing := slices.Repeat([]float64{math.Inf(1)}, 6)
	check(t, []spoiler{
		{
			"a fetcher that blocks", func(r *results.Run) { alone(r, "pool:2") },
			"one-in-flight pool:2", "pool:2 asked for 2 in flight and never had more than 1",
		},
		{"a sequential one does not block", func(r *results.Run) { alone(r, "sequential") }, "", ""},
		{"a mock may answer at once", func(r *results.Run) { alone(r, "pool:2"); r.Target.Form = "mock" }, "scheduling-only", ""},
		{
			"one request is never two", func(r *results.Run) { alone(r, "pool:2"); r.Target.Requests = 1 }, "", "",
		},
		{
			"a contender that never succeeds does not block", func(r *results.Run) {
				*r = *timed([]string{"sequential", "pool:2"}, []float64{2, 2, 2, 2, 2, 2}, failing)
				alone(r, "pool:2")
			}, "failed-requests", "6 of 24",
		},
	})
}

// alone makes a contender never have more than one request in flight.
func alone(run *results.Run, name string) {
	for i := range run.Trials {
		if run.Trials[i].Contender == name {
			run.Trials[i].Tally.Flight.Max = 1
		}
	}
}

// TestFailuresAreListedInTheOrderTheyCame, each class once with its number over
// the measured rounds; requests that were cancelled are no failures.
func TestFailuresAreListedInTheOrderTheyCame(t *testing.T) {
	run := clean()
	for round, class := range []string{"timeout", "reset", "timeout", results.ClassCancelled} {
		trial := failed(round, "pool:2")
		trial.Requests[1].Class = class
		trial.Tally = trial.Count(2)
		run.Trials[2*round+1] = trial
	}
	warmup := failed(-1, "pool:2") // is not among them
	warmup.Tally.Failures[0].Class = "eof"
	run.Trials = append([]results.Trial{warmup}, run.Trials...)
	got := results.Judge(run).Warnings[0].Text
	want := "3 of 24 requests failed: " +
		"2 timeout connect (first: http://127.0.0.1:1/b after 1.0 ms), 1 reset connect (first: http://127.0.0.1:1/b after 1.0 ms)"
	equal(t, "text", got, want)
}

// TestR19WhatThisMachineLacksIsNoFailureOfTheUpstream: the two are told apart, each
// with its own way out.
func TestR19WhatThisMachineLacksIsNoFailureOfTheUpstream(t *testing.T) {
	run := clean()
	for round, class := range []string{"local_fds", "reset", "local_ports"} {
		trial := failed(round, "pool:2")
		trial.Requests[1].Class = class
		trial.Requests[1].Phase = ""
		trial.Tally = trial.Count(2)
		run.Trials[2*round+1] = trial
	}
	got := results.Judge(run).Warnings
	for i, want := range []string{
		"1 of 24 requests failed: 1 reset (first: http://127.0.0.1:1/b after 1.0 ms)",
		"2 of 24 requests failed on this machine, and not at the upstream: " +
			"1 local_fds (first: http://127.0.0.1:1/b after 1.0 ms), 1 local_ports (first: http://127.0.0.1:1/b after 1.0 ms)",
	} {
		equal(t, "text", got[i].Text, want)
	}
	if !strings.Contains(got[1].Hint, "ulimit -n") || strings.Contains(got[0].Hint, "ulimit") {
		t.Errorf("hints %q and %q, want ulimit -n in the second", got[0].Hint, got[1].Hint)
	}
}

// TestFailuresWithAWayOutNameIt, and others do not.
func TestFailuresWithAWayOutNameIt(t *testing.T) {
	for class, want := range map[string]string{
		"redirect_refused": "list that URL itself; failed", "tls_certificate": "--ca FILE; failed", "reset": "failed trials are in no average; judge with care",
	} {
		run, trial := clean(), failed(1, "pool:2")
		trial.Requests[1].Class = class
		trial.Tally = trial.Count(2)
		*second(run) = trial
		if got := results.Judge(run).Warnings[0].Hint; !strings.Contains(got, want) {
			t.Errorf("%s: hint %q, want %q", class, got, want)
		}
	}
}

// TestTargetURLBeginsTheListAgain, and has none where there is none.
func TestTargetURLBeginsTheListAgain(t *testing.T) {
	target := results.Target{URLs: []string{"x", "y"}}
	equal(t, "urls", []string{target.URL(0), target.URL(3), target.URL(-1), results.Target{}.URL(0)}, []string{"x", "y", "", ""})
}

// Warm connections that are not kept are said to be so: opened for every request,
// while one a trial is what a first trial may need.
func TestWarmConnectionsThatAreNone(t *testing.T) {
	for _, c := range []struct {
		connections    string
		opened, reused int
		want           bool
	}{{"warm", 10, 0, true}, {"warm", 1, 9, false}, {"fresh", 10, 0, false}, {"warm", 0, 0, false}} {
		run := timed([]string{"sequential"}, []float64{1, 1, 1, 1, 1, 1})
		run.Design.Connections = c.connections
		for i := range run.Trials {
			run.Trials[i].Tally.Opened, run.Trials[i].Tally.Reused = c.opened, c.reused
		}
		_, got := find(run, results.WarnWarm, "sequential")
		equal(t, fmt.Sprintf("%+v", c), got, c.want)
		// A transport that closes them is no upstream that does.
		for _, transport := range []string{"h1-default", "h1-nokeepalive", "mock"} {
			run.Contenders[0].Transport = transport
			_, got := find(run, results.WarnWarm, "sequential")
			equal(t, transport, got, false)
		}
	}
}
