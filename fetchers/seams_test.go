package fetchers_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/fetchers"
)

// Three calls with one slot wait a second each and then work for 10 ms. With a slot
// that is lent they wait together and work in turn, 1.03 s; with one that is not,
// 3.03 s. Either way no two of them work at once.
func TestParkLendsTheSlot(t *testing.T) {
	for _, c := range []struct {
		strategy fetchers.Strategy
		want     time.Duration
	}{
		{fetchers.Adaptive{Start: 1, Most: 1}, 1030 * time.Millisecond},
		{fetchers.Pool{Workers: 1}, 3030 * time.Millisecond},
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			var working atomic.Int32
			_ = c.strategy.Run(t.Context(), 3, func(ctx context.Context, _ int) error {
				fetchers.Park(ctx, func() { time.Sleep(time.Second) })
				if working.Add(1) > 1 {
					t.Errorf("%T: two calls at once", c.strategy)
				}
				time.Sleep(10 * time.Millisecond)
				working.Add(-1)
				return nil
			})
			if got := time.Since(start); got != c.want {
				t.Errorf("%T took %v, want exactly %v", c.strategy, got, c.want)
			}
		})
	}
}

// One slot. Calls 0 to 4 park for 15 ms, the others take 10 ms each: 5 has the slot
// from 0 on and 6 from 10 ms on. When that ends at 20 ms the slot goes to the five in
// any order, and only then to the calls that have not begun.
func TestParkedCallsGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order []int
		_ = fetchers.Adaptive{Start: 1, Most: 1}.Run(t.Context(), 10, func(ctx context.Context, i int) error {
			if i < 5 {
				fetchers.Park(ctx, func() { time.Sleep(15 * time.Millisecond) })
			}
			order = append(order, i) // one at a time: the race detector looks
			time.Sleep(10 * time.Millisecond)
			return nil
		})
		slices.Sort(order[2:7])
		if want := []int{5, 6, 0, 1, 2, 3, 4, 7, 8, 9}; !slices.Equal(order, want) {
			t.Errorf("the calls went on in the order %v, want %v", order, want)
		}
	})
}

// Two slots. Call 0 parks for 15 ms, and 1 and 2 take 20 ms. At 20 ms one of their
// slots is call 0's again; the other goes to call 3 at once, and not only when call 0
// ends.
func TestParkedCallsHoldUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		_ = fetchers.Adaptive{Start: 2, Most: 2}.Run(t.Context(), 4, func(ctx context.Context, i int) error {
			switch i {
			case 0:
				fetchers.Park(ctx, func() { time.Sleep(15 * time.Millisecond) })
				time.Sleep(time.Second)
			case 3:
				if begun := time.Since(start); begun != 20*time.Millisecond {
					t.Errorf("call 3 began at %v, want 20ms", begun)
				}
			default:
				time.Sleep(20 * time.Millisecond)
			}
			return nil
		})
	})
}

// Two attempts of call 0 side by side give its slot back once, not twice, and take it
// once. The eight others of a second each have two slots from 0 on, as call 0 ends
// when it is no longer parked: four seconds, and never three at once.
func TestParkGivesNoSlotTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var working atomic.Int32
		_ = fetchers.Adaptive{Start: 2, Most: 2}.Run(t.Context(), 9, func(ctx context.Context, i int) error {
			if i == 0 {
				var attempts sync.WaitGroup
				for range 2 {
					attempts.Go(func() {
						fetchers.Park(ctx, func() { time.Sleep(time.Second) })
					})
				}
				attempts.Wait()
				return nil
			}
			if now := working.Add(1); now > 2 {
				t.Errorf("%d calls at once, the limit is 2", now)
			}
			time.Sleep(time.Second)
			working.Add(-1)
			return nil
		})
		if took := time.Since(start); took != 4*time.Second {
			t.Errorf("the run took %v, want 4s", took)
		}
	})
}

// The time that a call is parked, which is not the upstream's, is no latency: with
// it the second round trip would look like a queue and end the doubling.
func TestParkedTimeIsNoLatency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := found(t, fetchers.Adaptive{}, 70, func(ctx context.Context, i int) error {
			if i >= 10 {
				fetchers.Park(ctx, func() { time.Sleep(time.Second) })
			}
			time.Sleep(20 * time.Millisecond)
			return nil
		})
		if want := []int{10, 20, 40}; len(limits) < 3 || !slices.Equal(limits[:3], want) {
			t.Errorf("limits %v, want %v first", limits, want)
		}
	})
}

// A policy that tries again hides a refusal behind a success; Heed shows it.
func TestHeedShowsWhatAPolicyHides(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want []int
	}{
		{"refused", refusal(0), []int{10, 5}},
		{"another error", errors.New("reset"), []int{10}},
		{"none", nil, []int{10}},
	} {
		synctest.Test(t, func(t *testing.T) {
			limits := found(t, fetchers.Adaptive{}, 10, func(ctx context.Context, i int) error {
				if i == 7 {
					fetchers.Heed(ctx, c.err)
				}
				time.Sleep(20 * time.Millisecond)
				return nil
			})
			if !slices.Equal(limits, c.want) {
				t.Errorf("%s: limits %v, want %v", c.name, limits, c.want)
			}
		})
	}
}

// Each attempt that is heeded begins another one. Call 1 is refused at 0, which cuts.
// The first attempt of call 0 began before and cuts no further; the second, begun at
// 10 ms, is refused at 20 ms and does.
func TestHeedBeginsAnotherAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := found(t, fetchers.Adaptive{}, 10, func(ctx context.Context, i int) error {
			switch i {
			case 0:
				time.Sleep(10 * time.Millisecond)
				fetchers.Heed(ctx, refusal(0))
				time.Sleep(10 * time.Millisecond)
				fetchers.Heed(ctx, refusal(0))
			case 1:
				fetchers.Heed(ctx, refusal(0))
			}
			return nil
		})
		if want := []int{10, 5, 2}; !slices.Equal(limits, want) {
			t.Errorf("limits %v, want %v", limits, want)
		}
	})
}

// A context of nobody's makes no difference: Park waits, Heed does nothing.
func TestSeamsWithoutAStrategy(t *testing.T) {
	waited := false
	fetchers.Heed(t.Context(), refusal(0))
	fetchers.Park(t.Context(), func() { waited = true })
	if !waited {
		t.Error("Park did not wait")
	}
}
