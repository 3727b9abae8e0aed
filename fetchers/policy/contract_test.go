package policy

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/client"
)

// chains are what the contract is held against: each policy alone, in several forms,
// and all of them together.
func chains() map[string][]Policy {
	all := map[string][]Policy{
		"none":           nil,
		"retry":          {Retry{}},
		"retry none":     {Retry{Retries: -1}},
		"hedge delay":    {Hedge{Delay: 30 * time.Millisecond}},
		"hedge quantile": {Hedge{}},
		"limit":          {Limit{PerSecond: 1000}},
		"dedup":          {Dedup{}},
		"timeout":        {Timeout{After: 70 * time.Millisecond}},
		"timeout none":   {Timeout{}},
		"breaker":        {Breaker{}},
	}
	all["all"] = []Policy{
		Timeout{After: 70 * time.Millisecond},
		Hedge{Delay: 30 * time.Millisecond},
		Retry{},
		Limit{PerSecond: 1000},
		Breaker{},
		Dedup{},
	}
	return all
}

// eachChain runs a test for every chain, in virtual time.
func eachChain(t *testing.T, test func(t *testing.T, wrap func(client.Fetch) client.Fetch)) {
	for name, policies := range chains() {
		t.Run(name, func(t *testing.T) {
			virtual(t, func(t *testing.T) {
				test(t, func(next client.Fetch) client.Fetch { return Chain(policies, next) })
			})
		})
	}
}

// TestSuccessIsUnchanged has a value in every field of the outcome.
func TestSuccessIsUnchanged(t *testing.T) {
	eachChain(t, func(t *testing.T, wrap func(client.Fetch) client.Fetch) {
		full := client.Outcome{
			Class: client.ClassOK, Status: 203, Attempts: 3,
			Received: client.Received{Bytes: 11, WireBytes: 12, Answer: &client.Answer{URL: "http://upstream.test/", Body: []byte("b")}},
			Effort:   client.Effort{Redirects: 2, RetryAfter: time.Second},
			Phases:   client.Phases{DNS: 1, Connect: 2, TLS: 3, Wait: 4, Body: 5, Measured: true},
			Conn:     client.Conn{Reused: true, Protocol: "HTTP/1.1", Addr: "127.0.0.1:1"},
			Err:      errors.New("kept all the same"),
		}
		sent := client.Request{ID: "7", Method: "GET", URL: "http://upstream.test/", Header: map[string][]string{"A": {"b"}}, Keep: true}
		fetch := wrap(func(_ context.Context, r client.Request) client.Outcome {
			if diff := cmp.Diff(sent, r); diff != "" {
				t.Errorf("the request changed:\n%s", diff)
			}
			return full
		})
		start := time.Now()
		if diff := cmp.Diff(full, fetch(t.Context(), sent), cmpopts.EquateErrors()); diff != "" {
			t.Errorf("the outcome changed:\n%s", diff)
		}
		took(t, start, 0)
	})
}

// TestCancelReturnsAtOnce cancels a request that would take an hour, and one that
// never gets an answer but waits for another try by then.
func TestCancelReturnsAtOnce(t *testing.T) {
	cause := errors.New("enough")
	for name, slow := range map[string]answer{"answer": ok(time.Hour), "failure": unavailable(9 * time.Millisecond)} {
		eachChain(t, func(t *testing.T, wrap func(client.Fetch) client.Fetch) {
			f := newFake(slow)
			fetch := wrap(f.fetch)
			ctx, cancel := context.WithCancelCause(t.Context())
			start := time.Now()
			time.AfterFunc(10*time.Millisecond, func() { cancel(cause) })
			o := fetch(ctx, get("a"))
			if o.Class != client.ClassCancelled && name == "answer" {
				t.Errorf("class is %s, want cancelled", o.Class)
			}
			if o.Class == client.ClassCancelled && !errors.Is(o.Err, cause) {
				t.Errorf("the error is %v, want the cause of the cancel", o.Err)
			}
			if passed := time.Since(start); passed > 10*time.Millisecond {
				t.Errorf("returned %v after the cancel", passed-10*time.Millisecond)
			}
			if o.Attempts != len(f.seen()) {
				t.Errorf("%d attempts reported, %d seen", o.Attempts, len(f.seen()))
			}
		})
	}
}

