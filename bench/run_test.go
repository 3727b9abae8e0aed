package bench_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/results"
)

// inMemory is a plan against a profile over in-memory connections, for virtual
// time.
func inMemory(t *testing.T, profile string, contenders ...string) bench.Plan {
	t.Helper()
	p, err := bench.Defaults(profile)
	if err != nil {
		t.Fatal(err)
	}
	p.Upstream.Form = bench.FormMemory
	p.Contenders = contenders
	p.Rounds, p.Warmup, p.Seed = 3, 1, 7
	return p
}

// trials runs a plan to its end.
func trials(ctx context.Context, t *testing.T, p bench.Plan, own ...bench.Contender) (list []results.Trial, last error) {
	t.Helper()
	for trial, err := range bench.Run(ctx, p, own...) {
		if err != nil {
			return list, err
		}
		list = append(list, trial)
	}
	return list, nil
}

// Ten calls of 50 ms: 500 ms one after the other, three batches of four workers,
// 50 ms at once. In virtual time the makespans and what was in flight are exact,
// and the upstream must have seen the same.
func TestRunMeasuresWhatTheUpstreamDoes(t *testing.T) {
	want := map[string]struct {
		elapsed time.Duration
		mean    float64
		most    int
	}{
		"sequential": {500 * time.Millisecond, 1, 1},
		"pool:4":     {150 * time.Millisecond, 10.0 / 3, 4},
		"goroutines": {50 * time.Millisecond, 10, 10},
	}
	synctest.Test(t, func(t *testing.T) {
		list, err := trials(t.Context(), t, inMemory(t, "constant", "sequential", "pool:4", "goroutines"))
		if err != nil || len(list) != 12 {
			t.Fatalf("%d trials and error %v, want 3 contenders x (1 warm-up + 3) and none", len(list), err)
		}
		for _, trial := range list {
			w := want[trial.Contender]
			if got := time.Duration(trial.ElapsedNS); got != w.elapsed {
				t.Errorf("%s took %v, want exactly %v", trial.Contender, got, w.elapsed)
			}
			flight := trial.Tally.Flight
			if diff := flight.Mean - w.mean; diff > 1e-9 || diff < -1e-9 || flight.Max != w.most {
				t.Errorf("%s had %v in flight, at most %d; want %v and %d", trial.Contender, flight.Mean, flight.Max, w.mean, w.most)
			}
			checkAccount(t, &trial)
			if trial.Seen.Max != w.most || trial.Seen.Flight-w.mean > 1e-9 || w.mean-trial.Seen.Flight > 1e-9 {
				t.Errorf("%s: the upstream saw %v in flight, at most %d", trial.Contender, trial.Seen.Flight, trial.Seen.Max)
			}
		}
	})
}

// checkAccount holds a trial's own sums and the upstream's counts together.
func checkAccount(t *testing.T, trial *results.Trial) {
	t.Helper()
	c := trial.Tally.Count
	if c.Planned != c.OK+c.Failed+c.Cancelled+c.NotStarted {
		t.Errorf("%s, round %d: %+v does not add up", trial.Contender, trial.Round, c)
	}
	if trial.Seen == nil || len(trial.Seen.Differs) > 0 || trial.Seen.Requests != trial.Tally.Attempts {
		t.Errorf("%s, round %d: the upstream saw %+v, %d attempts were recorded",
			trial.Contender, trial.Round, trial.Seen, trial.Tally.Attempts)
	}
}

func TestRunInterleaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "fast", "sequential", "pool:2", "goroutines")
		p.Rounds = 20
		first, _ := trials(t.Context(), t, p)
		second, _ := trials(t.Context(), t, p)
		orders := map[string]int{}
		for round := 0; round < len(first); round += 3 {
			var names []string
			for i, trial := range first[round : round+3] {
				names = append(names, trial.Contender)
				if trial.Position != i || trial.Round != first[round].Round {
					t.Errorf("trial %d is at position %d of round %d", round+i, trial.Position, trial.Round)
				}
				if again := second[round+i].Contender; again != trial.Contender {
					t.Errorf("with the same seed trial %d is of %s, then of %s", round+i, trial.Contender, again)
				}
			}
			orders[names[0]+names[1]+names[2]]++
			if slices.Sort(names); !slices.Equal(names, []string{"goroutines", "pool:2", "sequential"}) {
				t.Errorf("round %d ran %v", first[round].Round, names)
			}
		}
		// Of six orders 21 uniform draws miss four or more with probability below 1e-4.
		if len(orders) < 3 {
			t.Errorf("21 rounds ran in %d orders only: %v", len(orders), orders)
		}
		if first[0].Round != -1 || first[3].Round != 0 {
			t.Errorf("rounds begin with %d and %d, want the warm-up round -1 and 0", first[0].Round, first[3].Round)
		}
	})
}

func TestFailuresAreNoTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "failing", "sequential", "goroutines")
		p.Requests, p.Rounds = 40, 5
		list, err := trials(t.Context(), t, p)
		if err != nil {
			t.Fatal(err)
		}
		failed := map[string]int{}
		for _, trial := range list {
			checkAccount(t, &trial)
			failed[trial.Contender] += trial.Tally.Failed
			if (trial.Tally.Failed > 0) != (trial.Outcome == results.Failed) {
				t.Errorf("%d failed requests and the trial is %q", trial.Tally.Failed, trial.Outcome)
			}
			for _, f := range trial.Tally.Failures {
				if f.Class != "eof" || f.Text == "" {
					t.Errorf("a closed connection is %+v, want class eof with a reason", f)
				}
			}
		}
		// Failure is a function of (seed, index, round): the same for both.
		if failed["sequential"] == 0 || failed["sequential"] != failed["goroutines"] {
			t.Errorf("failed requests: %v, want the same number above 0 for both", failed)
		}
	})
}

func TestR18ConnectionsAreCountedFreshAndWarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			connections  string
			first, later int // opened in the first trial and in the next ones
		}{{bench.Fresh, 10, 10}, {bench.Warm, 9, 0}} { // one was opened untimed before
			p := inMemory(t, "constant", "goroutines")
			p.Connections, p.Warmup = c.connections, 0
			list, err := trials(t.Context(), t, p)
			if err != nil {
				t.Fatal(err)
			}
			for i, trial := range list {
				want := c.later
				if i == 0 {
					want = c.first
				}
				if trial.Tally.Opened != want || trial.Tally.Reused != 10-want {
					t.Errorf("%s: trial %d opened %d and reused %d, want %d and %d", c.connections, i,
						trial.Tally.Opened, trial.Tally.Reused, want, 10-want)
				}
				checkAccount(t, &trial)
			}
		}
	})
}

// A cancel in the middle of a trial keeps what is done: the trial under way is
// aborted and adds up, and the reason is the last thing yielded.
func TestCancelKeepsWhatIsDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := errors.New("stop")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(1225*time.Millisecond, func() { cancel(stop) })
		p := inMemory(t, "constant", "sequential") // 500 ms a trial
		p.Warmup, p.Pause = 0, 0
		list, err := trials(ctx, t, p)
		if !errors.Is(err, stop) {
			t.Errorf("the run ended with %v, want %v", err, stop)
		}
		if len(list) != 3 || list[1].Outcome != results.OK || list[2].Outcome != results.Aborted {
			t.Fatalf("%d trials, want two that are ok and an aborted one", len(list))
		}
		// 1225 ms: 4 of the third trial's calls are done, one is on the wire.
		want := results.Count{Planned: 10, OK: 4, Cancelled: 1, NotStarted: 5}
		if got := list[2].Tally.Count; got != want {
			t.Errorf("the aborted trial counts %+v, want %+v", got, want)
		}
	})
}

func TestLimitsOfTrialAndRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "constant", "sequential")
		p.Limits.Trial = bench.Duration(225 * time.Millisecond)
		list, err := trials(t.Context(), t, p)
		if err != nil || len(list) != 4 {
			t.Fatalf("%d trials and error %v: a trial that reaches its limit does not end the run", len(list), err)
		}
		for _, trial := range list {
			if trial.Outcome != results.Timeout || trial.Tally.OK != 4 || trial.Tally.NotStarted != 5 {
				t.Errorf("a trial of 225 ms is %q with %+v", trial.Outcome, trial.Tally.Count)
			}
		}
		p.Limits.Trial, p.Limits.Run = 0, bench.Duration(700*time.Millisecond)
		list, err = trials(t.Context(), t, p)
		if !errors.Is(err, bench.ErrRunLimit) || len(list) != 2 || list[1].Outcome != results.Aborted {
			t.Errorf("a run of 700 ms made %d trials and ended with %v", len(list), err)
		}
	})
}

// A strategy that cheats is caught by the batch, which keeps the count.
func TestDishonestStrategiesFail(t *testing.T) {
	drop := cheat(func(ctx context.Context, n int, call fetchers.Call) error {
		return fetchers.Goroutines{}.Run(ctx, n-1, call)
	})
	double := cheat(func(ctx context.Context, n int, call fetchers.Call) error {
		_ = call(ctx, 0)
		return fetchers.Sequential{}.Run(ctx, n, call)
	})
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "constant")
		list, err := trials(t.Context(), t, p, bench.New("drop", drop), bench.New("double", double))
		if err != nil {
			t.Fatal(err)
		}
		for _, trial := range list {
			checkAccount(t, &trial)
			if trial.Outcome != results.Failed {
				t.Errorf("%s: the trial is %q, want failed", trial.Contender, trial.Outcome)
			}
			if want := map[string]int{"drop": 9, "double": 10}[trial.Contender]; trial.Seen.Requests != want {
				t.Errorf("%s: the upstream saw %d requests, want %d", trial.Contender, trial.Seen.Requests, want)
			}
		}
	})
}

// cheat makes a strategy of a function.
type cheat func(ctx context.Context, n int, call fetchers.Call) error

func (c cheat) Run(ctx context.Context, n int, call fetchers.Call) error { return c(ctx, n, call) }

func TestLeavingTheLoopEndsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // fails if a goroutine is left
		for _, err := range bench.Run(t.Context(), inMemory(t, "constant", "goroutines")) {
			if err != nil {
				t.Error(err)
			}
			break
		}
	})
}

func TestBatchCyclesThroughTheURLs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, n := range []int{3, 25} {
			p := inMemory(t, "constant", "goroutines")
			p.Requests = n
			list, err := trials(t.Context(), t, p)
			if err != nil || list[0].Tally.OK != n || list[0].Seen.Requests != n {
				t.Errorf("-n %d over 10 URLs: %+v, error %v", n, list[0].Tally.Count, err)
			}
		}
	})
}
