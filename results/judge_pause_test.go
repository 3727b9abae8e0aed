package results_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// TestR65PausesAreWarnedOf: how often, how long in all, and who asked for most.
func TestR65PausesAreWarnedOf(t *testing.T) {
	run := timed([]string{"sequential", "pool:4"}, []float64{1, 1, 1}, []float64{0.5, 0.5, 0.5})
	pauses := func(hosts ...string) string {
		for i := range run.Trials {
			run.Trials[i].Pause = nil
		}
		for i, host := range hosts {
			run.Trials[i+1].Pause = &results.Pause{Host: host, AskedNS: int64(40e9 - 10e9*i), NS: 15e9}
		}
		for _, w := range results.Judge(run).Warnings {
			if w.Code == results.WarnPaused {
				return w.Text
			}
		}
		return ""
	}
	for _, c := range []struct{ want, got string }{
		{"", pauses()},
		{"a.test asked for patience (Retry-After, at most 40.00 s) and got 1 pause between trials, 15.00 s in all", pauses("a.test")},
		{"a.test and 1 more host asked for patience (Retry-After, at most 40.00 s) and got 3 pauses between trials, 45.00 s in all", pauses("a.test", "b.test", "a.test")},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// TestR65PausesSurviveTheJournal: a report made later warns as well.
func TestR65PausesSurviveTheJournal(t *testing.T) {
	run := timed([]string{"sequential"}, []float64{1, 1})
	run.Trials[1].Pause = &results.Pause{Host: "a.test", AskedNS: 40e9, NS: 30e9}
	path := filepath.Join(t.TempDir(), "run.jsonl")
	journal, err := results.Create(path, run.Header)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(journal.Append(&run.Trials[0]), journal.Append(&run.Trials[1]), journal.End("")); err != nil {
		t.Fatal(err)
	}
	again, err := results.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "no pause", again.Trials[0].Pause, (*results.Pause)(nil))
	equal(t, "pause", again.Trials[1].Pause, run.Trials[1].Pause)
}
