package hostile

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// over is a client that keeps its connections and speaks HTTP/2 only. It sends again
// what was refused.
func over(t *testing.T, s *Server) *http.Client {
	t.Helper()
	return speaking(t, s, &http.HTTP2Config{})
}

// speaking is a client that speaks HTTP/2 only, in a manner of its own.
func speaking(t *testing.T, s *Server, manner *http.HTTP2Config) *http.Client {
	t.Helper()
	protocols := &http.Protocols{}
	protocols.SetHTTP2(true)
	transport := &http.Transport{TLSClientConfig: trusting(s), Protocols: protocols, HTTP2: manner}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// outcomes makes so many requests one after the other and says what became of them:
// ok or the part of the error that is in the list.
func outcomes(t *testing.T, s *Server, listener string, n int) []string {
	t.Helper()
	c := over(t, s)
	var all []string
	for range n {
		_, body, err := get(t, c, s.URL(listener)+"/x?id=a")
		switch {
		case err == nil && body == "ok\n":
			all = append(all, "ok")
		case err == nil:
			all = append(all, "wrong "+body)
		default:
			all = append(all, err.Error())
		}
	}
	return all
}

// TestHTTP2 makes a few requests one after the other. What the client sends again by
// itself is in the counts.
func TestHTTP2(t *testing.T) {
	s := start(t)
	for _, c := range []struct {
		listener string
		want     []string // the end of each outcome
		counts   HTTP2
		conns    int
	}{
		// The third stream of the first connection becomes the first of another.
		{"h2-goaway", []string{"ok", "ok", "ok"}, HTTP2{Headers: 4, Answers: 3}, 2},
		// The second is refused and sent again at once, as the third.
		{"h2-refused", []string{"ok", "ok"}, HTTP2{Headers: 3, Answers: 2}, 1},
		{"h2-maxstreams1", []string{"ok", "ok"}, HTTP2{Headers: 2, Answers: 2}, 1},
		{"h2-enhance", []string{`ErrCode=ENHANCE_YOUR_CALM, debug="calm down"`}, HTTP2{Headers: 1}, 1},
		{"h2-rst", []string{"INTERNAL_ERROR; received from peer", "INTERNAL_ERROR; received from peer"}, HTTP2{Headers: 2}, 1},
	} {
		t.Run(c.listener, func(t *testing.T) {
			s.Reset()
			got := outcomes(t, s, c.listener, len(c.want))
			if !slices.EqualFunc(got, c.want, strings.HasSuffix) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			now := s.Stats()
			conns := now.Connections[c.listener]
			if c.listener == "h2-goaway" && conns == c.conns+1 {
				conns-- // a client that loses its connection may dial once too often
			}
			if now.HTTP2[c.listener] != c.counts || conns != c.conns {
				t.Errorf("got %+v over %d connections, want %+v over %d", now.HTTP2[c.listener], now.Connections[c.listener], c.counts, c.conns)
			}
			if x := now.Paths["/x"]; x.Started != c.counts.Headers || x.Finished != x.Started || now.IDs["a"] != x.Started {
				t.Errorf("got %+v, ids %v", x, now.IDs)
			}
		})
	}
}

// TestHTTP2Stall wants no answer, not even to a PING, and the client's leaving
// noticed.
func TestHTTP2Stall(t *testing.T) {
	s := start(t)
	ctx, cancel := context.WithTimeout(t.Context(), late)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL("h2-stall")+"/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	failed := make(chan error, 1)
	go func() {
		response, err := over(t, s).Do(r)
		if err == nil {
			_ = response.Body.Close()
		}
		failed <- err
	}()
	until(t, s, func(now Stats) bool { return now.Paths["/x"].InFlight == 1 })
	cancel()
	if err := <-failed; err == nil {
		t.Error("there was an answer")
	}
	until(t, s, func(now Stats) bool { return now.Paths["/x"].Gone == 1 && now.HTTP2["h2-stall"] == HTTP2{Headers: 1} })

	pinging := speaking(t, s, &http.HTTP2Config{SendPingTimeout: 10 * time.Millisecond, PingTimeout: 50 * time.Millisecond})
	if _, _, err := get(t, pinging, s.URL("h2-stall")+"/x"); err == nil || !strings.Contains(err.Error(), "connection lost") {
		t.Errorf("a client that sends PINGs got %v", err)
	}
}

// TestHTTP2Concurrent wants every stream that a client opened to be counted, those
// too that come after the server has said that it goes.
func TestHTTP2Concurrent(t *testing.T) {
	s := start(t)
	c := over(t, s)
	const n = 6 // clients wait longer each time before they send again
	done := make(chan error, n)
	for range n {
		go func() {
			_, _, err := get(t, c, s.URL("h2-goaway")+"/x")
			done <- err
		}()
	}
	failed := 0
	for range n {
		if <-done != nil {
			failed++
		}
	}
	until(t, s, func(now Stats) bool { return now.Paths["/x"].InFlight == 0 })
	now := s.Stats()
	if counts := now.HTTP2["h2-goaway"]; counts.Answers != n-failed || counts.Headers != now.Started() || counts.Headers < n {
		t.Errorf("%d of %d failed, got %+v", failed, n, counts)
	}
}

// TestHTTP2Continuation wants the client to give up, and the server to notice.
func TestHTTP2Continuation(t *testing.T) {
	s := start(t)
	if _, _, err := get(t, over(t, s), s.URL("h2-continuation")+"/x"); err == nil {
		t.Error("there was an end to the headers")
	}
	until(t, s, func(now Stats) bool { x := now.Paths["/x"]; return x.Gone == 1 && x.Bytes > 1<<20 })
}

// TestHTTP2Window wants the headers of a request to arrive and its body not to.
func TestHTTP2Window(t *testing.T) {
	s := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	body := &reader{}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL("h2-window")+"/x", io.LimitReader(body, 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	failed := make(chan error, 1)
	go func() {
		response, err := over(t, s).Do(r)
		if err == nil {
			_ = response.Body.Close()
		}
		failed <- err
	}()
	until(t, s, func(now Stats) bool { return now.Paths["/x"].InFlight == 1 })
	cancel()
	if err := <-failed; err == nil {
		t.Error("there was an answer")
	}
	// A client reads ahead what fits into a frame or two, and then no more.
	if n := body.read.Load(); n >= 1<<20 {
		t.Errorf("%d bytes of the body were taken", n)
	}
}

// reader is a body without an end that counts what is taken of it.
type reader struct{ read atomic.Int64 }

func (r *reader) Read(p []byte) (int, error) {
	r.read.Add(int64(len(p)))
	return len(p), nil
}

// TestHTTP2IsAllThereIs wants a client of HTTP/1 to fail before it sends a request.
func TestHTTP2IsAllThereIs(t *testing.T) {
	s := start(t)
	if _, _, err := get(t, client(t, s), s.URL("h2-goaway")); err == nil || !strings.Contains(err.Error(), "tls:") {
		t.Errorf("got %v", err)
	}
}
