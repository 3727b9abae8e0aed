package results_test

import (
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// A program that has its batch in a tenth of what the slowest call takes has not fetched it
// while the clock ran: where nobody looked that is said, it is not what to use, and nothing
// is said of its event loop. Where the upstream was asked, or the time is possible, nothing
// of this is so.
func TestProgramsAheadOfTheirCallsAreNotRecommended(t *testing.T) {
	for _, c := range []struct {
		name  string
		took  time.Duration
		seen  bool
		ahead bool
	}{
		{"a tenth", 10 * time.Millisecond, false, true},
		{"a tenth that was seen", 10 * time.Millisecond, true, false},
		{"half, by luck", 50 * time.Millisecond, false, false},
		{"as long", 101 * time.Millisecond, false, false},
	} {
		run := &results.Run{
			Header: results.Header{
				Target:     results.Target{Requests: 4, URLs: []string{"http://127.0.0.1/"}},
				Design:     results.Design{Rounds: 8, Order: "random", Baseline: "sequential"},
				Contenders: []results.Column{{Name: "sequential", Asked: 1}, {Name: "exec:x", Asked: 4, Process: &results.Process{}}},
			},
			Complete: true,
		}
		for round := range 8 {
			own := loaded(round, "exec:x", 1, calls(4, c.took.Milliseconds()/5)...)
			own.ElapsedNS, own.Claimed = c.took.Nanoseconds(), &results.Claimed{Records: true}
			if c.seen {
				own.Seen = &results.Seen{Requests: 4, Max: 1}
			}
			run.Trials = append(run.Trials, loaded(round, "sequential", 1, calls(4, 100)...), own)
		}
		j, ahead, blocks := results.Judge(run), false, false
		for _, w := range j.Warnings {
			ahead, blocks = ahead || w.Code == results.WarnAhead, blocks || w.Code == results.WarnBlocked
		}
		if ahead != c.ahead || ahead && blocks {
			t.Errorf("%s: warnings %+v", c.name, j.Warnings)
		}
		if recommended := j.Advice != nil && j.Advice.Use == "exec:x"; recommended == c.ahead {
			t.Errorf("%s: advice %+v", c.name, j.Advice)
		}
	}
}
