package results_test

import (
	"fmt"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// batch is a run of two contenders and three rounds over n addresses, each asked for
// twice in a trial, of whose requests those fail that fails names.
func batch(n int, fails func(round, contender, index int) bool) *results.Run {
	run := timed([]string{"sequential", "pool:2"}, []float64{1, 1, 1}, []float64{1, 1, 1})
	run.Target.URLs, run.Target.Requests = nil, 2*n
	for i := range n {
		run.Target.URLs = append(run.Target.URLs, fmt.Sprintf("http://h/%d", i))
	}
	for i := range run.Trials {
		t := &run.Trials[i]
		t.Requests = nil
		for k := range 2 * n {
			r := results.Request{Index: k, Class: results.ClassOK, Status: 200, Attempts: 1, ServiceNS: 1e6}
			if fails(t.Round, i%2, k) {
				r.Class, r.Status, t.Outcome = "http_404", 404, results.Failed
			}
			t.Requests = append(t.Requests, r)
		}
		t.Tally = t.Count(2 * n)
	}
	return run
}

// TestTheFewThatFailAreNamed, where nearly all failures are theirs, from the requests of
// the journal.
func TestTheFewThatFailAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		n     int
		fails func(round, contender, index int) bool
		want  string
	}{
		"one of six":     {6, func(_, _, i int) bool { return i%6 == 4 }, "request 4 (http://h/4) failed in 6 of 6 trials"},
		"in some trials": {6, func(r, c, i int) bool { return i == 10 && (r > 0 || c > 0) }, "request 4 (http://h/4) failed in 5 of 6 trials"},
		"two of six": {
			6, func(r, _, i int) bool { return i == 1 || i == 3 && r == 0 },
			"request 1 (http://h/1) failed in 6 of 6 trials, request 3 (http://h/3) failed in 2 of 6 trials",
		},
		"one in ten others": {2, func(_, c, i int) bool { return i%2 == 0 || c == 0 && i == 1 }, ""},
		"all of them":       {6, func(_, _, _ int) bool { return true }, ""},
		"one of one":        {1, func(_, _, _ int) bool { return true }, ""},
		"none":              {6, func(_, _, _ int) bool { return false }, ""},
	} {
		run, err := results.OpenLatencies(journal(t, batch(c.n, c.fails)))
		must(t, err)
		w, got := find(run, results.WarnCulprits, "")
		if w.Text != c.want || got != (c.want != "") {
			t.Errorf("%s: %q, want %q", name, w.Text, c.want)
		}
	}
}