// TestDeadlineIsATimeout lets the deadline of the request itself strike.
func TestDeadlineIsATimeout(t *testing.T) {
	eachChain(t, func(t *testing.T, wrap func(client.Fetch) client.Fetch) {
		f := newFake(ok(time.Hour))
		ctx, cancel := context.WithTimeoutCause(t.Context(), 20*time.Millisecond, client.ErrTimeout)
		defer cancel()
		start := time.Now()
		want(t, wrap(f.fetch)(ctx, get("a")), client.ClassTimeout, 1, 0)
		took(t, start, 20*time.Millisecond)
	})
}

// TestAttemptsAddUp makes requests of all fates at once: every attempt that the
// upstream saw is in exactly one outcome, and none is wasted that was not made.
func TestAttemptsAddUp(t *testing.T) {
	eachChain(t, func(t *testing.T, wrap func(client.Fetch) client.Fetch) {
		draw := rand.New(rand.NewPCG(1, 2))
		f := newFake()
		for range 1000 {
			after := time.Duration(draw.IntN(100)) * time.Millisecond
			f.answers = append(f.answers, []answer{ok(after), ok(after), ok(after), unavailable(after)}[draw.IntN(4)])
		}
		fetch := wrap(f.fetch)
		outcomes := make([]client.Outcome, 200)
		var calls sync.WaitGroup
		for i := range outcomes {
			ctx, cancel := context.WithTimeoutCause(t.Context(), time.Duration(50+i)*time.Millisecond, client.ErrTimeout)
			calls.Go(func() {
				defer cancel()
				time.Sleep(time.Duration(i) * time.Millisecond)
				outcomes[i] = fetch(ctx, get(fmt.Sprint(i/3))) // three of each
			})
		}
		calls.Wait()
		attempts := 0
		for i, o := range outcomes {
			attempts += o.Attempts
			if o.Wasted > o.Attempts || o.Shared && o.Attempts > 0 {
				t.Errorf("outcome %d has %d attempts, %d wasted, shared is %v", i, o.Attempts, o.Wasted, o.Shared)
			}
			if o.Class == client.ClassOK && !o.Shared && o.Attempts != o.Wasted+1 {
				t.Errorf("success %d has %d attempts, %d wasted", i, o.Attempts, o.Wasted)
			}
		}
		if attempts != len(f.seen()) {
			t.Errorf("%d attempts reported, %d seen", attempts, len(f.seen()))
		}
	})
}

// TestPanicReachesTheCaller has next panic at its first attempt and at a later one.
func TestPanicReachesTheCaller(t *testing.T) {
	boom := errors.New("boom")
	for attempt := range 2 {
		eachChain(t, func(t *testing.T, wrap func(client.Fetch) client.Fetch) {
			f := newFake(unavailable(40 * time.Millisecond))
			fetch := wrap(func(ctx context.Context, r client.Request) client.Outcome {
				if len(f.seen()) == attempt {
					panic(boom)
				}
				return f.fetch(ctx, r)
			})
			again := []client.Request{get("a"), get("a")}
			caught := any(nil)
			for _, r := range again {
				caught = panicOf(func() { fetch(t.Context(), r) }, caught)
			}
			err, _ := caught.(error)
			if !errors.Is(err, boom) {
				t.Errorf("caught %v, want %v", caught, boom)
			}
			if p, ok := caught.(*fetchers.Panic); ok && len(p.Stack) == 0 {
				t.Error("the panic came without the stack of its goroutine")
			}
		})
	}
}

// panicOf returns what f panics with, or what was caught before.
func panicOf(f func(), before any) (caught any) {
	defer func() {
		if caught = recover(); caught == nil {
			caught = before
		}
	}()
	f()
	return nil
}
