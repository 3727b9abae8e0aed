package policy

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// TestBreakerOpensAndCloses follows one through its states. It is half-open once more
// than a second has passed.
func TestBreakerOpensAndCloses(t *testing.T) {
	virtual(t, func(t *testing.T) {
		f := newFake(unavailable(0), unavailable(0), unavailable(0), unavailable(0), ok(0), unavailable(0),
			unavailable(0), unavailable(0), unavailable(0), unavailable(0), unavailable(0), ok(0))
		fetch := Breaker{}.Wrap(f.fetch)
		sent := func(class client.Class) { t.Helper(); want(t, fetch(t.Context(), get("a")), class, 1, 0) }
		refused := func() {
			t.Helper()
			o := fetch(t.Context(), get("a"))
			want(t, o, client.ClassBreaker, 0, 0)
			if !strings.Contains(o.Err.Error(), "http://upstream.test") {
				t.Errorf("the error %q does not say which breaker", o.Err)
			}
		}
		for range 4 {
			sent(client.ClassHTTP5xx)
		}
		sent(client.ClassOK) // four in a row were not enough
		for range 5 {
			sent(client.ClassHTTP5xx)
		}
		refused()
		time.Sleep(time.Second)
		refused()
		time.Sleep(time.Nanosecond)
		sent(client.ClassHTTP5xx) // half-open, and still failing
		refused()
		time.Sleep(time.Second + 1)
		sent(client.ClassOK)
		sent(client.ClassOK)
	})
}

// TestOneRequestTriesAHalfOpenBreaker, and one that is cancelled decides nothing.
func TestOneRequestTriesAHalfOpenBreaker(t *testing.T) {
	virtual(t, func(t *testing.T) {
		f := newFake(unavailable(0), ok(time.Second))
		fetch := Breaker{Failures: 1, Pause: time.Minute}.Wrap(f.fetch)
		fetch(t.Context(), get("a"))
		time.Sleep(time.Minute + 1)
		ctx, cancel := context.WithTimeout(t.Context(), 500*ms)
		defer cancel()
		go fetch(ctx, get("a"))
		time.Sleep(ms)
		want(t, fetch(t.Context(), get("a")), client.ClassBreaker, 0, 0)
		time.Sleep(time.Second)
		want(t, fetch(t.Context(), get("a")), client.ClassOK, 1, 0)
	})
}

// TestEachOriginHasItsBreaker, whatever way the origin is written in.
func TestEachOriginHasItsBreaker(t *testing.T) {
	virtual(t, func(t *testing.T) {
		for _, same := range [][]string{
			{"http://a", "http://a/x", "HTTP://A:80?q=http://b", "http://a:80#f", "http://a?/"},
			{"https://a", "https://A:443/", "https://a/x/y"},
			{"http://a:443/", "http://a:443"},
			{"http://[::80]/", "http://[::80]:80"},
			{"a:b"},
		} {
			for _, other := range []string{"http://b/a", "http://a:8080/"} {
				for _, url := range same {
					f := newFake(unavailable(0))
					fetch := Breaker{Failures: 1}.Wrap(f.fetch)
					fetch(t.Context(), client.Request{URL: same[0]})
					want(t, fetch(t.Context(), client.Request{URL: url}), client.ClassBreaker, 0, 0)
					want(t, fetch(t.Context(), client.Request{URL: other}), client.ClassHTTP5xx, 1, 0)
				}
			}
		}
	})
}

// TestWhatBlamesTheUpstream has every class of the vocabulary between four failures
// and a fifth: a failure opens the breaker before that, a proof of life puts it off,
// and what says nothing changes nothing.
func TestWhatBlamesTheUpstream(t *testing.T) {
	blamed := []client.Class{
		client.ClassHTTP5xx, client.ClassTimeout, client.ClassRefused, client.ClassReset, client.ClassEOF,
		client.ClassTruncated, client.ClassMalformed, client.ClassDecode, client.ClassH2, client.ClassTLS,
		client.ClassTLSCertificate,
	}
	alive := []client.Class{
		client.ClassOK, client.ClassHTTP3xx, client.ClassHTTP4xx, client.ClassHTTPOther, client.ClassUpgrade,
		client.ClassTooLarge, client.ClassRedirectLoop, client.ClassRedirectRefused,
	}
	virtual(t, func(t *testing.T) {
		for _, class := range client.Classes() {
			o := client.Outcome{Class: class, Attempts: 1, Err: errors.New("why")}
			if slices.Contains(alive, class) || class == client.ClassHTTP429 || class == client.ClassCancelled {
				o.Status = 200 // the headers came
			}
			f := newFake(unavailable(0), unavailable(0), unavailable(0), unavailable(0), answer{0, o}, unavailable(0))
			fetch := Breaker{}.Wrap(f.fetch)
			for range 7 {
				fetch(t.Context(), get("a"))
			}
			sent := map[bool]int{slices.Contains(blamed, class): 5, slices.Contains(alive, class): 7}[true]
			if sent == 0 {
				sent = 6
			}
			if got := len(f.seen()); got != sent {
				t.Errorf("with %s: %d of 7 requests were sent, want %d", class, got, sent)
			}
		}
	})
}

// TestWaitingForALimitBlamesNobody: the deadline came before anything was sent.
func TestWaitingForALimitBlamesNobody(t *testing.T) {
	virtual(t, func(t *testing.T) {
		f := newFake(ok(0))
		fetch := Chain([]Policy{Breaker{Failures: 1}, Limit{PerSecond: 1}}, f.fetch)
		fetch(t.Context(), get("a"))
		ctx, cancel := context.WithTimeoutCause(t.Context(), ms, client.ErrTimeout)
		defer cancel()
		want(t, fetch(ctx, get("a")), client.ClassTimeout, 0, 0)
		want(t, fetch(t.Context(), get("a")), client.ClassOK, 1, 0)
	})
}
