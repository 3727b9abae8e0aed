package results_test

import (
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// TestCostByHand: three trials of four requests. Counts add up over them, peaks are
// the highest, the rest are medians: of 40, 80 and 60 allocations for four requests
// that is 15, of limits of 4, 9 and 6 it is 6.
func TestCostByHand(t *testing.T) {
	run := &results.Run{Header: header("adaptive")}
	for round, allocs := range []uint64{40, 80, 60} {
		trial := loaded(round, "adaptive", 2, 10, 10, 10, 10)
		trial.Tally.Attempts, trial.Tally.Wasted, trial.Tally.Shared = 5, 1, 2
		trial.Machine.Allocs = allocs
		trial.Machine.Peaks = results.Peaks{Goroutines: 3 + int(allocs), Bytes: 1000 * int64(allocs)}
		trial.Seen = &results.Seen{Max: 1 + round}
		trial.Found = []int{4, 9, 6}[round]
		run.Trials = append(run.Trials, trial)
	}
	got := results.Summarize(run).Contenders[0]
	equal(t, "sent", got.Cost.Sent, results.Sent{Attempts: 15, Wasted: 3, Shared: 6})
	near(t, "allocations a fetch", got.Cost.PerFetch, 15)
	equal(t, "goroutines", *got.Cost.Goroutines, 83)
	equal(t, "memory", *got.Cost.Memory, int64(80_000))
	equal(t, "most at the upstream", *got.Flight.Upstream, 3)
	near(t, "limit found", got.Flight.Found, 6)
	near(t, "limit of one trial", results.PerTrial(run)(&run.Trials[1]).Flight.Found, 9)
}

// TestCostOfWhatNobodyMeasuredIsAbsent: without a look at the peaks, an upstream
// of ours, an adaptive strategy or a request there is no number, and no 0.
func TestCostOfWhatNobodyMeasuredIsAbsent(t *testing.T) {
	run := &results.Run{Header: header("a"), Trials: []results.Trial{{Contender: "a", Outcome: results.OK, ElapsedNS: 1}}}
	got := results.Summarize(run).Contenders[0]
	equal(t, "cost", got.Cost, results.Cost{})
	equal(t, "in flight", got.Flight, results.InFlight{Asked: 1})
	none := loaded(0, "a", 1, 10)
	none.Tally.NotStarted = none.Tally.Planned
	equal(t, "of no request", none.AllocsPerFetch(), (*float64)(nil))
}
