package policy

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// TestRetryMakesNRetriesAfterTheFirstTry: three retries are four attempts.
func TestRetryMakesNRetriesAfterTheFirstTry(t *testing.T) {
	virtual(t, func(t *testing.T) {
		f := newFake(unavailable(0))
		want(t, Retry{Retries: 3}.Wrap(f.fetch)(t.Context(), get("a")), client.ClassHTTP5xx, 4, 3)
		f = newFake(unavailable(0), unavailable(0), ok(0))
		want(t, Retry{Retries: 3}.Wrap(f.fetch)(t.Context(), get("a")), client.ClassOK, 3, 2)
		f = newFake(unavailable(0), ok(0))
		want(t, Retry{Retries: -1}.Wrap(f.fetch)(t.Context(), get("a")), client.ClassHTTP5xx, 1, 0)
	})
}

// TestRetryableClasses has every class of the vocabulary, so that a new one has to be
// decided about here.
func TestRetryableClasses(t *testing.T) {
	retried := []client.Class{
		client.ClassTimeout, client.ClassRefused, client.ClassReset, client.ClassEOF, client.ClassTruncated,
		client.ClassH2, client.ClassHTTP429, client.ClassDNSTimeout, client.ClassDNSError,
	}
	virtual(t, func(t *testing.T) {
		for _, class := range client.Classes() {
			f := newFake(answer{0, client.Outcome{Class: class, Attempts: 1, Err: errors.New("why")}})
			Retry{Retries: 1}.Wrap(f.fetch)(t.Context(), get("a"))
			if got := len(f.seen()) == 2; got != slices.Contains(retried, class) {
				t.Errorf("after %s: retried is %v", class, got)
			}
		}
		for code := 500; code < 600; code++ {
			f := newFake(status(0, client.ClassHTTP5xx, code))
			Retry{Retries: 1}.Wrap(f.fetch)(t.Context(), get("a"))
			if got := len(f.seen()) == 2; got != slices.Contains([]int{500, 502, 503, 504}, code) {
				t.Errorf("after %d: retried is %v", code, got)
			}
		}
	})
}

// TestOnlyIdempotentRequestsAreSentTwice asks retry and hedge alike.
func TestOnlyIdempotentRequestsAreSentTwice(t *testing.T) {
	for _, c := range []struct {
		method string
		header map[string][]string
		want   bool
	}{
		{"", nil, true},
		{"GET", nil, true},
		{"HEAD", nil, true},
		{"OPTIONS", nil, true},
		{"TRACE", nil, true},
		{"PUT", nil, true},
		{"DELETE", nil, true},
		{"POST", nil, false},
		{"PATCH", nil, false},
		{"get", nil, false}, // methods have case
		{"POST", map[string][]string{"Idempotency-Key": {"k"}}, true},
		{"POST", map[string][]string{"idempotency-key": {"k"}}, true},
		{"POST", map[string][]string{"Idempotency-Key": {""}}, false},
		{"POST", map[string][]string{"Idempotency-Key": nil}, false},
		{"POST", map[string][]string{"Other": {"k"}}, false},
	} {
		t.Run(fmt.Sprint(c.method, c.header), func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				r := client.Request{Method: c.method, URL: "http://upstream.test/", Header: c.header}
				if Idempotent(r) != c.want {
					t.Errorf("idempotent is %v, want %v", !c.want, c.want)
				}
				for _, p := range []Policy{Retry{Retries: 1}, Hedge{Delay: time.Second}} {
					f := newFake(unavailable(2 * time.Second))
					p.Wrap(f.fetch)(t.Context(), r)
					if got := len(f.seen()) == 2; got != c.want {
						t.Errorf("%T: sent again is %v, want %v", p, got, c.want)
					}
				}
			})
		})
	}
}

