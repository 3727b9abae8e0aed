package fetchers_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/fetchers"
)

// An upstream is what a call goes to, in virtual time.
type upstream struct {
	slots   chan struct{} // nil for one without a bound
	latency time.Duration

	mu     sync.Mutex
	tokens float64 // of a quota a second, 0 for none
	quota  float64
	filled time.Time
}

// refusal is a 429.
type refusal time.Duration

func (refusal) Error() string               { return "too many requests" }
func (refusal) Overloaded() bool            { return true }
func (r refusal) RetryAfter() time.Duration { return time.Duration(r) }

// call waits for one of the slots and holds it for the latency, or is refused.
func (u *upstream) call(context.Context, int) error {
	if !u.admit() {
		time.Sleep(u.latency / 10)
		return refusal(0)
	}
	if u.slots != nil {
		u.slots <- struct{}{}
		defer func() { <-u.slots }()
	}
	time.Sleep(u.latency)
	return nil
}

// admit takes a token out of a bucket of twenty.
func (u *upstream) admit() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.quota == 0 {
		return true
	}
	now := time.Now()
	u.tokens = min(20, u.tokens+u.quota*now.Sub(u.filled).Seconds())
	u.filled = now
	if u.tokens < 1 {
		return false
	}
	u.tokens--
	return true
}

// found runs n calls and returns the limits that were told, in order.
func found(t *testing.T, a fetchers.Adaptive, n int, call fetchers.Call) []int {
	var limits []int
	s := a.Reporting(fetchers.Notes{Limit: func(limit int) { limits = append(limits, limit) }})
	if err := s.Run(t.Context(), n, call); err != nil {
		t.Error(err)
	}
	return limits
}

// The limit on 16 slots of 20 ms is to be 29 by the law's formula, or less where the
// median turns from 20 to 40 ms, but no slot may idle; the way there leads over 40.
func TestAdaptiveSettlesNearTheCapacity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{latency: 20 * time.Millisecond, slots: make(chan struct{}, 16)}
		start := time.Now()
		limits := found(t, fetchers.Adaptive{}, 2000, u.call)
		if got := limits[:3]; !slices.Equal(got, []int{10, 20, 40}) {
			t.Errorf("the run began with the limits %v, want 10, 20, 40", got)
		}
		if settled := limits[len(limits)/2:]; slices.Min(settled) < 16 || slices.Max(settled) > 34 {
			t.Errorf("the second half of the limits is %v, want 16 to 34", settled)
		}
		// 2000 calls on 16 slots take 2.5 s at best, plus a round trip with ten.
		if got := time.Since(start); got > 2560*time.Millisecond {
			t.Errorf("the run took %v, want 2.5 s and at most three round trips", got)
		}
	})
}

// A long tail (log-normal, sigma 1) must not make the limit sink: a run takes at
// most a tenth longer than that of a pool of the right size.
func TestAdaptiveStandsALongTail(t *testing.T) {
	for seed := range uint64(4) {
		took := func(s fetchers.Strategy) (took time.Duration) {
			synctest.Test(t, func(t *testing.T) {
				random, slots := rand.New(rand.NewPCG(seed, 2)), make(chan struct{}, 16)
				latencies := make([]time.Duration, 3000)
				for i := range latencies {
					latencies[i] = time.Duration(20e6 * math.Exp(random.NormFloat64()))
				}
				start := time.Now()
				_ = s.Run(t.Context(), len(latencies), func(_ context.Context, i int) error {
					slots <- struct{}{}
					time.Sleep(latencies[i])
					<-slots
					return nil
				})
				took = time.Since(start)
			})
			return took
		}
		if got, best := took(fetchers.Adaptive{}), took(fetchers.Pool{Workers: 16}); got > best*11/10 {
			t.Errorf("seed %d: %v, and %v with the right size", seed, got, best)
		}
	}
}

