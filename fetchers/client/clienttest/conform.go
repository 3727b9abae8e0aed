package clienttest

import (
	"context"
	"crypto/x509"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// Conform tests the promises that do not depend on a transport.
func Conform(t *testing.T, tr Transport) {
	t.Run("answers", tr.answers)
	t.Run("body is sent", tr.body)
	t.Run("limits", tr.limits)
	t.Run("cancelled in the headers", func(t *testing.T) { tr.ended(t, "/hang", context.Canceled, client.ClassCancelled, "") })
	t.Run("late in the headers", func(t *testing.T) { tr.ended(t, "/hang", client.ErrTimeout, client.ClassTimeout, "wait write") })
	t.Run("cancelled in the body", func(t *testing.T) { tr.ended(t, "/half", context.Canceled, client.ClassCancelled, "") })
	t.Run("late in the body", func(t *testing.T) { tr.ended(t, "/half", client.ErrTimeout, client.ClassTimeout, "body") })
	t.Run("deadline", tr.deadline)
	t.Run("aborted", tr.aborted)
	t.Run("refused", tr.refused)
	t.Run("not trusted", tr.untrusted)
	t.Run("crowd", tr.crowd)
	t.Run("closed under a request", tr.closed)
}

// An answer is what is expected of a path.
type answer struct {
	path     string
	class    client.Class
	bytes    int64
	attempts int
	wait     time.Duration
}

// answers fetches what comes well, after another, so that a connection is used again.
func (tr Transport) answers(t *testing.T) {
	status := func(n int) string { return "/status/" + strings.Repeat("x", n) }
	for _, want := range []answer{
		{"/ok", client.ClassOK, 5, 1, 0},
		{"/gzip", client.ClassOK, 5000, 1, 0},
		{"/moved", client.ClassOK, 5, 2, 0},
		{"/elsewhere", client.ClassRedirectRefused, 0, 1, 0},
		{status(404), client.ClassHTTP4xx, 5, 1, 0},
		{status(429), client.ClassHTTP429, 5, 1, 7 * time.Second},
		{status(500), client.ClassHTTP5xx, 5, 1, 0},
		{status(503), client.ClassHTTP5xx, 5, 1, 7 * time.Second},
	} {
		t.Run(want.path[:min(8, len(want.path))], func(t *testing.T) {
			b := tr.lay(t, client.Config{InFlight: 2})
			first, o := b.get(t.Context(), "/ok"), b.get(t.Context(), want.path)
			want.check(t, o)
			for _, o := range []client.Outcome{first, o} {
				if o.Conn.Protocol != tr.Protocol || o.Conn.Addr == "" || !strings.Contains(b.url, o.Conn.Addr) || !o.Phases.Measured {
					t.Errorf("got %+v, want it measured, over %s, from %s", o, tr.Protocol, b.url)
				}
			}
			if first.Conn.Reused {
				t.Errorf("got %+v, want a new connection", first)
			}
			b.check(t, first.Attempts+o.Attempts)
		})
	}
}

// check compares an outcome with what is expected. What is zipped is shorter before.
func (want answer) check(t *testing.T, o client.Outcome) {
	t.Helper()
	if o.Class != want.class || o.Attempts != want.attempts || o.RetryAfter != want.wait {
		t.Errorf("got %+v, want %s after %d attempts, and a wait of %v", o, want.class, want.attempts, want.wait)
	}
	if want.bytes > 0 && o.Bytes != want.bytes || (o.WireBytes < o.Bytes) != (want.path == "/gzip") {
		t.Errorf("got %d bytes, %d on the wire, want %d", o.Bytes, o.WireBytes, want.bytes)
	}
}

// body sends one, and gets it back.
func (tr Transport) body(t *testing.T) {
	b := tr.lay(t, client.Config{})
	for _, size := range []int{0, 1, 300_000} {
		o := b.Fetch(t.Context(), client.Request{ID: "id-1", Method: http.MethodPost, URL: b.url + "/echo", Body: make([]byte, size)})
		if o.Class != client.ClassOK || o.Bytes != int64(size) || o.Attempts != 1 {
			t.Errorf("got %+v, want %d bytes back", o, size)
		}
	}
	if o := b.Fetch(t.Context(), client.Request{ID: "id-1", Method: http.MethodHead, URL: b.url + "/ok"}); o.Class != client.ClassOK || o.Bytes != 0 {
		t.Errorf("got %+v, want an answer without a body to a HEAD", o)
	}
	b.check(t, 4)
}

// limits has each limit passed in turn.
func (tr Transport) limits(t *testing.T) {
	for _, tt := range []struct {
		path   string
		limits client.Limits
		want   client.Class
	}{
		{"/big", client.Limits{WireLimit: 99_999}, client.ClassTooLarge},
		{"/gzip", client.Limits{DecodedLimit: 4999}, client.ClassTooLarge},
		{"/gzip", client.Limits{DecodedLimit: 5000}, client.ClassOK},
		{"/headers", client.Limits{HeaderLimit: 4 << 10}, client.ClassHeadersTooLarge},
		{"/headers", client.Limits{HeaderLimit: 12 << 10}, client.ClassOK},
	} {
		b := tr.lay(t, client.Config{Limits: tt.limits})
		if o := b.get(t.Context(), tt.path); o.Class != tt.want || o.Attempts != 1 {
			t.Errorf("%s under %+v: got %+v, want %s", tt.path, tt.limits, o, tt.want)
		}
		if o := b.get(t.Context(), "/ok"); o.Class != client.ClassOK {
			t.Errorf("after %s: got %+v, want ok", tt.path, o)
		}
		b.check(t, 2)
	}
}

// ended gives a request up once the upstream has it where it is to end. The upstream
// may have a request before its sender gets round to noticing that it was written, so
// there may be two phases to choose from.
func (tr Transport) ended(t *testing.T, path string, cause error, class client.Class, phases string) {
	b := tr.lay(t, client.Config{InFlight: 1, Limits: client.Limits{WireLimit: 2 * bodySize, DecodedLimit: 2 * bodySize}})
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		<-b.up.reached
		cancel(cause)
	}()
	o := b.get(ctx, path)
	if o.Class != class || !strings.Contains(phases, o.Phase) || (o.Phase == "") != (phases == "") || o.Attempts != 1 {
		t.Errorf("got %+v, want %s in phase %q after one attempt", o, class, phases)
	}
	if o := b.get(t.Context(), "/ok"); o.Class != client.ClassOK {
		t.Errorf("the next request: got %+v, want ok", o)
	}
	b.check(t, 2)
}

