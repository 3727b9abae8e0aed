package fetchers_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/fetchers"
)

// Latencies of 50 to 10 ms in reverse: done hears of the last item first, at the
// instant at which it ends, and the results are in order all the same.
func TestEachTellsInTheOrderOfCompletion(t *testing.T) {
	for _, c := range []struct {
		strategy fetchers.Strategy
		order    []int
		at       []int // ms
	}{
		{fetchers.Goroutines{}, []int{4, 3, 2, 1, 0}, []int{10, 20, 30, 40, 50}},
		{fetchers.Sequential{}, []int{0, 1, 2, 3, 4}, []int{50, 90, 120, 140, 150}},
	} {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			var order, at []int // no lock: done is never called twice at once
			items := []int{50, 40, 30, 20, 10}
			wait := func(_ context.Context, ms int) (string, error) {
				time.Sleep(time.Duration(ms) * time.Millisecond)
				return fmt.Sprint(ms), nil
			}
			results, errs := fetchers.Each(t.Context(), c.strategy, items, wait, func(i int, result string, err error) {
				if result != fmt.Sprint(items[i]) || err != nil {
					t.Errorf("%T: item %d is %q, %v", c.strategy, i, result, err)
				}
				order, at = append(order, i), append(at, int(time.Since(begin).Milliseconds()))
			})
			if !slices.Equal(order, c.order) || !slices.Equal(at, c.at) {
				t.Errorf("%T: told of %v at %v, want %v at %v", c.strategy, order, at, c.order, c.at)
			}
			if !slices.Equal(results, []string{"50", "40", "30", "20", "10"}) || !slices.Equal(errs, make([]error, 5)) {
				t.Errorf("%T: %v, %v", c.strategy, results, errs)
			}
		})
	}
}

// However many calls end together, done is called once at a time.
func TestEachTellsOfOneAtATime(t *testing.T) {
	const n = 500
	var inside atomic.Int32
	told := 0
	one := func(context.Context, int) (int, error) { return 1, nil }
	fetchers.Each(t.Context(), fetchers.Goroutines{}, make([]int, n), one, func(int, int, error) {
		if inside.Add(1) > 1 {
			t.Error("called while it was being called")
		}
		runtime.Gosched()
		told++
		inside.Add(-1)
	})
	if told != n {
		t.Errorf("told %d times of %d calls", told, n)
	}
}

// One that failed is told of like the others. After a cancel nothing is told of what
// was not started; its error says so.
func TestEachTellsOfFailuresAndNotOfWhatWasNotStarted(t *testing.T) {
	odd := errors.New("odd")
	ctx, stop := context.WithCancelCause(t.Context())
	told := map[int]error{}
	_, errs := fetchers.Each(ctx, fetchers.Sequential{}, []int{0, 1, 2, 3}, func(_ context.Context, i int) (int, error) {
		if i == 1 {
			return 0, odd
		}
		return i, nil
	}, func(i int, _ int, err error) {
		told[i] = err
		if i == 2 {
			stop(odd)
		}
	})
	if len(told) != 3 || told[0] != nil || !errors.Is(told[1], odd) || told[2] != nil {
		t.Errorf("told %v", told)
	}
	if !errors.Is(errs[3], fetchers.ErrNotStarted) || !errors.Is(errs[3], odd) {
		t.Errorf("errors %v", errs)
	}
}

// A done that panics holds up nobody: the lock is free again, and the caller hears of it.
func TestEachPassesOnAPanicOfDone(t *testing.T) {
	boom := errors.New("boom")
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, boom) {
			t.Errorf("recovered %v, want %v", err, boom)
		}
	}()
	one := func(context.Context, int) (int, error) { return 1, nil }
	fetchers.Each(t.Context(), fetchers.Goroutines{}, []int{0, 1, 2}, one, func(int, int, error) { panic(boom) })
}
