package report_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/fetchbench/fetchbench/results/stats"
)

// TestMain adds the flag that writes the golden files anew:
//
//	go test ./results/report -update
func TestMain(m *testing.M) {
	flag.Bool("update", false, "write the golden files anew")
	os.Exit(m.Run())
}

// The runs of these tests are put together by hand and their figures written
// down, so that no formula of another package decides what a report should say.
// Only the columns of CSV that are computed per trial come from results.

// golden compares a report with a file, or writes the file with -update.
func golden(t *testing.T, name string, write func(io.Writer) error) {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name)
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// text is Text as a string.
func text(t *testing.T, j *results.Judgement, o report.Options) string {
	t.Helper()
	var out bytes.Buffer
	if err := report.Text(&out, j, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// some returns a pointer to a number that there is.
func some(v float64) *float64 { return &v }

// article is the run that the article made: ten calls, one after the other and
// all at once, over ten rounds. Its figures are put down, not computed.
func article() *results.Judgement {
	j := &results.Judgement{Run: articleRun()}
	j.Requests = results.Requests{
		Count:    results.Count{Planned: 200, OK: 200},
		Attempts: 200,
		ByClass:  map[string]int{results.ClassOK: 200},
	}
	j.Contenders = []results.Contender{
		contender("sequential", 1, 4.071, 3.419),
		contender("goroutines", 10, 0.532, 0.406),
	}
	j.Contenders[0].Connections = results.Connections{Opened: 10, Reused: 90}
	j.Contenders[1].Connections = results.Connections{Opened: 100}
	j.Comparisons = []results.Comparison{compared("goroutines", stats.Faster, 7.9, 6.9, 9.0)}
	return j
}

// contender is one column in which every trial succeeded.
func contender(name string, asked int, mean, median float64) results.Contender {
	c := results.Contender{Name: name, Trials: 10, OK: 10, Protocol: "HTTP/1.1"}
	c.Mean, c.Median, c.Min, c.Max = some(mean), some(median), some(median*0.9), some(mean*2)
	// Between the second and the ninth of ten sorted trials: 1 - 22/2^10.
	c.MedianCI = &results.Band{Range: results.Range{Lo: median * 0.95, Hi: some(median * 1.2)}, Level: 0.978515625}
	c.Flight = results.InFlight{Asked: asked, Mean: some(0.77 * float64(asked)), Max: asked}
	if asked == 1 {
		c.Flight.Mean = some(1)
	}
	c.Efficiency = some(0.987)
	return c
}

// compared is a comparison with sequential that reached a verdict. In ten rounds
// the least two-sided p-value is 2/2^10, and the interval has 95.1 %.
func compared(name string, verdict stats.Verdict, estimate, lo, hi float64) results.Comparison {
	top := &hi
	if math.IsInf(hi, 1) {
		top = nil // no upper end
	}
	return results.Comparison{
		Contender: name, Baseline: "sequential", Verdict: string(verdict),
		Estimates: results.Estimates{
			SpeedUp: &results.SpeedUp{Estimate: estimate, Lo: &lo, Hi: top, Level: 0.951171875, Method: "hodges-lehmann"},
		},
		Chances: results.Chances{P: some(0.001953125), PHolm: some(0.001953125)},
		Score:   results.Score{FasterIn: 10, Rounds: 10},
	}
}

// articleRun has the trials: in each round the slowest call takes 400 ms and a
// few more, the sequential trial ten times a little less, the other 5 ms more.
func articleRun() *results.Run {
	run := &results.Run{Complete: true}
	run.Header = results.Header{
		Schema: results.Schema, ID: "20261120-3f2k", Started: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		Target:     results.Target{Requests: 10, Embedded: "article", Form: "process", Scale: 1},
		Design:     results.Design{Seed: 1, Rounds: 10, Order: "random", Connections: "fresh", Baseline: "sequential"},
		Contenders: []results.Column{{Name: "sequential", Asked: 1}, {Name: "goroutines", Asked: 10}},
		Plan:       []byte(`{"rounds": 10}`),
	}
	for i := range 10 {
		run.Target.URLs = append(run.Target.URLs, fmt.Sprintf("http://127.0.0.1:8080/%d", i))
	}
	for round := range 10 {
		longest := time.Duration(400+round) * time.Millisecond
		run.Trials = append(run.Trials,
			trial(round, 0, "sequential", 9*longest, longest),
			trial(round, 1, "goroutines", longest+5*time.Millisecond, longest))
	}
	return run
}

// trial is a trial of ten requests that all succeeded, and that the upstream
// saw as we did.
func trial(round, position int, name string, elapsed, longest time.Duration) results.Trial {
	t := results.Trial{Round: round, Position: position, Contender: name, Outcome: results.OK, ElapsedNS: int64(elapsed)}
	t.Tally.Count = results.Count{Planned: 10, OK: 10}
	t.Tally.Attempts, t.Tally.Bytes, t.Tally.WireBytes, t.Tally.Opened = 10, 5120, 6000, 10
	t.Tally.Protocol = "HTTP/1.1"
	t.Tally.Flight = results.Flight{Mean: 9 * float64(longest) / float64(elapsed), Max: 10, LatencyNS: int64(9 * longest), LongestNS: int64(longest)}
	t.Machine = results.Machine{CPUNS: 2_345_678, Allocs: 1200, AllocBytes: 98_765, GCPauseNS: 50_000, SchedP99NS: 12_345}
	t.Seen = &results.Seen{Requests: 10, Connections: 10, Flight: t.Tally.Flight.Mean, Max: 10}
	return t
}
