package results_test

import (
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// TestR65PausesAreWarnedOf: how often, how long in all, and who asked for most. They
// survive the journal.
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
	path := t.TempDir() + "/run.jsonl"
	journal, err := results.Create(path, run.Header)
	if err != nil {
		t.Fatal(err)
	}
	for i := range run.Trials {
		if err := journal.Append(&run.Trials[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := journal.End(""); err != nil {
		t.Fatal(err)
	}
	again, err := results.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "pause", again.Trials[1].Pause, run.Trials[1].Pause)
	if strings.Count(results.Judge(again).Warnings[len(results.Judge(again).Warnings)-1].Text, "3 pauses") != 1 {
		t.Errorf("read back the warnings are %+v", results.Judge(again).Warnings)
	}
}
