package history_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/history"
)

// noon is when the runs of the tests began, the one of number n minutes later.
func noon(n int) time.Time {
	return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Minute)
}

// header is that of a run of two contenders.
func header(id string, n int) results.Header {
	return results.Header{
		Schema: results.Schema, ID: id, Started: noon(n),
		Environment: results.Environment{Tool: "fetchbench 1.2.3"},
		Target:      results.Target{URLs: []string{"http://127.0.0.1:1/a", "http://127.0.0.1:1/b", "http://localhost:2/"}, Requests: 3},
		Design:      results.Design{Rounds: 2, Warmup: 1, Baseline: "sequential"},
		Contenders:  []results.Column{{Name: "sequential", Asked: 1}, {Name: "pool:4", Asked: 4}},
		Plan:        []byte(`{"rounds":2}`),
	}
}

// trial is one of a round.
func trial(round, position int) results.Trial {
	return results.Trial{Round: round, Position: position, Contender: []string{"sequential", "pool:4"}[position], Outcome: results.OK, ElapsedNS: 1e6}
}

// record writes the journal of a run into a folder, with so many trials after those of
// the warm-up round, and leaves it open.
func record(t testing.TB, dir, id string, n, trials int) *results.Journal {
	t.Helper()
	j, err := results.Create(filepath.Join(dir, id+history.Suffix), header(id, n))
	must(t, err)
	for k := range trials + 2 {
		made := trial(k/2-1, k%2)
		must(t, j.Append(&made))
	}
	return j
}

// complete writes the journal of a complete run.
func complete(t testing.TB, dir, id string, n int) {
	t.Helper()
	must(t, record(t, dir, id, n, 4).End(""))
}

// put writes a file.
func put(t testing.TB, text string, path ...string) {
	t.Helper()
	must(t, os.WriteFile(filepath.Join(path...), []byte(text), 0o600))
}

// content is what a file holds.
func content(t testing.TB, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	must(t, err)
	return string(text)
}

// listed returns the entries of a folder by their ids.
func listed(t testing.TB, dir string) map[string]history.Entry {
	t.Helper()
	entries, err := history.List(dir)
	must(t, err)
	byID := map[string]history.Entry{}
	for _, e := range entries {
		byID[e.ID] = e
	}
	return byID
}

// equal wants two values to print alike.
func equal(t testing.TB, what string, got, want any) {
	t.Helper()
	if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

// must ends the test on an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
