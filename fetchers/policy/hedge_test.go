package policy

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

const ms = time.Millisecond

// TestHedge has every way in which two attempts can end. The hedge is due after 50 ms.
func TestHedge(t *testing.T) {
	failed := func(after time.Duration) answer { return status(after, client.ClassHTTP5xx, 502) }
	for _, c := range []struct {
		name             string
		first, second    answer
		class            client.Class
		status           int
		attempts, wasted int
		took             time.Duration
		cancelled        int
	}{
		{"the first is fast", ok(49 * ms), ok(0), client.ClassOK, 200, 1, 0, 49 * ms, 0},
		{"the first wins after all", ok(60 * ms), ok(20 * ms), client.ClassOK, 200, 2, 1, 60 * ms, 1},
		{"the second wins", ok(time.Hour), ok(20 * ms), client.ClassOK, 200, 2, 1, 70 * ms, 1},
		{"the first fails before the hedge", unavailable(10 * ms), ok(0), client.ClassHTTP5xx, 503, 1, 0, 10 * ms, 0},
		{"the first fails after the hedge", unavailable(60 * ms), ok(100 * ms), client.ClassOK, 200, 2, 1, 150 * ms, 0},
		{"the second fails fast", ok(time.Second), failed(0), client.ClassOK, 200, 2, 1, time.Second, 0},
		{"both fail, the first last", unavailable(time.Second), failed(0), client.ClassHTTP5xx, 503, 2, 1, time.Second, 0},
		{"both fail, the second last", unavailable(60 * ms), failed(60 * ms), client.ClassHTTP5xx, 502, 2, 1, 110 * ms, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				f := newFake(c.first, c.second)
				start := time.Now()
				o := Hedge{Delay: 50 * ms}.Wrap(f.fetch)(t.Context(), get("a"))
				took(t, start, c.took)
				want(t, o, c.class, c.attempts, c.wasted)
				if o.Status != c.status {
					t.Errorf("status is %d, want %d", o.Status, c.status)
				}
				if len(f.causes) != c.cancelled {
					t.Errorf("%d attempts were cancelled, want %d", len(f.causes), c.cancelled)
				}
				for _, cause := range f.causes {
					if !errors.Is(cause, context.Canceled) {
						t.Errorf("the loser was ended by %v, want %v", cause, context.Canceled)
					}
				}
			})
		})
	}
}

// TestTheLoserIsAwaited: a loser that takes a second to notice its cancel is on the
// wire for that second, and its attempt is counted.
func TestTheLoserIsAwaited(t *testing.T) {
	virtual(t, func(t *testing.T) {
		var calls atomic.Int32
		fetch := Hedge{Delay: 50 * ms}.Wrap(func(ctx context.Context, _ client.Request) client.Outcome {
			if calls.Add(1) == 2 {
				return ok(0).outcome
			}
			<-ctx.Done()
			time.Sleep(time.Second)
			return client.Outcome{Class: client.ClassCancelled, Err: ctx.Err(), Attempts: 3}
		})
		start := time.Now()
		want(t, fetch(t.Context(), get("a")), client.ClassOK, 4, 3)
		took(t, start, 50*ms+time.Second)
	})
}

// TestAPanicEndsBothAttempts, whichever of them panics and however slow the other is
// to notice.
func TestAPanicEndsBothAttempts(t *testing.T) {
	for culprit := 1; culprit <= 2; culprit++ {
		virtual(t, func(t *testing.T) {
			var attempts, ended atomic.Int32
			fetch := Hedge{Delay: 50 * ms}.Wrap(func(ctx context.Context, _ client.Request) client.Outcome {
				if int(attempts.Add(1)) == culprit {
					time.Sleep(100 * ms)
					panic("boom")
				}
				<-ctx.Done()
				time.Sleep(time.Second)
				ended.Add(1)
				return client.Outcome{}
			})
			if panicOf(func() { fetch(t.Context(), get("a")) }, nil) == nil {
				t.Errorf("attempt %d panicked and the caller got an answer", culprit)
			}
			if attempts.Load() != 2 || ended.Load() != 1 {
				t.Errorf("%d attempts were made, %d had ended", attempts.Load(), ended.Load())
			}
		})
	}
}

// TestACancelEndsBothAttempts.
func TestACancelEndsBothAttempts(t *testing.T) {
	virtual(t, func(t *testing.T) {
		f := newFake(ok(time.Hour))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(60*ms, cancel)
		start := time.Now()
		want(t, Hedge{Delay: 50 * ms}.Wrap(f.fetch)(ctx, get("a")), client.ClassCancelled, 2, 1)
		took(t, start, 60*ms)
	})
}

// TestQuantileDelayIsLearnt: nothing is hedged while fewer than ten successes are
// known; of ten that took 10, 20, ... 100 ms the 0.9 quantile is 90 ms.
func TestQuantileDelayIsLearnt(t *testing.T) {
	virtual(t, func(t *testing.T) {
		f := newFake(unavailable(ms)) // a failure is fast, and no latency to learn from
		for i := range 10 {
			f.answers = append(f.answers, ok(time.Duration(i+1)*10*ms))
		}
		f.answers = append(f.answers, ok(time.Hour), ok(5*ms))
		fetch := Hedge{Quantile: 0.9}.Wrap(f.fetch)
		want(t, fetch(t.Context(), get("a")), client.ClassHTTP5xx, 1, 0)
		for range 10 {
			want(t, fetch(t.Context(), get("a")), client.ClassOK, 1, 0)
		}
		start := time.Now()
		want(t, fetch(t.Context(), get("a")), client.ClassOK, 2, 1)
		took(t, start, 95*ms)
	})
}

// TestDelayCountsUntilTheQuantileIsKnown.
func TestDelayCountsUntilTheQuantileIsKnown(t *testing.T) {
	virtual(t, func(t *testing.T) {
		f := newFake(ok(time.Hour), ok(5*ms))
		fetch := Hedge{Delay: 50 * ms, Quantile: 0.9}.Wrap(f.fetch)
		start := time.Now()
		want(t, fetch(t.Context(), get("a")), client.ClassOK, 2, 1)
		took(t, start, 55*ms)
	})
}

// TestHedgesDoNotBreedHedges: every tenth first attempt takes ten times as long. With
// the 0.9 quantile no more than about a tenth is hedged, in the last hundred requests
// as in the first; if hedged successes counted with the short time of their second
// attempt, the quantile would sink below the others and more would be hedged.
func TestHedgesDoNotBreedHedges(t *testing.T) {
	virtual(t, func(t *testing.T) {
		var calls sync.Map // of the IDs that were fetched
		fetch := Hedge{Quantile: 0.9}.Wrap(func(ctx context.Context, r client.Request) client.Outcome {
			var number int
			fmt.Sscan(r.ID, &number)
			_, again := calls.LoadOrStore(r.ID, true)
			after := time.Duration(100+number*7%10) * ms // 100 to 109 ms, the last one slow
			if number%10 == 7 && !again {
				after *= 10
			}
			return newFake(ok(after)).fetch(ctx, r)
		})
		hedges := [10]int{}
		for i := range 1000 {
			if o := fetch(t.Context(), get(fmt.Sprint(i))); o.Wasted > 0 {
				hedges[i/100]++
			}
		}
		for i, n := range hedges[1:] {
			if n > 20 {
				t.Errorf("%d of the requests from %d on were hedged, want about a tenth: %v", n, 100*(i+1), hedges)
			}
		}
	})
}
