package results_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// A million requests: 3 contenders, 10 rounds, 33,334 requests a trial, every
// number of them drawn, so that no column is short because its values agree.
const (
	millionContenders = 3
	millionRounds     = 10
	millionRequests   = 33_334
)

// BenchmarkAppend is what a request costs when its trial is written and synced.
func BenchmarkAppend(b *testing.B) {
	j, err := results.Create(filepath.Join(b.TempDir(), "journal.jsonl"), header("a", "b", "c"))
	if err != nil {
		b.Fatal(err)
	}
	trial := drawnTrial(rand.New(rand.NewPCG(1, 1)), 0, "a", millionRequests)
	for b.Loop() {
		if err := j.Append(trial); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*millionRequests), "ns/request")
	if err := j.End(""); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkReadMillion is what a report of a million requests costs: the
// journal is read without them and judged.
func BenchmarkReadMillion(b *testing.B) {
	path := million(b)
	resetPeak()
	for b.Loop() {
		run, err := results.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		if j := results.Judge(run); j.Requests.OK != millionContenders*millionRounds*millionRequests {
			b.Fatalf("%d requests read", j.Requests.OK)
		}
	}
	reportPeak(b)
}

// BenchmarkTrialsMillion is what one pass over a million requests costs, as for
// a table with one row for each.
func BenchmarkTrialsMillion(b *testing.B) {
	path := million(b)
	resetPeak()
	for b.Loop() {
		file, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for t, err := range results.Trials(file) {
			if err != nil {
				b.Fatal(err)
			}
			n += len(t.Requests)
		}
		if err := file.Close(); err != nil || n != millionContenders*millionRounds*millionRequests {
			b.Fatalf("%d requests read, %v", n, err)
		}
	}
	reportPeak(b)
}

// million writes a journal of a million requests.
func million(b *testing.B) string {
	b.Helper()
	return many(b, millionContenders, millionRounds, millionRequests)
}

// many writes a journal of so many contenders, rounds and requests a trial.
func many(b *testing.B, contenders, rounds, requests int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "journal.jsonl")
	names := make([]string, contenders)
	for i := range names {
		names[i] = fmt.Sprintf("contender %d", i)
	}
	h := header(names...)
	h.Design.Rounds, h.Target.Requests = rounds, requests
	j, err := results.Create(path, h)
	if err != nil {
		b.Fatal(err)
	}
	draw := rand.New(rand.NewPCG(1, 2))
	for round := range rounds {
		for _, c := range h.Contenders {
			if err := j.Append(drawnTrial(draw, round, c.Name, requests)); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := j.End(""); err != nil {
		b.Fatal(err)
	}
	return path
}

// drawnTrial is a trial of n requests with all of their numbers drawn.
func drawnTrial(draw *rand.Rand, round int, name string, n int) *results.Trial {
	t := &results.Trial{Round: round, Contender: name, Outcome: results.OK, ElapsedNS: 1e9 + draw.Int64N(1e9)}
	for i := range n {
		t.Requests = append(t.Requests, results.Request{
			Index: i, Class: results.ClassOK, Status: 200 + draw.IntN(2), Attempts: 1 + draw.IntN(2),
			Bytes: draw.Int64N(1e6), WireBytes: draw.Int64N(1e6),
			StartNS: draw.Int64N(1e9), ServiceNS: draw.Int64N(1e9),
			Phases: results.Phases{
				DNSNS: draw.Int64N(1e7), ConnectNS: draw.Int64N(1e7), TLSNS: draw.Int64N(1e7),
				WaitNS: draw.Int64N(1e9), BodyNS: draw.Int64N(1e8),
			},
		})
	}
	t.Tally = t.Count(n)
	return t
}

// resetPeak makes the kernel forget the largest resident size of this process
// so far, where it can.
func resetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// reportPeak reports the largest resident size since resetPeak, where the
// kernel tells.
func reportPeak(b *testing.B) {
	b.Helper()
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		var kib float64
		if n, _ := fmt.Sscanf(line, "VmHWM: %f kB", &kib); n == 1 {
			b.ReportMetric(kib/1024, "peak-MiB")
		}
	}
}

// BenchmarkJudgeLatencies is what a report costs: the journal is read with the
// latencies of its requests, and judged.
func BenchmarkJudgeLatencies(b *testing.B) {
	for _, c := range []struct{ contenders, rounds, requests int }{{10, 100, 1000}, {100, 20, 100}, {3, 10, 33_334}} {
		b.Run(fmt.Sprintf("contenders=%d/rounds=%d/requests=%d", c.contenders, c.rounds, c.requests), func(b *testing.B) {
			path := many(b, c.contenders, c.rounds, c.requests)
			resetPeak()
			for b.Loop() {
				run, err := results.OpenLatencies(path)
				if err != nil {
					b.Fatal(err)
				}
				j := results.Judge(run)
				if n := j.Contenders[0].Latency.Service.N; n != c.rounds*c.requests {
					b.Fatalf("%d latencies", n)
				}
			}
			reportPeak(b)
		})
	}
}
