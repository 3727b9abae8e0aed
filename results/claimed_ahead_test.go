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
		run := instant(c.took, c.seen)
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

// instant is a run in which a call alone takes 100 ms, and a program so long for four.
func instant(took time.Duration, seen bool) *results.Run {
	run := &results.Run{
		Header: results.Header{
			Target:     results.Target{Requests: 4, URLs: []string{"http://127.0.0.1/"}},
			Design:     results.Design{Rounds: 8, Order: "random", Baseline: "sequential"},
			Contenders: []results.Column{{Name: "sequential", Asked: 1}, {Name: "exec:x", Asked: 4, Process: &results.Process{}}},
		},
		Complete: true,
	}
	for round := range 8 {
		own := loaded(round, "exec:x", 1, calls(4, took.Milliseconds()/5)...)
		own.ElapsedNS, own.Claimed = took.Nanoseconds(), &results.Claimed{Records: true}
		if seen {
			own.Seen = &results.Seen{Requests: 4, Max: 1}
		}
		run.Trials = append(run.Trials, loaded(round, "sequential", 1, calls(4, 100)...), own)
	}
	return run
}

// It is one doubt: of a program without records that is ahead of its calls it is not said
// besides that nobody saw what it fetched.
func TestProgramsAheadOfTheirCallsAreDoubtedOnce(t *testing.T) {
	for took, want := range map[time.Duration][2]int{10 * time.Millisecond: {1, 0}, 50 * time.Millisecond: {0, 1}} {
		run := instant(took, false)
		each(run, "exec:x", func(t *results.Trial) { t.Claimed.Records = false })
		j := results.Judge(run)
		if got := [2]int{alarms(j, results.WarnAhead), alarms(j, results.WarnUnseen)}; got != want {
			t.Errorf("%v: %d ahead and %d unseen, want %d", took, got[0], got[1], want)
		}
	}
}
