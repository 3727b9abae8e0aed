package fetchers_test

import (
	"context"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/fetchertest"
)

// Every strategy keeps the whole contract in virtual time, without a size, with one
// that matters and with one beyond any batch.
func TestStrategiesConform(t *testing.T) {
	host := func(i int) string { return strconv.Itoa(i % 3) }
	for name, s := range map[string]fetchers.Strategy{
		"goroutines":     fetchers.Goroutines{},
		"errgroup zero":  fetchers.ErrGroup{},
		"errgroup 8":     fetchers.ErrGroup{Slots: 8},
		"errgroup 1000":  fetchers.ErrGroup{Slots: 1000},
		"semaphore zero": fetchers.Semaphore{},
		"semaphore 8":    fetchers.Semaphore{Slots: 8},
		"semaphore 1000": fetchers.Semaphore{Slots: 1000},
		"channel zero":   fetchers.Channel{},
		"channel 8":      fetchers.Channel{Workers: 8},
		"channel 1000":   fetchers.Channel{Workers: 1000},
		"waves zero":     fetchers.Waves{},
		"waves 8":        fetchers.Waves{Size: 8},
		"waves 1000":     fetchers.Waves{Size: 1000},
		"perhost zero":   fetchers.PerHost{},
		"perhost 2":      fetchers.PerHost{Calls: 2, Key: host},
		"perhost 1000":   fetchers.PerHost{Calls: 1000, Key: host},
		"adaptive":       fetchers.Adaptive{},
		"adaptive 1":     fetchers.Adaptive{Start: 1, Most: 1},
		"adaptive 2..16": fetchers.Adaptive{Start: 2, Most: 16},
	} {
		t.Run(name, func(t *testing.T) { fetchertest.Conform(t, s) })
	}
}

// The bounded strategies that give each free slot the next call are one schedule,
// that of Pool; waves are not.
//
// The calls take 40, 10, 10, 10, 40, 10, 10, 10 ms and there are two slots. In order
// as slots become free: one has 40, then the 5th to 8th fill up; the other has 10 10
// 10 and at 30 ms the 40 of the 5th, until 70. The first takes 10 10 10 from 40 on,
// also until 70. Waves of two take 40, 10, 40, 10 = 100 ms.
func TestGreedyStrategiesAreOneSchedule(t *testing.T) {
	for _, c := range []struct {
		strategy fetchers.Strategy
		want     time.Duration
	}{
		{fetchers.Pool{Workers: 2}, 70 * time.Millisecond},
		{fetchers.ErrGroup{Slots: 2}, 70 * time.Millisecond},
		{fetchers.Semaphore{Slots: 2}, 70 * time.Millisecond},
		{fetchers.Channel{Workers: 2}, 70 * time.Millisecond},
		{fetchers.PerHost{Calls: 2}, 70 * time.Millisecond},
		{fetchers.Adaptive{Start: 2, Most: 2}, 70 * time.Millisecond},
		{fetchers.Waves{Size: 2}, 100 * time.Millisecond},
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			err := c.strategy.Run(t.Context(), 8, func(_ context.Context, i int) error {
				if i%4 == 0 {
					time.Sleep(40 * time.Millisecond)
				} else {
					time.Sleep(10 * time.Millisecond)
				}
				return nil
			})
			if got := time.Since(start); got != c.want || err != nil {
				t.Errorf("%T took %v, error %v; want exactly %v", c.strategy, got, err, c.want)
			}
		})
	}
}

// A pool that loses a call must not look like a run that made all of them.
func TestGuardReportsCallsThatAPoolLost(t *testing.T) {
	run := fetchers.NewGuard(3, func(context.Context, int) error { return nil })
	for i := range 2 {
		if err := run.Call(t.Context(), i); err != nil {
			t.Fatal(err)
		}
	}
	if err := run.End(t.Context()); err == nil || err.Error() != "make 3 calls: 1 were never made" {
		t.Errorf("End returned %v after two of three calls", err)
	}
}

// The first call that fails to keep to itself stops the run: what a pool still has
// in its queue is not made.
func TestGuardMakesNothingAfterAPanic(t *testing.T) {
	made := 0
	run := fetchers.NewGuard(2, func(context.Context, int) error {
		made++
		panic("boom")
	})
	_ = run.Call(t.Context(), 0)
	_ = run.Call(t.Context(), 1)
	defer func() {
		if p, ok := recover().(*fetchers.Panic); !ok || p.Value != "boom" || made != 1 {
			t.Errorf("End panicked with %v after %d calls, want boom after 1", p, made)
		}
	}()
	_ = run.End(t.Context())
}
