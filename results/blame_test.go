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
			6, func(r, _, i int) bool { return i == 1 || i == 3 && r > 0 },
			"request 1 (http://h/1) failed in 6 of 6 trials, request 3 (http://h/3) failed in 4 of 6 trials",
		},
		"for one contender": {6, func(_, c, i int) bool { return i%6 == 4 && c == 0 }, ""},
		"in one round":      {6, func(r, _, i int) bool { return i%6 == 4 && r == 1 }, ""},
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

// TestTheLimitOfATrialIsNoAddress: what was under way when a trial reached its own limit
// failed for want of time, whichever address it was. Another trial may blame one still.
func TestTheLimitOfATrialIsNoAddress(t *testing.T) {
	for outcome, want := range map[results.TrialOutcome]string{
		results.Timeout: "",
		results.Failed:  "request 5 (http://h/5) failed in 6 of 6 trials",
	} {
		run := batch(6, func(_, _, i int) bool { return i == 11 })
		for i := range run.Trials {
			run.Trials[i].Outcome = outcome
		}
		read, err := results.OpenLatencies(journal(t, run))
		must(t, err)
		if w, _ := find(read, results.WarnCulprits, ""); w.Text != want {
			t.Errorf("%s: %q, want %q", outcome, w.Text, want)
		}
	}
}

// TestTheWayOutIsThatOfTheClass, in the number of those that are named, and says whether
// others failed. One failure besides their twelve is hardly any.
func TestTheWayOutIsThatOfTheClass(t *testing.T) {
	one := func(_, _, i int) bool { return i%6 == 4 }
	two := func(_, _, i int) bool { return i%6 == 4 || i == 1 }
	const noTime = ", and a trial with a failed request has no time: "
	for name, c := range map[string]struct {
		fails  func(round, contender, index int) bool
		class  string
		others string // what another failed with in the last trial
		want   string
		at     int // which
	}{
		"one":          {one, "http_404", "", "no other did" + noTime + "take it out of the batch", 0},
		"two":          {two, "http_404", "", "no other did" + noTime + "take them out of the batch", 0},
		"a redirect":   {one, "redirect_refused", "", "no other did" + noTime + "list its target itself, since no redirect to another origin is followed", 0},
		"redirects":    {two, "redirect_refused", "", "no other did" + noTime + "list their targets themselves, since no redirect to another origin is followed", 0},
		"slow":         {one, "timeout", "", "no other did" + noTime + "raise --timeout (now 100ms) or take it out of the batch", 0},
		"a stranger":   {one, "tls_certificate", "", "no other did" + noTime + "trust an authority of your own with --ca FILE, or take it out of the batch", 0},
		"of two kinds": {two, "timeout", "refused", "no other did" + noTime + "take them out of the batch", 4},
		"of its own":   {one, "timeout", "refused", "no other did" + noTime + "take it out of the batch", 4},
		"and another":  {one, "timeout", "refused", "hardly any other did" + noTime + "raise --timeout (now 100ms) or take it out of the batch", 0},
	} {
		run := batch(6, c.fails)
		run.Design.TimeoutNS = 100e6
		for i := range run.Trials {
			trial := &run.Trials[i]
			for k := range trial.Requests {
				if r := &trial.Requests[k]; r.Class != results.ClassOK {
					r.Class = c.class
				}
			}
			if c.others != "" && i == len(run.Trials)-1 {
				trial.Requests[c.at].Class = c.others
			}
			trial.Tally = trial.Count(len(trial.Requests))
		}
		read, err := results.OpenLatencies(journal(t, run))
		must(t, err)
		if w, _ := find(read, results.WarnCulprits, ""); w.Hint != c.want {
			t.Errorf("%s: %q, want %q", name, w.Hint, c.want)
		}
	}
}
