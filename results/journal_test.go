package results_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/fetchbench/fetchbench/results"
)

// TestJournalReadsBackAsWritten: whatever is appended is what Open and Trials
// give back, requests by Trials only.
func TestJournalReadsBackAsWritten(t *testing.T) {
	folder := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		run := drawRun(r)
		path := filepath.Join(folder, "journal.jsonl")
		j, err := results.Create(path, run.Header)
		if err != nil {
			r.Fatal(err)
		}
		defer os.Remove(path)
		for i := range run.Trials {
			if err := j.Append(&run.Trials[i]); err != nil {
				r.Fatal(err)
			}
		}
		if err := j.End(run.Reason); err != nil {
			r.Fatal(err)
		}
		got, err := results.Open(path)
		if err != nil {
			r.Fatal(err)
		}
		alike(r, "Open", got, run, cmpopts.IgnoreFields(results.Trial{}, "Requests"))
		text, err := os.ReadFile(path)
		if err != nil {
			r.Fatal(err)
		}
		alike(r, "Trials", streamed(r, text), run.Trials)
	})
}

// TestCreateRefusesAnExistingFile: last week's journal is not overwritten.
func TestCreateRefusesAnExistingFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	must(t, os.WriteFile(path, []byte("precious"), 0o600))
	if _, err := results.Create(path, header("a")); !os.IsExist(err) {
		t.Errorf("got %v, want that the file exists", err)
	}
	equal(t, "the file", string(content(t, path)), "precious")
}

// TestCreateRefusesAHeaderThatCannotBeReadBack and leaves nothing behind.
func TestCreateRefusesAHeaderThatCannotBeReadBack(t *testing.T) {
	long := header("a")
	long.Target.URLs = []string{strings.Repeat("x", 64<<20)}
	broken := header("a")
	broken.Plan = json.RawMessage("{")
	for name, h := range map[string]results.Header{"too long": long, "no JSON": broken} {
		path := filepath.Join(t.TempDir(), "journal.jsonl")
		if _, err := results.Create(path, h); err == nil {
			t.Errorf("%s: no error", name)
		}
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("%s: the file is there (%v)", name, err)
		}
	}
}

// TestJournalIsItsOwnersOnly: it holds addresses.
func TestJournalIsItsOwnersOnly(t *testing.T) {
	info, err := os.Stat(journal(t, timed([]string{"a"}, []float64{1})))
	must(t, err)
	equal(t, "mode", info.Mode(), os.FileMode(0o600))
}

// TestAppendWritesBeforeItReturns: another reader sees the trial at once, and
// until there is an end the run passes for one that was killed.
func TestAppendWritesBeforeItReturns(t *testing.T) {
	run := timed([]string{"a", "b"}, []float64{1, 2}, []float64{3, 4})
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	j, err := results.Create(path, run.Header)
	must(t, err)
	equal(t, "path", j.Path(), path)
	for i := range run.Trials {
		must(t, j.Append(&run.Trials[i]))
		got, err := results.Open(path)
		must(t, err)
		equal(t, "trials", len(got.Trials), i+1)
		if got.Complete || !strings.Contains(got.Reason, "killed") || got.Torn != 0 {
			t.Errorf("after trial %d: complete %t, reason %q, %d bytes torn", i, got.Complete, got.Reason, got.Torn)
		}
	}
	must(t, j.End("interrupted"))
	got, err := results.Open(path)
	must(t, err)
	equal(t, "reason", got.Reason, "interrupted")
	equal(t, "complete", got.Complete, false)
}

// TestAppendRefusesRequestsOutOfOrder: a line has only the index of its first. Nothing
// was written, and the journal goes on.
func TestAppendRefusesRequestsOutOfOrder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.jsonl")
	j, err := results.Create(path, header("a"))
	must(t, err)
	trial := succeeded(0, "a", 1)
	trial.Requests[1].Index = 2
	if err := j.Append(&trial); err == nil || !strings.Contains(err.Error(), "request 2 in the place of request 1") {
		t.Errorf("got %v", err)
	}
	trial.Requests[1].Index = 1
	must(t, j.Append(&trial))
	must(t, j.End(""))
	run, err := results.Open(path)
	must(t, err)
	equal(t, "trials", len(run.Trials), 1)
}

// TestEqualColumnsAreOneValue: a thousand requests that agree take as many bytes
// as two, but for the digits of their number, 1000 instead of 2.
func TestEqualColumnsAreOneValue(t *testing.T) {
	size := func(n int) int {
		run := &results.Run{Header: header("a"), Trials: []results.Trial{{Contender: "a"}}}
		for i := range n {
			run.Trials[0].Requests = append(run.Trials[0].Requests,
				results.Request{Index: i, Class: results.ClassOK, Status: 200, Attempts: 1, Bytes: 512, ServiceNS: 50e6})
		}
		lines := bytes.SplitAfter(content(t, journal(t, run)), []byte("\n"))
		equal(t, "lines", len(lines), 4) // header, requests, trial, nothing
		return len(lines[1])
	}
	equal(t, "bytes more", size(1000)-size(2), len("1000")-len("2"))
}

// A run whose precision is reached is complete with fewer rounds than planned,
// and none of its requests is missing.
func TestReachedRunIsCompleteEarly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.jsonl")
	h := results.Header{
		Schema: results.Schema, ID: "x", Target: results.Target{Requests: 1},
		Contenders: []results.Column{{Name: "a", Asked: 1}}, Design: results.Design{Rounds: 100, Baseline: "a"},
	}
	j, err := results.Create(path, h)
	must(t, err)
	one := results.Trial{Contender: "a", Outcome: results.OK, ElapsedNS: 1, Tally: results.Tally{Count: results.Count{Planned: 1, OK: 1}}}
	must(t, j.Append(&one))
	must(t, j.EndReached("precision reached after 1 rounds"))
	run, err := results.Open(path)
	must(t, err)
	if got := results.Summarize(run).Requests; !run.Complete || run.Reached == "" || got.Planned != 1 || got.NotStarted != 0 {
		t.Errorf("complete %t, reached %q, %+v", run.Complete, run.Reached, got.Count)
	}
}
