package upstream

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/quic-go/quic-go/http3"
)

// Each item over each protocol, one after the other over a warm connection: what
// the client has is what the profile says, and what the upstream counted. Bodies of
// one byte, and of more than a frame, a window or a buffer holds.
func TestEveryProtocolServesEveryItem(t *testing.T) {
	for _, size := range []int{0, 1, 1024, 300_000} {
		p := constant(12, 0)
		p.Size, p.Faults = size, Faults{Status: 404, StatusRate: 0.3}
		eachWire(t, p, func(t *testing.T, u secured, w wire) {
			bytes := 0
			for i := range w.urls {
				bytes += w.servesItem(t, p, i)
				// It is counted as soon as the client has it.
				if c := counts(t, u); c.Requests.Finished != i+1 || c.InFlight.Now != 0 || c.Bytes != int64(bytes) {
					t.Fatalf("after %d answers: %+v", i+1, c)
				}
			}
			if c := counts(t, u); c.Connections.Opened != w.dialled() || w.dialled() > 2 || len(c.IDs) != 12 || c.Repeated() != 0 {
				t.Errorf("counts %+v", c)
			}
		})
	}
}

// servesItem fetches an item in round 2 and returns the length of the body.
func (w wire) servesItem(t *testing.T, p Profile, i int) int {
	t.Helper()
	proto, status, body, err := get(t.Context(), w.client, w.urls[i], RequestID(2, 0, i))
	if proto != w.proto || status != p.Status(i, 2) || err != nil {
		t.Errorf("%s: %s %d, %v", w.urls[i], proto, status, err)
	}
	if status == 200 && string(body) != string(p.Body()) {
		t.Errorf("%s: body of %d bytes differs", w.urls[i], len(body))
	}
	return len(body)
}

// Which requests came over a connection from before the last reset is told over every
// protocol: the first of a round opens one, and the one after it, of the next round,
// finds it open.
func TestKeptConnectionsAreTold(t *testing.T) {
	eachWire(t, constant(1, 0), func(t *testing.T, u secured, w wire) {
		for round, want := range []int{0, 1} {
			if err := u.Begin(t.Context(), 0); err != nil {
				t.Fatal(err)
			}
			if _, status, _, err := get(t.Context(), w.client, w.urls[0], RequestID(round, 0, 0)); status != 200 || err != nil {
				t.Fatalf("round %d: %d, %v", round, status, err)
			}
			if got := counts(t, u).Connections.Kept; got != want {
				t.Errorf("round %d: %d requests over connections of before, want %d", round, got, want)
			}
		}
	})
}

// A warm connection carries 300 requests at once where the protocol can, more than
// the usual limits of 100 and 250 streams: the upstream sees all of them in flight
// and no connection for each. Over HTTP/1.1 each has one of its own.
func TestStreamsAreNotTheLimit(t *testing.T) {
	const n = 300
	eachWire(t, constant(n, time.Hour), func(t *testing.T, u secured, w wire) {
		if _, status, _, err := get(t.Context(), w.client, w.urls[0]+"x", ""); status != 404 || err != nil {
			t.Fatalf("warm-up: %d, %v", status, err)
		}
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		var calls sync.WaitGroup
		for i, url := range w.urls {
			calls.Go(func() {
				if _, status, _, err := get(ctx, w.client, url, RequestID(0, 0, i)); err == nil {
					t.Errorf("%s: %d before its time", url, status)
				}
			})
		}
		until(t, u, func(c Counts) bool { return c.InFlight.Now == n })
		most := n
		if w.multiplexed() {
			most = 2
		}
		c := counts(t, u)
		if opened := c.Connections.Opened; opened != w.dialled() || opened > most || !w.multiplexed() && opened != n {
			t.Errorf("%d connections, %d were dialled, want %d at most", opened, w.dialled(), most)
		}
		leave()
		calls.Wait()
		until(t, u, func(c Counts) bool { return c.Requests.Gone == n })
	})
}

