package policy

import (
	"context"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// TestLimitSpacesAttempts: ten a second are one each 100 ms, the first at once, and
// time that nobody used is not saved up for a burst.
func TestLimitSpacesAttempts(t *testing.T) {
	virtual(t, func(t *testing.T) {
		f := newFake(ok(time.Hour))
		fetch := Limit{PerSecond: 10}.Wrap(f.fetch)
		var calls sync.WaitGroup
		ctx, cancel := context.WithCancel(t.Context())
		for _, at := range []time.Duration{0, 0, 0, 5 * time.Second, 5 * time.Second} {
			calls.Go(func() {
				time.Sleep(at)
				fetch(ctx, get("a"))
			})
		}
		time.Sleep(time.Minute)
		cancel()
		calls.Wait()
		want := []time.Duration{0, 100 * ms, 200 * ms, 5000 * ms, 5100 * ms}
		if got := f.seen(); !slices.Equal(got, want) {
			t.Errorf("attempts started at %v, want %v", got, want)
		}
	})
}

// TestLimitCountsRetriesAndHedges: it is inside of both.
func TestLimitCountsRetriesAndHedges(t *testing.T) {
	virtual(t, func(t *testing.T) {
		f := newFake(unavailable(0), ok(time.Hour), ok(0))
		fetch := Chain([]Policy{Limit{PerSecond: 1}, Hedge{Delay: 2500 * ms}, Retry{Base: ms}}, f.fetch)
		want(t, fetch(t.Context(), get("a")), client.ClassOK, 3, 2)
		starts := f.seen()
		// The hedge is due 2.5 s after the retry began, a few ms into the first second.
		if len(starts) != 3 || starts[1] != time.Second || starts[2] < 2500*ms || starts[2] > 2501*ms {
			t.Errorf("attempts started at %v, want 0s, 1s and 2.5s", starts)
		}
	})
}

// TestATurnBeyondTheDeadlineIsLeftToOthers: two requests whose deadlines come before
// their turns end as timeouts, unsent, and hold up nobody behind them.
func TestATurnBeyondTheDeadlineIsLeftToOthers(t *testing.T) {
	virtual(t, func(t *testing.T) {
		f := newFake(ok(0))
		fetch := Limit{PerSecond: 1}.Wrap(f.fetch)
		fetch(t.Context(), get("a"))
		var calls sync.WaitGroup
		for range 2 {
			calls.Go(func() {
				ctx, cancel := context.WithTimeoutCause(t.Context(), 500*ms, client.ErrTimeout)
				defer cancel()
				start := time.Now()
				o := fetch(ctx, get("b"))
				want(t, o, client.ClassTimeout, 0, 0)
				if o.Phase != "" {
					t.Errorf("the timeout struck in phase %q, but there was no exchange", o.Phase)
				}
				took(t, start, 500*ms)
			})
		}
		time.Sleep(ms)
		want(t, fetch(t.Context(), get("c")), client.ClassOK, 1, 0)
		calls.Wait()
		want(t, fetch(t.Context(), get("d")), client.ClassOK, 1, 0)
		if got := f.seen(); !slices.Equal(got, []time.Duration{0, time.Second, 2 * time.Second}) {
			t.Errorf("attempts started at %v, want 0s, 1s and 2s", got)
		}
	})
}

// TestATurnIsLeftOnce: those who could not wait for it leave no turn of their own.
func TestATurnIsLeftOnce(t *testing.T) {
	virtual(t, func(t *testing.T) {
		f := newFake(ok(0))
		fetch := Limit{PerSecond: 0.01}.Wrap(f.fetch)
		fetch(t.Context(), get("a"))
		for range 10 {
			ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, client.ErrTimeout)
			want(t, fetch(ctx, get("b")), client.ClassTimeout, 0, 0)
			cancel()
		}
		fetch(t.Context(), get("c"))
		if got := f.seen(); len(got) != 2 || got[1].Round(ms) != 100*time.Second {
			t.Errorf("attempts started at %v, want 0s and 100s", got)
		}
	})
}

// TestACancelledTurnIsLeftToOthers.
func TestACancelledTurnIsLeftToOthers(t *testing.T) {
	virtual(t, func(t *testing.T) {
		f := newFake(ok(0))
		fetch := Limit{PerSecond: 1}.Wrap(f.fetch)
		fetch(t.Context(), get("a"))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(100*ms, cancel)
		want(t, fetch(ctx, get("b")), client.ClassCancelled, 0, 0)
		want(t, fetch(t.Context(), get("c")), client.ClassOK, 1, 0)
		if got := f.seen(); !slices.Equal(got, []time.Duration{0, time.Second}) {
			t.Errorf("attempts started at %v, want 0s and 1s", got)
		}
	})
}

// TestNoLimit lets a thousand go at once.
func TestNoLimit(t *testing.T) {
	for _, rate := range []float64{0, -1, math.Inf(1), math.NaN()} {
		virtual(t, func(t *testing.T) {
			f := newFake(ok(0))
			fetch := Limit{PerSecond: rate}.Wrap(f.fetch)
			for range 1000 {
				fetch(t.Context(), get("a"))
			}
			if starts := f.seen(); starts[999] != 0 {
				t.Errorf("at %v a second the thousandth started after %v", rate, starts[999])
			}
		})
	}
}
