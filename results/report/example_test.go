package report_test

import (
	"fmt"
	"os"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// measured is a run of six rounds: ten calls of 50 ms one after the other, and
// all at once. A run of yours comes from results.Open.
func measured() *results.Run {
	run := &results.Run{Complete: true}
	run.Target.Requests, run.Design.Rounds, run.Design.Baseline = 10, 6, "sequential"
	run.Contenders = []results.Column{{Name: "sequential", Asked: 1}, {Name: "goroutines", Asked: 10}}
	for round := range 6 {
		// A millisecond more each round, so that no two rounds are alike.
		call := time.Duration(50+round) * time.Millisecond
		for position, elapsed := range []time.Duration{10 * call, call} {
			t := results.Trial{Round: round, Position: position, Outcome: results.OK, ElapsedNS: int64(elapsed)}
			t.Contender = run.Contenders[position].Name
			t.Tally.Count = results.Count{Planned: 10, OK: 10}
			t.Tally.Attempts = 10
			t.Tally.Flight = results.Flight{
				Mean: float64(10*call) / float64(elapsed), Max: run.Contenders[position].Asked,
				LatencyNS: int64(10 * call), LongestNS: int64(call),
			}
			run.Trials = append(run.Trials, t)
		}
	}
	return run
}

// A judgement as people read it.
func ExampleText() {
	if err := report.Text(os.Stdout, results.Judge(measured()), report.Options{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Type        Average (ms)  Median (ms)  Speed-up  in flight  of the best possible
	// sequential         525.0        525.0      1.0x        1.0                 100 %
	// goroutines          52.5         52.5     10.0x       10.0                 100 %
	//
	// goroutines is 10.0x faster (95 % interval 10.0 to 10.0, 6 of 6 rounds,
	//   p = 0.031).
	// Use goroutines: 52.5 ms instead of 525.0 ms (medians).
	// More cannot help: the slowest call alone takes 52.5 ms.
	// p90, p95, p99: need 36, 72, 368 trials
	// 6 rounds
	// 120 planned = 120 ok + 0 failed · 120 on the wire
}

// A name that would have turned the terminal red.
func ExampleClean() {
	fmt.Println(report.Clean("pool:8 \x1b[31mred"))
	// Output: pool:8 \x1b[31mred
}
