package bench_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results"
)

// TestUpcomingIsWhatComes holds what an experiment says beforehand against what it
// does, in every order, and for a run that is cut short and goes on.
func TestUpcomingIsWhatComes(t *testing.T) {
	for _, order := range []string{bench.Random, bench.Balanced, bench.Fixed, bench.Blocks} {
		synctest.Test(t, func(t *testing.T) {
			plan := bench.Plan{Columns: bench.Columns{Contenders: []string{"sequential", "pool:2", "goroutines"}}, Upstream: bench.Upstream{Profile: "fast", Form: bench.FormMock}}
			plan.Design = bench.Design{Rounds: 4, Warmup: 1, Order: order, Seed: 7}
			plan.Requests, plan.Connections = 3, bench.Fresh
			checkUpcoming(t, plan, nil)
			if order == bench.Blocks {
				return // no round of it is whole before the last contender's turn
			}
			whole := run(t, plan)
			whole.Trials = whole.Trials[:8] // the warm-up, the first round, and a part of the second
			resumable, err := bench.Resumable(whole, bench.Tool{})
			if err != nil {
				t.Fatal(err)
			}
			checkUpcoming(t, resumable, whole)
		})
	}
}

// checkUpcoming makes the trials of a plan, or the rest of a run.
func checkUpcoming(t *testing.T, plan bench.Plan, after *results.Run) {
	t.Helper()
	type at struct {
		round     int
		contender string
	}
	e, err := bench.Open(context.Background(), plan, bench.Tool{})
	if err != nil {
		t.Fatal(err)
	}
	if after != nil {
		if _, err := e.Continue(after); err != nil {
			t.Fatal(err)
		}
	}
	var said, made []at
	for round, contender := range e.Upcoming() {
		said = append(said, at{round, contender})
	}
	for _, trial := range rest(t, e) {
		made = append(made, at{trial.Round, trial.Contender})
	}
	if len(made) < 9 || !slices.Equal(said, made) {
		t.Errorf("%s: said %v, made %v", plan.Order, said, made)
	}
}