// waits returns the waits of the retries of a request with some ID.
func waits(ctx context.Context, p Retry, id string) []time.Duration {
	f := newFake(unavailable(0))
	p.Wrap(f.fetch)(ctx, client.Request{ID: id, URL: "http://upstream.test/"})
	starts := f.seen()
	for i := len(starts) - 1; i > 0; i-- {
		starts[i] -= starts[i-1]
	}
	return starts[1:]
}

// TestWaitsAreDrawnFromTheSeed: the same twice for the same seed and ID, others for
// another of either, and for each retry.
func TestWaitsAreDrawnFromTheSeed(t *testing.T) {
	virtual(t, func(t *testing.T) {
		p := Retry{Retries: 6, Seed: 1}
		first := waits(t.Context(), p, "a")
		if again := waits(t.Context(), p, "a"); !slices.Equal(first, again) {
			t.Errorf("waits were %v, then %v", first, again)
		}
		if slices.Equal(first, waits(t.Context(), p, "b")) {
			t.Error("another request has the same waits")
		}
		p.Seed = 2
		if slices.Equal(first, waits(t.Context(), p, "a")) {
			t.Error("another seed has the same waits")
		}
		p = Retry{Retries: 2, Base: time.Second, Most: time.Second}
		if w := waits(t.Context(), p, "a"); w[0] == w[1] {
			t.Errorf("both retries wait %v", w[0])
		}
	})
}

// TestWaitsAreUniform draws those of 2000 requests. Retry n waits between 0 and
// min(4 s, 1 s·2ⁿ⁻¹), half of that on average; the mean of 2000 uniform draws is off by
// more than a twentieth of the range only beyond 7 standard errors (0.29/√2000).
func TestWaitsAreUniform(t *testing.T) {
	virtual(t, func(t *testing.T) {
		p := Retry{Retries: 4, Base: time.Second, Most: 4 * time.Second}
		bounds := []time.Duration{1 * time.Second, 2 * time.Second, 4 * time.Second, 4 * time.Second}
		sums, least, most := [4]time.Duration{}, [4]time.Duration{}, [4]time.Duration{}
		const requests = 2000
		for i := range requests {
			for n, wait := range waits(t.Context(), p, fmt.Sprint(i)) {
				if i == 0 {
					least[n] = wait
				}
				sums[n], least[n], most[n] = sums[n]+wait, min(least[n], wait), max(most[n], wait)
			}
		}
		for n, bound := range bounds {
			if most[n] > bound || most[n] < bound*99/100 || least[n] > bound/100 {
				t.Errorf("retry %d waits between %v and %v, want all up to %v", n+1, least[n], most[n], bound)
			}
			if mean := sums[n] / requests; mean < bound*45/100 || mean > bound*55/100 {
				t.Errorf("retry %d waits %v on average, want half of %v", n+1, mean, bound)
			}
		}
	})
}

// TestMostBoundsTheFirstWaitToo, because the library bounds only those after it.
func TestMostBoundsTheFirstWaitToo(t *testing.T) {
	virtual(t, func(t *testing.T) {
		p := Retry{Retries: 1, Base: time.Hour, Most: time.Second}
		for i := range 50 {
			if wait := waits(t.Context(), p, fmt.Sprint(i))[0]; wait > time.Second {
				t.Errorf("waited %v, want at most 1s", wait)
			}
		}
	})
}

// TestRetryAfterIsHonoured waits as long as asked and at most Base more.
func TestRetryAfterIsHonoured(t *testing.T) {
	virtual(t, func(t *testing.T) {
		asked := status(0, client.ClassHTTP429, 429)
		asked.outcome.RetryAfter = 30 * time.Second
		f := newFake(asked, ok(0))
		o := Retry{Base: time.Second}.Wrap(f.fetch)(t.Context(), get("a"))
		want(t, o, client.ClassOK, 2, 1)
		if wait := f.seen()[1]; wait < 30*time.Second || wait > 31*time.Second {
			t.Errorf("waited %v, want between 30s and 31s", wait)
		}
		if o.RetryAfter != 0 {
			t.Error("the last answer asked for no wait, the outcome says it did")
		}
	})
}

