package policy

import (
	"context"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// callers makes one call after the other, 10 ms apart, each with a context that ends
// after its own time, and returns their outcomes and how long they took. A time of 0
// stands for a context without end.
func callers(t *testing.T, fetch client.Fetch, r client.Request, patience ...time.Duration) ([]client.Outcome, []time.Duration) {
	outcomes, took := make([]client.Outcome, len(patience)), make([]time.Duration, len(patience))
	var calls sync.WaitGroup
	for i, alive := range patience {
		calls.Go(func() {
			ctx, start := t.Context(), time.Now()
			if alive > 0 {
				limited, cancel := context.WithTimeoutCause(ctx, alive, client.ErrTimeout)
				defer cancel()
				ctx = limited
			}
			outcomes[i] = fetch(ctx, r)
			took[i] = time.Since(start)
		})
		time.Sleep(10 * ms)
	}
	calls.Wait()
	return outcomes, took
}

// TestEqualRequestsShareOneFetch, at the same time only.
func TestEqualRequestsShareOneFetch(t *testing.T) {
	virtual(t, func(t *testing.T) {
		f := newFake(ok(100 * ms))
		fetch := Dedup{}.Wrap(f.fetch)
		outcomes, took := callers(t, fetch, get("a"), 0, 0, 0)
		for i, o := range outcomes {
			attempts := map[bool]int{true: 1}[i == 0]
			want(t, o, client.ClassOK, attempts, 0)
			if o.Shared != (i > 0) || o.Status != 200 || o.Bytes != 7 {
				t.Errorf("outcome %d is %+v", i, o)
			}
		}
		if !slices.Equal(took, []time.Duration{100 * ms, 90 * ms, 80 * ms}) {
			t.Errorf("requests took %v", took)
		}
		o := fetch(t.Context(), get("a"))
		if want(t, o, client.ClassOK, 1, 0); o.Shared {
			t.Error("a request after the answer was given it")
		}
	})
}

// TestAFollowerOutlivesItsLeader: the leader gives up after 30 ms, the answer comes
// after 100 ms, and its attempt is counted once.
func TestAFollowerOutlivesItsLeader(t *testing.T) {
	virtual(t, func(t *testing.T) {
		f := newFake(ok(100 * ms))
		outcomes, took := callers(t, Dedup{}.Wrap(f.fetch), get("a"), 30*ms, 0, 50*ms, 0)
		want(t, outcomes[0], client.ClassTimeout, 0, 0)
		want(t, outcomes[2], client.ClassTimeout, 0, 0)
		for _, i := range []int{1, 3} {
			if outcomes[i].Class != client.ClassOK {
				t.Errorf("follower %d ended as %s", i, outcomes[i].Class)
			}
		}
		if got := outcomes[1].Attempts + outcomes[3].Attempts; got != 1 || outcomes[1].Shared == outcomes[3].Shared {
			t.Errorf("the one attempt was counted %d times: %+v", got, outcomes)
		}
		if !slices.Equal(took, []time.Duration{30 * ms, 90 * ms, 50 * ms, 70 * ms}) {
			t.Errorf("requests took %v", took)
		}
	})
}

// TestTheFetchEndsWithTheLastWhoWaits, for the reason of that one, who waits until it
// has ended; and whoever comes meanwhile is not dragged along.
func TestTheFetchEndsWithTheLastWhoWaits(t *testing.T) {
	virtual(t, func(t *testing.T) {
		var under atomic.Int32
		fetch := Dedup{}.Wrap(func(ctx context.Context, _ client.Request) client.Outcome {
			if under.Add(1) == 2 {
				time.Sleep(2 * time.Second)
				return ok(0).outcome
			}
			<-ctx.Done()
			time.Sleep(time.Second) // it takes its time to notice
			return client.Outcome{Class: client.ClassTimeout, Err: context.Cause(ctx), Attempts: 1}
		})
		// One comes while the fetch is ending, the other after its end: they share.
		var late, later client.Outcome
		var latecomers sync.WaitGroup
		latecomers.Go(func() {
			time.Sleep(200 * ms)
			late = fetch(context.Background(), get("a"))
		})
		latecomers.Go(func() {
			time.Sleep(1500 * ms)
			later = fetch(context.Background(), get("a"))
		})
		outcomes, took := callers(t, fetch, get("a"), 30*ms, 50*ms)
		want(t, outcomes[0], client.ClassTimeout, 0, 0)
		want(t, outcomes[1], client.ClassTimeout, 1, 0)
		latecomers.Wait()
		want(t, late, client.ClassOK, 1, 0)
		want(t, later, client.ClassOK, 0, 0)
		if !slices.Equal(took, []time.Duration{30 * ms, 50*ms + time.Second}) {
			t.Errorf("requests took %v", took)
		}
	})
}

// TestALeaderWhoGivesUpAsTheAnswerComes has the attempt, or somebody else has: which
// of the two comes first is open, and not whether the attempt is counted.
func TestALeaderWhoGivesUpAsTheAnswerComes(t *testing.T) {
	for range 300 {
		virtual(t, func(t *testing.T) {
			f := newFake(ok(100 * ms))
			outcomes, _ := callers(t, Dedup{}.Wrap(f.fetch), get("a"), 100*ms, 0, 80*ms)
			attempts := 0
			for _, o := range outcomes {
				attempts += o.Attempts
			}
			if attempts != 1 || outcomes[1].Class != client.ClassOK {
				t.Errorf("the one attempt was counted %d times: %+v", attempts, outcomes)
			}
		})
	}
}

// TestWhatIsShared lists pairs of requests and whether they are one.
func TestWhatIsShared(t *testing.T) {
	a := "http://upstream.test/a"
	h := func(h http.Header) client.Request { return client.Request{URL: a, Header: h} }
	for name, c := range map[string]struct {
		one, two client.Request
		want     bool
	}{
		"same":             {get("a"), get("a"), true},
		"other id":         {get("a"), client.Request{ID: "b", URL: a}, true},
		"get is default":   {get("a"), client.Request{Method: "GET", URL: a}, true},
		"head":             {client.Request{Method: "HEAD", URL: a}, client.Request{Method: "HEAD", URL: a}, true},
		"head and get":     {client.Request{Method: "HEAD", URL: a}, get("a"), false},
		"other url":        {get("a"), get("b"), false},
		"same headers":     {h(http.Header{"A": {"1"}, "B": {"2"}}), h(http.Header{"B": {"2"}, "A": {"1"}}), true},
		"other header":     {h(http.Header{"A": {"1"}}), h(http.Header{"A": {"2"}}), false},
		"value or name":    {h(http.Header{"A": {"B"}}), h(http.Header{"A": {}, "B": {}}), false},
		"url or header":    {get("a1:A1;1:1"), h(http.Header{"A": {"1"}}), false},
		"values in two":    {h(http.Header{"A": {"1", "2"}}), h(http.Header{"A": {"12"}}), false},
		"one has a header": {h(nil), h(http.Header{"A": {""}}), false},
		"with a body":      {client.Request{URL: a, Body: []byte("x")}, client.Request{URL: a, Body: []byte("x")}, false},
		"kept by both":     {client.Request{URL: a, Keep: true}, client.Request{URL: a, Keep: true}, true},
		"kept by one":      {get("a"), client.Request{URL: a, Keep: true}, false},
		"post":             {client.Request{Method: "POST", URL: a}, client.Request{Method: "POST", URL: a}, false},
	} {
		virtual(t, func(t *testing.T) {
			f := newFake(ok(time.Second))
			fetch := Dedup{}.Wrap(f.fetch)
			var calls sync.WaitGroup
			for _, r := range []client.Request{c.one, c.two} {
				calls.Go(func() { fetch(t.Context(), r) })
			}
			calls.Wait()
			if got := len(f.seen()) == 1; got != c.want {
				t.Errorf("%s: shared is %v, want %v", name, got, c.want)
			}
		})
	}
}

// TestASharedFetchKnowsItsDeadline: it is that of the last to give up, and a retry
// inside gives up a wait beyond it at once.
func TestASharedFetchKnowsItsDeadline(t *testing.T) {
	virtual(t, func(t *testing.T) {
		asked := unavailable(100 * ms)
		asked.outcome.RetryAfter = 10 * time.Second
		for name, c := range map[string]struct {
			patience []time.Duration
			sent     int
		}{
			"too short":  {[]time.Duration{5 * time.Second, 9 * time.Second}, 1},
			"one longer": {[]time.Duration{5 * time.Second, 20 * time.Second}, 2},
			"one no end": {[]time.Duration{5 * time.Second, 0}, 2},
		} {
			f := newFake(asked, ok(0))
			callers(t, Chain([]Policy{Retry{}, Dedup{}}, f.fetch), get("a"), c.patience...)
			if got := len(f.seen()); got != c.sent {
				t.Errorf("%s: %d attempts, want %d", name, got, c.sent)
			}
		}
	})
}

// TestAPanicReachesEveryoneWhoWaits. A call that ends its goroutine is no answer either.
func TestAPanicReachesEveryoneWhoWaits(t *testing.T) {
	for _, end := range []func(){func() { panic("boom") }, runtime.Goexit} {
		virtual(t, func(t *testing.T) {
			fetch := Dedup{}.Wrap(func(context.Context, client.Request) client.Outcome {
				time.Sleep(time.Second)
				end()
				return client.Outcome{}
			})
			var calls sync.WaitGroup
			for range 3 {
				calls.Go(func() {
					if panicOf(func() { fetch(t.Context(), get("a")) }, nil) == nil {
						t.Error("a caller got an answer")
					}
				})
			}
			calls.Wait()
		})
	}
}
