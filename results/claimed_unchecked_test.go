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
