package results_test

import (
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// broken is a run in which exec:x broke, with or without another contender.
func broken(other results.TrialOutcome, said string) *results.Run {
	run := &results.Run{Header: results.Header{Contenders: []results.Column{{Name: "exec:x"}}, Design: results.Design{Rounds: 1}}, Complete: true}
	trial := results.Trial{Contender: "exec:x", Outcome: results.Failed, ElapsedNS: 1e6}
	trial.Claimed = &results.Claimed{Broken: "child_exit", Said: said}
	trial.Tally = results.Tally{Count: results.Count{Planned: 1, Failed: 1}, Failures: []results.Failure{{Class: "child_exit", Count: 1}}}
	run.Trials = []results.Trial{trial}
	if other != "" {
		run.Contenders = append(run.Contenders, results.Column{Name: "goroutines"})
		beside := results.Trial{Contender: "goroutines", Outcome: other, ElapsedNS: 1e6}
		beside.Tally = results.Tally{Count: results.Count{Planned: 1, OK: 1}}
		run.Trials = append(run.Trials, beside)
	}
	return run
}

// The hint of a contender that broke has others where there are some, and more of what it
// wrote where it wrote more.
func TestHintOfABrokenContenderIsSo(t *testing.T) {
	for _, c := range []struct {
		other       results.TrialOutcome
		said        string
		whole, more bool
	}{
		{"", "", false, false},
		{results.OK, "", true, false},
		{results.Failed, "", false, false},
		{results.OK, "one line", true, false},
		{"", "two\nlines", false, true},
		{results.OK, strings.Repeat("long ", 50), true, true},
	} {
		for _, w := range results.Judge(broken(c.other, c.said)).Warnings {
			if w.Code != results.WarnBroken {
				continue
			}
			if strings.Contains(w.Hint, "the others are complete") != c.whole || strings.Contains(w.Hint, "more of what it wrote") != c.more {
				t.Errorf("%q beside, %q said: %q", c.other, c.said, w.Hint)
			}
			c.other = "seen"
		}
		if c.other != "seen" {
			t.Errorf("%q said: no warning", c.said)
		}
	}
}

// A route that fetches another number than the batch has is told how it can be measured,
// where its number can be that of a batch, and that it fetches the batch more than once
// where that is what its number says: 20 or 30 of 10.
func TestRouteOfAnotherBatchHasAWayOut(t *testing.T) {
	for _, c := range []struct {
		route         string
		seen, clients int
		hint          string
	}{
		{"http://127.0.0.1/", 5, 0, "a route that fetches 5 is measured with -n 5"},
		{"http://127.0.0.1/", 14, 2, "a route that fetches 7 is measured with -n 7"},
		{"http://127.0.0.1/", 20, 0, "it fetched the batch twice: have it fetch each URL once, or, if it fetches 20 whatever it is given, measure it with -n 20"},
		{"http://127.0.0.1/", 30, 2, "it fetched the batch 3 times: have it fetch each URL once, or, if it fetches 15 whatever it is given, measure it with -n 15"},
		{"http://127.0.0.1/", 5, 2, "do not use this run; the journal shows the trial"},
		{"http://127.0.0.1/", 0, 0, "do not use this run; the journal shows the trial"},
		{"", 5, 0, "do not use this run; the journal shows the trial"},
	} {
		run := broken("", "")
		run.Contenders[0].Route, run.Target.Clients = c.route, c.clients
		run.Trials[0].Tally.Planned = 10
		run.Trials[0].Seen = &results.Seen{Requests: c.seen, Differs: []string{"another number"}}
		if w := results.Judge(run).Warnings; len(w) == 0 || w[0].Hint != c.hint {
			t.Errorf("%+v: %+v", c, w)
		}
	}
}
