package page_test

import (
	"bytes"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/page"
)

// big writes the journal of a run of four contenders: so many rounds of so many requests
// each. Latencies and starts are all different, and a request in a thousand fails.
func big(t testing.TB, rounds, requests int) string {
	t.Helper()
	names := []string{"sequential", "pool:8", "waves:8", "goroutines"}
	run := maker{names: names, rounds: 1}.run()
	run.Design.Rounds, run.Target.Requests = rounds, requests
	for i, asked := range []int{1, 8, 8, requests} {
		run.Contenders[i].Asked = asked
	}
	path := filepath.Join(t.TempDir(), "run.jsonl")
	j, err := results.Create(path, run.Header)
	if err != nil {
		t.Fatal(err)
	}
	all := make([]results.Request, requests)
	for round := range rounds {
		for i, name := range names {
			trial := run.Trials[i]
			trial.Round, trial.Contender, trial.Requests = round, name, all
			busy(&trial, run.Contenders[i].Asked)
			if err := j.Append(&trial); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := j.End(""); err != nil {
		t.Fatal(err)
	}
	return path
}

// busy fills a trial with requests on so many slots.
func busy(t *results.Trial, slots int) {
	ends := make([]int64, slots)
	t.ElapsedNS = 0
	for i := range t.Requests {
		took := int64(1_000_000 + (i*7919+t.Round*104_729)%9_000_011)
		class := results.ClassOK
		if i%1000 == 999 {
			class = "timeout"
		}
		t.Requests[i] = results.Request{
			Index: i, Class: class, Status: 200, Bytes: 512, Attempts: 1, StartNS: ends[i%slots], ServiceNS: took,
			Phases: results.Phases{ConnectNS: 100_000, WaitNS: took - 200_000, BodyNS: 100_000},
		}
		ends[i%slots] += took
		t.ElapsedNS = max(t.ElapsedNS, ends[i%slots])
	}
	t.Tally = t.Count(len(t.Requests))
	if t.Tally.Failed > 0 {
		t.Outcome = results.Failed
	}
}

// paged reads a journal and writes its page, as the command line does.
func paged(t testing.TB, path string) []byte {
	t.Helper()
	run, err := results.OpenLatencies(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it was only read
	var out bytes.Buffer
	err = page.Write(&out, results.Judge(run), page.Options{
		Trials: func() iter.Seq2[*results.Trial, error] { return results.Trials(file) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestJournalOfAMillionRequestsMakesASmallPage: below 2 MB, whether they are in few trials or in
// many, and with all figures. How long it took is told and not tested.
func TestJournalOfAMillionRequestsMakesASmallPage(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: go test -short leaves out what takes its time")
	}
	for _, c := range []struct{ rounds, requests int }{{5, 50_000}, {2500, 100}, {1, 250_000}} {
		t.Run(fmt.Sprintf("%dx%d", c.rounds, c.requests), func(t *testing.T) {
			path := big(t, c.rounds, c.requests)
			began := time.Now()
			text := paged(t, path)
			t.Logf("%d requests of each of 4 contenders: %d bytes in %v", c.rounds*c.requests, len(text), time.Since(began))
			if len(text) >= 2_000_000 {
				t.Errorf("the page has %d bytes", len(text))
			}
			for _, id := range []string{"waterfall", "ecdf"} {
				if !strings.Contains(string(text), `<figure id="`+id+`"`) {
					t.Errorf("the page lacks %s", id)
				}
			}
		})
	}
}

// BenchmarkPageOfAMillionRequests reads, judges and writes.
func BenchmarkPageOfAMillionRequests(b *testing.B) {
	path := big(b, 5, 50_000)
	b.ReportAllocs()
	for b.Loop() {
		paged(b, path)
	}
}
