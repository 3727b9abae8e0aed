package history_test

import (
	"path/filepath"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/history"
)

// TestListSaysWhatFailedAndOfWhat: of a complete run how many requests failed, those of
// warm-up rounds and of a round that was made again left out, and of a profile what was
// made of it.
func TestListSaysWhatFailedAndOfWhat(t *testing.T) {
	dir := t.TempDir()
	h := header("20261120-aaaa", 1)
	h.Target.Embedded, h.Target.Form, h.Target.Scale = "article", "mock", 0.05
	h.Target.Requests = 100
	path := filepath.Join(dir, h.ID+history.Suffix)
	j, err := results.Create(path, h)
	must(t, err)
	add := func(round, failed int) {
		for position := range 2 {
			made := trial(round, position)
			made.Outcome, made.Tally.Count = results.Failed, results.Count{Planned: 100, OK: 100 - failed, Failed: failed}
			must(t, j.Append(&made))
		}
	}
	add(-1, 1)
	add(0, 10)
	add(1, 100) // made again
	must(t, j.End("stopped"))
	e := listed(t, dir)[h.ID]
	equal(t, "cut short", []any{e.Standing(), e.Failed}, []any{"incomplete, 220 failed", 220})
	j, _, err = results.Reopen(path)
	must(t, err)
	must(t, j.Resume(1))
	add(1, 30)
	must(t, j.End(""))
	e = listed(t, dir)[h.ID]
	equal(t, "complete", []any{e.State, e.Standing(), e.Failed}, []any{history.Complete, "80 failed", 80})
	for want, target := range map[string]history.Target{
		"article x0.05 (mock)": e.Target,
		"article":              {Profile: "article", Form: "process", Scale: 1},
		"article x2":           {Profile: "article", Scale: 2},
		"a.example":            {Hosts: []string{"a.example"}, Scale: 2},
	} {
		equal(t, "target", target.String(), want)
	}
}
