package results_test

import (
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// Records that a contender made of itself are said to be unchecked where no upstream
// was asked, once for the contender, and nowhere else.
func TestUncheckedClaimsAreSaid(t *testing.T) {
	for _, c := range []struct {
		name    string
		claimed *results.Claimed
		seen    *results.Seen
		want    int
	}{
		{"its own records", &results.Claimed{Records: true}, nil, 1},
		{"an upstream was asked", &results.Claimed{Records: true}, &results.Seen{Requests: 1}, 0},
		{"no records", &results.Claimed{}, nil, 0},
		{"records of the harness", nil, nil, 0},
	} {
		run := &results.Run{Header: results.Header{Contenders: []results.Column{{Name: "exec:x"}}, Design: results.Design{Rounds: 2}}, Complete: true}
		for round := range 2 {
			run.Trials = append(run.Trials, results.Trial{
				Round: round, Contender: "exec:x", Outcome: results.OK, ElapsedNS: 1e6,
				Tally: results.Tally{Count: results.Count{Planned: 1, OK: 1}},
			})
			run.Trials[round].Claimed, run.Trials[round].Seen = c.claimed, c.seen
		}
		got := 0
		for _, w := range results.Judge(run).Warnings {
			if w.Code == results.WarnUnchecked && strings.Contains(w.Text, "what exec:x tells of its requests was not checked") {
				got++
			}
		}
		if got != c.want {
			t.Errorf("%s: said %d times, want %d", c.name, got, c.want)
		}
	}
}

// What nobody saw is said to be so, once for all contenders, and is at no share of the
// best possible: whoever fetches nothing would be beyond it.
func TestWhatNobodySawIsSaid(t *testing.T) {
	silent := &results.Claimed{}
	for _, c := range []struct {
		name    string
		first   *results.Claimed
		second  *results.Claimed
		seen    *results.Seen
		text    string
		unknown int
	}{
		{"one command", nil, silent, nil, "nobody saw what pool:2 fetched: that it fetched the batch is its own word", 2},
		{"two commands", silent, silent, nil, "nobody saw what sequential, pool:2 fetched: that they fetched the batch is their own word", 4},
		{"an upstream was asked", nil, silent, &results.Seen{Requests: 2}, "", 0},
		{"records", nil, &results.Claimed{Records: true}, nil, "", 0},
		{"it broke", nil, &results.Claimed{Broken: "child_exit"}, nil, "", 0},
		{"records of the harness", nil, nil, nil, "", 0},
	} {
		run := timed([]string{"sequential", "pool:2"}, []float64{2}, []float64{1})
		for i := range run.Trials {
			run.Trials[i].Claimed, run.Trials[i].Seen = []*results.Claimed{c.first, c.second}[i], c.seen
		}
		j := results.Judge(run)
		got := ""
		for _, w := range j.Warnings {
			if w.Code == results.WarnUnseen && strings.HasPrefix(w.Text, "nobody") {
				got = w.Text
			}
		}
		if got != c.text || run.Unseen() != c.unknown {
			t.Errorf("%s: said %q of %d requests, want %q of %d", c.name, got, run.Unseen(), c.text, c.unknown)
		}
		if known := j.Contenders[1].Efficiency != nil; known != (c.unknown == 0) {
			t.Errorf("%s: a share of the best possible is known: %v", c.name, known)
		}
	}
}
