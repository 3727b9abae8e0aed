package bench_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/results"
)

// A contender of a test: it fetches, counts, and fails when it is told to.
type own struct {
	name   string
	fetch  func(ctx context.Context, b *bench.Batch) error
	closed int
}

func (o *own) String() string                                  { return o.name }
func (o *own) Limit(int) int                                   { return 1 }
func (o *own) Fetch(ctx context.Context, b *bench.Batch) error { return o.fetch(ctx, b) }
func (o *own) Close() error                                    { o.closed++; return nil }

// plainly fetches one request after the other with a client of its own.
func plainly(ctx context.Context, b *bench.Batch) error {
	c := client.New(b.Config)
	defer c.Close()
	return b.Measure(ctx, fetchers.Sequential{}, c.Fetch)
}

func TestContenderOfOnesOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mine := &own{name: "mine", fetch: plainly}
		p := inMemory(t, "constant", "is replaced")
		list, err := trials(t.Context(), t, p, mine, bench.New("all", fetchers.Goroutines{}))
		if err != nil || len(list) != 8 || mine.closed != 1 {
			t.Fatalf("%d trials, error %v, closed %d times; want 8, none and once", len(list), err, mine.closed)
		}
		for _, trial := range list {
			checkAccount(t, &trial)
			// Sequential opens one connection: the dialler of its Config counts it.
			if want := map[string]int{"mine": 1, "all": 10}[trial.Contender]; trial.Tally.Opened != want || trial.Outcome != results.OK {
				t.Errorf("%s opened %d and is %q, want %d and ok", trial.Contender, trial.Tally.Opened, trial.Outcome, want)
			}
		}
	})
}

// What a contender says of its connections is held against the upstream too.
func TestContenderThatMakesUpConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mine := &own{name: "mine", fetch: func(ctx context.Context, b *bench.Batch) error {
			defer b.Opened(3)
			return plainly(ctx, b)
		}}
		list, err := trials(t.Context(), t, inMemory(t, "constant"), mine)
		if err != nil || list[0].Tally.Opened != 3 || !slices.Equal(list[0].Seen.Differs, []string{"1 connection arrived, 3 were reported"}) {
			t.Errorf("error %v, %d opened, differs %q", err, list[0].Tally.Opened, list[0].Seen.Differs)
		}
	})
}

func TestContenderThatFailsEndsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken")
		calls := 0
		mine := &own{name: "mine"}
		mine.fetch = func(ctx context.Context, b *bench.Batch) error {
			if calls++; calls == 3 {
				return broken
			}
			return plainly(ctx, b)
		}
		list, err := trials(t.Context(), t, inMemory(t, "constant"), mine)
		if !errors.Is(err, broken) || err.Error() != "contender mine, round 1: broken" || len(list) != 2 || mine.closed != 1 {
			t.Errorf("%d trials, error %v, closed %d times", len(list), err, mine.closed)
		}
	})
}

// A contender that does nothing at all is a failed trial, not a fast one.
func TestContenderThatDoesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mine := &own{name: "mine", fetch: func(context.Context, *bench.Batch) error { return nil }}
		list, err := trials(t.Context(), t, inMemory(t, "constant"), mine)
		if err != nil || list[0].Outcome != results.Failed || list[0].Tally.NotStarted != 10 || list[0].ElapsedNS != 0 {
			t.Errorf("error %v, %q with %+v after %d ns", err, list[0].Outcome, list[0].Tally.Count, list[0].ElapsedNS)
		}
	})
}