// What the profile closes unanswered ends the connection, or the stream and no
// more: the requests that share the connection are answered. Client and ledger
// agree about each, and nobody sends anything again behind our back, as net/http
// would over a connection of HTTP/1.1 that is reused.
func TestFailuresEndTheStream(t *testing.T) {
	p := constant(40, 20*time.Millisecond)
	p.Seed, p.Faults = 4, Faults{FailRate: 0.3}
	failed := 0
	for i := range p.URLs {
		if p.Fails(i, 1) {
			failed++
		}
	}
	eachWire(t, p, func(t *testing.T, u secured, w wire) {
		if transport, ok := w.client.Transport.(*http.Transport); ok {
			transport.DisableKeepAlives = !w.multiplexed()
		}
		var calls sync.WaitGroup
		for i := range w.urls {
			calls.Go(func() { w.servesOrFails(t, p, i) })
		}
		calls.Wait()
		c := counts(t, u)
		want := Requests{Started: 40, Finished: 40 - failed, Closed: failed}
		if failed == 0 || c.Requests != want || c.Repeated() != 0 {
			t.Errorf("%+v, %d repeated, want %+v", c.Requests, c.Repeated(), want)
		}
	})
}

// servesOrFails fetches an item in round 1, which the profile may fail.
func (w wire) servesOrFails(t *testing.T, p Profile, i int) {
	t.Helper()
	_, status, _, err := get(t.Context(), w.client, w.urls[i], RequestID(1, 0, i))
	if p.Fails(i, 1) != (err != nil) || err == nil && status != 200 {
		t.Errorf("%s: %d, %v, fails: %v", w.urls[i], status, err, p.Fails(i, 1))
	}
	if err != nil && w.multiplexed() && !streamReset(err) {
		t.Errorf("%s: %v (%T) is no reset of the stream", w.urls[i], err, err)
	}
}

// streamReset recognises INTERNAL_ERROR of RFC 9113 section 7 and H3_INTERNAL_ERROR
// of RFC 9114 section 8.1, which is what an aborted handler means.
func streamReset(err error) bool {
	var h3 *http3.Error
	if errors.As(err, &h3) {
		return h3.Remote && h3.ErrorCode == http3.ErrCodeInternalError
	}
	// The type of net/http's HTTP/2 errors is not exported.
	return fmt.Sprintf("%T", errors.Unwrap(err)) == "http.http2StreamError"
}

// A client that leaves is counted as gone over every protocol, and those that share
// the connection stay. What is left takes 150 s, being of the cold round, so that on
// a crowded machine too it is there to be left; the other takes 150 ms.
func TestClientsLeaveEveryProtocol(t *testing.T) {
	p := constant(2, 150*time.Millisecond)
	p.Latency.Cold = 1000
	eachWire(t, p, func(t *testing.T, u secured, w wire) {
		ctx, leave := context.WithCancel(t.Context())
		var calls sync.WaitGroup
		calls.Go(func() {
			if _, _, _, err := get(ctx, w.client, w.urls[0], "0.0.0"); !errors.Is(err, context.Canceled) {
				t.Errorf("the one that left: %v", err)
			}
		})
		calls.Go(func() {
			if _, status, _, err := get(t.Context(), w.client, w.urls[1], "1.0.1"); status != 200 || err != nil {
				t.Errorf("the one that stayed: %d, %v", status, err)
			}
		})
		until(t, u, func(c Counts) bool { return c.Requests.Started == 2 })
		leave()
		calls.Wait()
		until(t, u, func(c Counts) bool { return c.InFlight.Now == 0 })
		if c := counts(t, u); c.Requests.Gone != 1 || c.Requests.Finished != 1 {
			t.Errorf("counts %+v", c.Requests)
		}
	})
}

// Requests that would take an hour end with the server over every protocol; goleak
// sees what is left of them.
func TestSecureServerClosesWithRequestsUnderWay(t *testing.T) {
	s, err := Serve("", constant(5, time.Hour), Options{Secure: true})
	if err != nil {
		t.Fatal(err)
	}
	var calls sync.WaitGroup
	clients := wires(secured{s, s.URLs(), s.SecureURLs(), s.Roots()})
	for _, w := range clients {
		for _, url := range w.urls {
			calls.Go(func() {
				if _, _, _, err := get(t.Context(), w.client, url, ""); err == nil {
					t.Errorf("%s is answered before its time", url)
				}
			})
		}
	}
	until(t, s, func(c Counts) bool { return c.InFlight.Now == 25 })
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	calls.Wait()
	if c := counts(t, s); c.InFlight.Now != 0 || c.Requests.Gone != 25 {
		t.Errorf("counts %+v", c)
	}
	for _, w := range clients {
		w.close()
	}
}