func TestAdaptiveGrowsOnAnUpstreamWithoutABound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{latency: 20 * time.Millisecond}
		limits := found(t, fetchers.Adaptive{}, 2000, u.call)
		for i, limit := range limits {
			if want := min(10<<i, 1000); limit != want {
				t.Errorf("limit %d is %d, want %d", i, limit, want)
			}
		}
		// 10 + 20 + ... + 640 calls are 1270, so the rest is begun with 640 slots.
		if last := limits[len(limits)-1]; last < 640 {
			t.Errorf("the last limit is %d, want at least 640", last)
		}
	})
}

// A quota of 400 a second with calls of 30 ms is 12 in flight. Sixteen asked at once
// leave it a bucket of twenty, so the limit may climb a little above.
func TestAdaptiveComesDownOnRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstream{latency: 30 * time.Millisecond, quota: 400, filled: time.Now()}
		var refused atomic.Int32
		limits := found(t, fetchers.Adaptive{Start: 100}, 2000, func(ctx context.Context, i int) error {
			err := u.call(ctx, i)
			if err != nil {
				refused.Add(1)
			}
			return err
		})
		if limits[0] != 100 {
			t.Errorf("the run began with a limit of %d, want 100", limits[0])
		}
		if settled := limits[len(limits)/2:]; slices.Max(settled) > 18 || slices.Min(settled) < 5 {
			t.Errorf("the second half of the limits is %v, want 5 to 18", settled)
		}
		// The first hundred are refused but for a bucket; then two at each turn.
		if got := refused.Load(); got > 160 {
			t.Errorf("%d of 2000 calls were refused, want at most 160", got)
		}
	})
}

// Four calls begin at 0. The first is refused at 1 ms with a pause of 3 s. Nothing
// begins before 3.001 s, neither in its slot nor when the others end at 20 ms.
func TestAdaptivePausesForAsLongAsItIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var mu sync.Mutex
		var begun []time.Duration
		_ = fetchers.Adaptive{Start: 4}.Run(t.Context(), 6, func(_ context.Context, i int) error {
			mu.Lock()
			begun = append(begun, time.Since(start))
			mu.Unlock()
			if i == 0 {
				time.Sleep(time.Millisecond)
				return fmt.Errorf("call %d: %w", i, refusal(3*time.Second))
			}
			time.Sleep(20 * time.Millisecond)
			return nil
		})
		const then = 3001 * time.Millisecond
		if want := []time.Duration{0, 0, 0, 0, then, then}; !slices.Equal(begun, want) {
			t.Errorf("calls begun at %v, want %v", begun, want)
		}
	})
}

// A pause of an hour is over when the run is, and so is the wait for a slot after it.
func TestAdaptiveStopsInAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		ctx, stop := context.WithCancelCause(t.Context())
		enough := errors.New("enough")
		time.AfterFunc(time.Second, func() { stop(enough) })
		err := fetchers.Adaptive{}.Run(ctx, 30, func(ctx context.Context, i int) error {
			if i == 0 {
				return refusal(time.Hour)
			}
			time.Sleep(time.Millisecond) // the first ten only: the pause is on
			fetchers.Park(ctx, func() { time.Sleep(time.Millisecond) })
			return ctx.Err()
		})
		if took := time.Since(start); !errors.Is(err, enough) || took != time.Second {
			t.Errorf("Run returned %v after %v, want %v after 1s", err, took, enough)
		}
	})
}

// Calls that end because the run does say nothing of the upstream: ten that return
// at the cancel would be a quiet round.
func TestAdaptiveLearnsNothingFromACancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		var limits []int
		s := fetchers.Adaptive{}.Reporting(fetchers.Notes{Limit: func(limit int) { limits = append(limits, limit) }})
		err := s.Run(ctx, 50, func(ctx context.Context, _ int) error {
			<-ctx.Done()
			return nil
		})
		if !errors.Is(err, context.DeadlineExceeded) || !slices.Equal(limits, []int{10}) {
			t.Errorf("Run returned %v and told the limits %v, want a deadline and 10", err, limits)
		}
	})
}
