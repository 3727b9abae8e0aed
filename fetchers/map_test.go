package fetchers_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/fetchers"
)

// strategies are the schedules that Map must not depend on.
func strategies() []fetchers.Strategy {
	return []fetchers.Strategy{fetchers.Sequential{}, fetchers.Goroutines{}, fetchers.Pool{Workers: 3}}
}

func TestMapKeepsOrderWhateverFinishesFirst(t *testing.T) {
	for _, s := range strategies() {
		synctest.Test(t, func(t *testing.T) {
			items := []int{250, 200, 150, 100, 50} // ms: the last one is back first
			results, errs := fetchers.Map(t.Context(), s, items, func(_ context.Context, ms int) (string, error) {
				time.Sleep(time.Duration(ms) * time.Millisecond)
				return fmt.Sprint(ms), nil
			})
			if want := []string{"250", "200", "150", "100", "50"}; !slices.Equal(results, want) {
				t.Errorf("%T: results %v, want %v", s, results, want)
			}
			if want := make([]error, 5); !slices.Equal(errs, want) {
				t.Errorf("%T: errors %v, want none", s, errs)
			}
		})
	}
}

func TestMapKeepsAnErrorInItsSlot(t *testing.T) {
	odd := errors.New("odd")
	for _, s := range strategies() {
		results, errs := fetchers.Map(t.Context(), s, []int{0, 1, 2, 3}, func(_ context.Context, i int) (int, error) {
			if i%2 == 1 {
				return 0, odd
			}
			return 10 * i, nil
		})
		if want := []int{0, 0, 20, 0}; !slices.Equal(results, want) {
			t.Errorf("%T: results %v, want %v", s, results, want)
		}
		if want := []error{nil, odd, nil, odd}; !slices.Equal(errs, want) {
			t.Errorf("%T: errors %v, want %v", s, errs, want)
		}
	}
}

// The first error cancels the rest when fn says so: the two items before it are
// done, the others were never started and say why.
func TestMapStopsWhenAsked(t *testing.T) {
	bad := errors.New("bad item")
	ctx, stop := context.WithCancelCause(t.Context())
	_, errs := fetchers.Map(ctx, fetchers.Sequential{}, []int{0, 1, 2, 3, 4}, func(_ context.Context, i int) (int, error) {
		if i == 2 {
			stop(bad)
			return 0, bad
		}
		return i, nil
	})
	for i, err := range errs {
		notStarted := errors.Is(err, fetchers.ErrNotStarted)
		if want := i > 2; notStarted != want {
			t.Errorf("item %d: error %v, not started is %t, want %t", i, err, notStarted, want)
		}
		if i >= 2 && !errors.Is(err, bad) {
			t.Errorf("item %d: error %v does not say why", i, err)
		}
	}
}

// A strategy that leaves items out without a reason must not look like success.
func TestMapReportsAStrategyThatDropsItems(t *testing.T) {
	_, errs := fetchers.Map(t.Context(), lazy{}, []int{0, 1}, func(context.Context, int) (int, error) { return 1, nil })
	if errs[0] != nil || !errors.Is(errs[1], fetchers.ErrNotStarted) {
		t.Errorf("errors %v, want nil and %v", errs, fetchers.ErrNotStarted)
	}
}

// lazy makes the first call only.
type lazy struct{}

func (lazy) Run(ctx context.Context, _ int, call fetchers.Call) error { return call(ctx, 0) }

func TestConcurrencyTakesTheTimeItShould(t *testing.T) {
	// 100 calls of 50 ms: one after the other, ten at once, all at once.
	for _, c := range []struct {
		strategy fetchers.Strategy
		want     time.Duration
	}{
		{fetchers.Sequential{}, 5 * time.Second},
		{fetchers.Pool{Workers: 10}, 500 * time.Millisecond},
		{fetchers.Goroutines{}, 50 * time.Millisecond},
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			err := c.strategy.Run(t.Context(), 100, func(context.Context, int) error {
				time.Sleep(50 * time.Millisecond)
				return nil
			})
			if got := time.Since(start); got != c.want || err != nil {
				t.Errorf("%T took %v, error %v; want exactly %v", c.strategy, got, err, c.want)
			}
		})
	}
}

func TestLimitStaysWithinTheBatch(t *testing.T) {
	for _, c := range []struct {
		strategy fetchers.Strategy
		n, want  int
	}{
		{fetchers.Sequential{}, 10, 1},
		{fetchers.Goroutines{}, 10, 10},
		{fetchers.Pool{Workers: 4}, 10, 4},
		{fetchers.Pool{Workers: 40}, 10, 10},
		{fetchers.Pool{}, 10, 1},
		{lazy{}, 10, 10}, // says nothing of itself: the whole batch
		{fetchers.Goroutines{}, 0, 1},
	} {
		if got := fetchers.Limit(c.strategy, c.n); got != c.want {
			t.Errorf("Limit(%T, %d) = %d, want %d", c.strategy, c.n, got, c.want)
		}
	}
}

func TestPanicShowsItsErrorAndStack(t *testing.T) {
	boom := errors.New("boom")
	defer func() {
		err, _ := recover().(error)
		if !errors.Is(err, boom) {
			t.Errorf("recovered %v, want a panic that wraps %v", err, boom)
		}
	}()
	_ = fetchers.Goroutines{}.Run(t.Context(), 1, func(context.Context, int) error { panic(boom) })
}
