package page_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/page"
)

// A maker makes the journal of a run, as the tests need it.
type maker struct {
	names  []string
	rounds int
	// words are put wherever somebody else's text can stand.
	words string
	// fails tells which trials fail.
	fails func(round int, name string) bool
}

// run makes the run. A contender takes 400 ms less the more there are before it, and a
// round a millisecond more than the one before.
func (m maker) run() *results.Run {
	r := &results.Run{Complete: true}
	r.Header = results.Header{
		Schema: results.Schema, ID: "20261120-3f2k" + m.words, Started: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		Environment: results.Environment{Tool: "fetchbench" + m.words, Go: "go1.26", OS: "linux" + m.words, CPU: "a processor" + m.words, CPUs: 2},
		Target:      results.Target{Requests: 10, URLs: []string{"http://127.0.0.1:8080/" + m.words}},
		Design:      results.Design{Seed: 1, Rounds: m.rounds, Order: "random", Connections: "fresh", Baseline: m.names[0]},
	}
	note, err := json.Marshal(m.words)
	if err != nil {
		panic(err) // a text is always written
	}
	r.Plan = fmt.Appendf(nil, `{"note": %s}`, note)
	for place, name := range m.names {
		r.Contenders = append(r.Contenders, results.Column{Name: name, Asked: 1 + place})
		for round := range m.rounds {
			r.Trials = append(r.Trials, m.trial(round, place, name))
		}
	}
	return r
}

// trial is one trial, with one request on record that failed if the trial did.
func (m maker) trial(round, place int, name string) results.Trial {
	took := int64(400_000_000/(1+place) + round*1_000_000)
	t := results.Trial{Round: round, Position: place, Contender: name, Outcome: results.OK, ElapsedNS: took}
	t.Tally.Count = results.Count{Planned: 10, OK: 10}
	t.Tally.Attempts, t.Tally.Protocol = 10, "HTTP/1.1"
	t.Tally.Flight = results.Flight{Mean: float64(1 + place), Max: 1 + place, LatencyNS: took * int64(1+place), LongestNS: took}
	if m.fails != nil && m.fails(round, name) {
		t.Outcome = results.Failed
		t.Tally.Count = results.Count{Planned: 10, OK: 9, Failed: 1}
		t.Tally.Failures = []results.Failure{{Class: "reset", Count: 1, Text: "reset" + m.words}}
	}
	for i := range 10 {
		t.Requests = append(t.Requests, results.Request{Index: i, Class: results.ClassOK, Status: 200, Attempts: 1, StartNS: int64(i) * 1e6, ServiceNS: 30e6})
	}
	return t
}

// written is the page of a run.
func written(t testing.TB, r *results.Run, o page.Options) string {
	t.Helper()
	if o.Trials == nil {
		o.Trials = func() iter.Seq2[*results.Trial, error] {
			return func(yield func(*results.Trial, error) bool) {
				for i := range r.Trials {
					if !yield(&r.Trials[i], nil) {
						return
					}
				}
			}
		}
	}
	var out bytes.Buffer
	if err := page.Write(&out, results.Judge(r), o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// many are the names of so many contenders.
func many(n int) []string {
	names := []string{"sequential"}
	for i := 1; i < n; i++ {
		names = append(names, fmt.Sprintf("pool:%d", i+1))
	}
	return names
}

// contains fails the test unless the page has the words.
func contains(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("the page lacks %q", w)
		}
	}
}
