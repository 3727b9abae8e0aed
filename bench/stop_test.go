package bench

import (
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// A round that was cut short counts for nothing, and the rest may be precise: ten
// rounds with one aborted trial are nine ratios, all alike. A failed trial leaves
// no interval, however many rounds there are.
func TestAnAbortedRoundDoesNotPreventPrecision(t *testing.T) {
	for _, c := range []struct {
		outcome results.TrialOutcome
		want    string
	}{
		{results.OK, "precision reached after 10 rounds (limit 20)"},
		{results.Aborted, "precision reached after 10 rounds (limit 20)"},
		{results.Failed, ""},
	} {
		plan := Plan{Columns: Columns{Baseline: "a"}, Design: Design{Rounds: 20, Precision: 0.05}}
		s := newStop(plan, results.Header{Contenders: []results.Column{{Name: "a"}, {Name: "b"}}})
		got := ""
		for round := range 10 {
			for _, name := range []string{"b", "a"} {
				trial := results.Trial{Round: round, Contender: name, Outcome: results.OK, ElapsedNS: 2e9}
				if name == "b" {
					trial.ElapsedNS = 1e9 + int64(round)
				}
				if round == 4 && name == "b" {
					trial.Outcome = c.outcome
				}
				if reached := s.after(&trial); got == "" {
					got = reached
				}
			}
		}
		if got != c.want {
			t.Errorf("with a trial that is %s: %q, want %q", c.outcome, got, c.want)
		}
	}
}
