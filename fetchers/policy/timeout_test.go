package policy

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// TestTimeoutStrikesTheAttemptOnly: the request that it is part of has time left.
func TestTimeoutStrikesTheAttemptOnly(t *testing.T) {
	virtual(t, func(t *testing.T) {
		f := newFake(ok(time.Hour))
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, client.ErrTimeout)
		defer cancel()
		start := time.Now()
		o := Timeout{After: time.Second}.Wrap(f.fetch)(ctx, get("a"))
		want(t, o, client.ClassTimeout, 1, 0)
		took(t, start, time.Second)
		if ctx.Err() != nil {
			t.Error("the context of the request has ended")
		}
		if !strings.Contains(o.Err.Error(), "attempt took longer than 1s") {
			t.Errorf("the error %q does not say whose time it was", o.Err)
		}
	})
}

// TestTheEarlierDeadlineStrikes where the request has less time than the attempt.
func TestTheEarlierDeadlineStrikes(t *testing.T) {
	virtual(t, func(t *testing.T) {
		f := newFake(ok(time.Hour))
		cause := errors.New("enough")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, cause)
		defer cancel()
		o := Timeout{After: time.Minute}.Wrap(f.fetch)(ctx, get("a"))
		want(t, o, client.ClassCancelled, 1, 0)
		if !errors.Is(o.Err, cause) {
			t.Errorf("the error is %v, want %v", o.Err, cause)
		}
	})
}

// TestEachAttemptHasItsOwnTime: waits for a limit and before a retry do not count.
func TestEachAttemptHasItsOwnTime(t *testing.T) {
	virtual(t, func(t *testing.T) {
		f := newFake(unavailable(900*ms), ok(900*ms))
		fetch := Chain([]Policy{Retry{Base: 10 * time.Second}, Timeout{After: time.Second}, Limit{PerSecond: 0.01}}, f.fetch)
		want(t, fetch(t.Context(), get("a")), client.ClassOK, 2, 1)
	})
}

// TestTheClientTakesTheTimeout lets the real client say what became of an attempt that
// was cut off, and of one that its request's own deadline ended.
func TestTheClientTakesTheTimeout(t *testing.T) {
	virtual(t, func(t *testing.T) {
		hang := httpmock.NewMockTransport()
		hang.RegisterResponder("GET", "http://upstream.test/a", func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		c := client.New(client.Config{RoundTripper: hang})
		defer c.Close()
		fetch := Chain([]Policy{Retry{Retries: 2}, Timeout{After: time.Second}}, c.Fetch)
		o := fetch(t.Context(), get("a"))
		want(t, o, client.ClassTimeout, 3, 2)
		if o.Phase != "wait" || !strings.Contains(o.Err.Error(), "attempt took longer") {
			t.Errorf("the timeout struck in phase %q: %v", o.Phase, o.Err)
		}
		ctx, cancel := context.WithTimeoutCause(t.Context(), 500*ms, client.ErrTimeout)
		defer cancel()
		want(t, fetch(ctx, get("a")), client.ClassTimeout, 1, 0)
	})
}