// deadline lets the deadline of the client itself end a request that hangs.
func (tr Transport) deadline(t *testing.T) {
	b := tr.lay(t, client.Config{Timeout: 300 * time.Millisecond})
	if o := b.get(t.Context(), "/hang"); o.Class != client.ClassTimeout || o.Phase == "" {
		t.Errorf("got %+v, want timeout", o)
	}
}

// aborted has the upstream give up in a body.
func (tr Transport) aborted(t *testing.T) {
	b := tr.lay(t, client.Config{})
	if o := b.get(t.Context(), "/abort"); o.Class != tr.Aborted || o.Err == nil || o.Attempts != 1 {
		t.Errorf("got %+v, want %s", o, tr.Aborted)
	}
	b.check(t, 1)
}

// refused asks where nobody listens. Where nothing says so, the deadline does.
func (tr Transport) refused(t *testing.T) {
	var url string
	t.Run("server", func(t *testing.T) { url, _ = tr.Serve(t, http.NotFoundHandler()) }) // and ends
	config := client.Config{Timeout: hangGuard}
	if tr.Refused == client.ClassTimeout {
		config.Timeout = 100 * time.Millisecond
	}
	c := tr.New(config)
	defer c.Close()
	if o := c.Fetch(t.Context(), client.Request{URL: url}); o.Class != tr.Refused || o.Attempts != 0 || c.Opened() != 0 {
		t.Errorf("got %+v over %d connections, want %s over none", o, c.Opened(), tr.Refused)
	}
}

// untrusted trusts nobody, and nothing is sent.
func (tr Transport) untrusted(t *testing.T) {
	up := &upstream{}
	url, roots := tr.Serve(t, up)
	if roots == nil {
		t.Skip("there are no certificates without TLS")
	}
	c := tr.New(client.Config{Timeout: hangGuard, Roots: x509.NewCertPool()})
	defer c.Close()
	if o := c.Fetch(t.Context(), client.Request{URL: url}); o.Class != client.ClassTLSCertificate || o.Attempts != 0 || up.seen.Load() != 0 {
		t.Errorf("got %+v, want tls_certificate and nothing sent", o)
	}
}

// crowd has fifty requests in flight at once, four times, and counts.
func (tr Transport) crowd(t *testing.T) {
	const inFlight, waves = 50, 3
	b := tr.lay(t, client.Config{InFlight: inFlight})
	attempts := make([]int, inFlight)
	for range waves {
		var calls sync.WaitGroup
		for i := range inFlight {
			calls.Go(func() {
				o := b.get(t.Context(), "/gzip")
				if o.Class != client.ClassOK || o.Bytes != 5000 {
					t.Errorf("got %+v, want ok", o)
				}
				attempts[i] += o.Attempts
			})
		}
		calls.Wait()
	}
	sum := 0
	for _, n := range attempts {
		sum += n
	}
	if sum != inFlight*waves {
		t.Errorf("got %d attempts, want %d", sum, inFlight*waves)
	}
	b.check(t, sum)
}

// closed closes the client under a request, which ends well all the same. That nothing
// is left of it is for the test of the package to see.
func (tr Transport) closed(t *testing.T) {
	b := tr.lay(t, client.Config{})
	var closing sync.WaitGroup
	defer closing.Wait()
	closing.Go(func() {
		<-b.up.reached
		b.Close()
		b.up.free <- struct{}{}
	})
	if o := b.get(t.Context(), "/hang"); o.Class != client.ClassOK {
		t.Errorf("got %+v, want ok", o)
	}
}