// TestAWaitBeyondTheDeadlineIsNotBegun: the answer there is comes back at once.
func TestAWaitBeyondTheDeadlineIsNotBegun(t *testing.T) {
	for _, after := range []time.Duration{time.Minute, math.MaxInt64} {
		virtual(t, func(t *testing.T) {
			asked := status(0, client.ClassHTTP429, 429)
			asked.outcome.RetryAfter = after
			f := newFake(asked)
			ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, client.ErrTimeout)
			defer cancel()
			start := time.Now()
			o := Retry{}.Wrap(f.fetch)(ctx, get("a"))
			want(t, o, client.ClassHTTP429, 1, 0)
			if o.RetryAfter != after {
				t.Errorf("the outcome asks to wait %v, the answer %v", o.RetryAfter, after)
			}
			took(t, start, 0)
		})
	}
}

// TestTheRequestsOwnTimeoutIsNotRetried, while that of an attempt is.
func TestTheRequestsOwnTimeoutIsNotRetried(t *testing.T) {
	virtual(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, client.ErrTimeout)
		defer cancel()
		f := newFake(ok(time.Hour))
		want(t, Retry{}.Wrap(f.fetch)(ctx, get("a")), client.ClassTimeout, 1, 0)

		// Nor where somebody else kept the time, and no deadline was to be seen.
		stopped, stop := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { stop(client.ErrTimeout) })
		want(t, Retry{}.Wrap(newFake(ok(time.Hour)).fetch)(stopped, get("a")), client.ClassTimeout, 1, 0)

		f = newFake(ok(time.Hour), ok(time.Millisecond))
		fetch := Chain([]Policy{Timeout{After: time.Second}, Retry{}}, f.fetch)
		want(t, fetch(t.Context(), get("a")), client.ClassOK, 2, 1)
	})
}

// TestACancelDuringTheWaitIsCancelled: the answer before it was of no use.
func TestACancelDuringTheWaitIsCancelled(t *testing.T) {
	virtual(t, func(t *testing.T) {
		asked := unavailable(0)
		asked.outcome.RetryAfter = time.Hour
		f := newFake(asked)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		want(t, Retry{}.Wrap(f.fetch)(ctx, get("a")), client.ClassCancelled, 1, 1)
		took(t, start, time.Second)
	})
}

// TestWaitsLendTheSlot: what waits asks its context for a slot to give back, and what
// goes out at once does not.
func TestWaitsLendTheSlot(t *testing.T) {
	virtual(t, func(t *testing.T) {
		for name, p := range map[string]Policy{"retry": Retry{Retries: 1}, "limit": Limit{PerSecond: 1}} {
			f := newFake(ok(0), unavailable(0), ok(0))
			ctx := &spy{Context: t.Context()}
			fetch := p.Wrap(f.fetch)
			for _, want := range []bool{false, true} {
				fetch(ctx, get("a"))
				if got := ctx.asked > 0; got != want {
					t.Errorf("%s: asked for a slot is %v, want %v", name, got, want)
				}
			}
		}
	})
}

// A spy counts who asks its context for the slot of a strategy.
type spy struct {
	context.Context
	asked int
}

func (s *spy) Value(key any) any {
	if fmt.Sprintf("%T", key) == "fetchers.parkKey" {
		s.asked++
	}
	return s.Context.Value(key)
}

// Requests to one URL that fail together do not come back together: what tells them
// apart is not sent.
func TestJitterTellsRequestsToOneURLApart(t *testing.T) {
	waits := map[time.Duration]bool{}
	for i := range 20 {
		r := client.Request{URL: "http://one.invalid/", Draw: uint64(i)}
		waits[Retry{Seed: 1}.jitter(r, 1, time.Second)] = true
	}
	if len(waits) != 20 {
		t.Errorf("20 requests wait for %d different times", len(waits))
	}
}
