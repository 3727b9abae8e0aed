package client

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

// wireOf returns the bytes of a request as they arrive, up to the end of its headers.
func wireOf(t *testing.T, r Request) []string {
	t.Helper()
	lines := make(chan []string, 1)
	addr := listen(t, func(c net.Conn, _ int) {
		var got []string
		in := bufio.NewReader(c)
		for {
			line, err := in.ReadString('\n')
			if err != nil || line == "\r\n" {
				break
			}
			got = append(got, strings.TrimSuffix(line, "\r\n"))
		}
		body, _ := io.ReadAll(io.LimitReader(in, int64(len(r.Body))))
		lines <- append(got, string(body))
		io.WriteString(c, head+"Content-Length: 0\r\n\r\n")
		finish(c)
	})
	r.URL = "http://" + addr + "/a?b=c#d"
	c := newClient(t, Config{UserAgent: "fetchbench/1"})
	if o := c.Fetch(context.Background(), r); o.Class != ClassOK {
		t.Errorf("got %+v, want ok", o)
	}
	got := <-lines
	return append(got[:1], got[2:]...) // the Host line differs from run to run
}

// TestRequestOnTheWire shows that what keeps net/http from sending twice leaves no
// trace in the request: no Transfer-Encoding, no Content-Length where none belongs.
func TestRequestOnTheWire(t *testing.T) {
	const ua, gz = "User-Agent: fetchbench/1", "Accept-Encoding: gzip"
	for _, tt := range []struct {
		name string
		r    Request
		want []string
	}{
		{"get", Request{}, []string{"GET /a?b=c HTTP/1.1", ua, gz, ""}},
		{"id", Request{ID: "7"}, []string{"GET /a?b=c HTTP/1.1", ua, gz, "X-Request-Id: 7", ""}},
		{"head", Request{Method: "HEAD"}, []string{"HEAD /a?b=c HTTP/1.1", ua, gz, ""}},
		{"options", Request{Method: "OPTIONS"}, []string{"OPTIONS /a?b=c HTTP/1.1", ua, gz, ""}},
		{"trace", Request{Method: "TRACE"}, []string{"TRACE /a?b=c HTTP/1.1", ua, gz, ""}},
		{"empty post", Request{Method: "POST"}, []string{"POST /a?b=c HTTP/1.1", ua, "Content-Length: 0", gz, ""}},
		{
			"post",
			Request{Method: "POST", Body: []byte("xyz")},
			[]string{"POST /a?b=c HTTP/1.1", ua, "Content-Length: 3", gz, "xyz"},
		},
		{
			"own headers",
			Request{Header: http.Header{"user-agent": {"me"}, "Accept-Encoding": {"identity"}}},
			[]string{"GET /a?b=c HTTP/1.1", "User-Agent: me", "Accept-Encoding: identity", ""},
		},
		{"no coding", Request{Header: http.Header{"Accept-Encoding": nil}}, []string{"GET /a?b=c HTTP/1.1", ua, ""}},
		{
			"idempotency key",
			Request{Method: "POST", Header: http.Header{"Idempotency-Key": {"k"}}},
			[]string{"POST /a?b=c HTTP/1.1", ua, "Content-Length: 0", gz, "idempotency-key: k", ""},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, wireOf(t, tt.r)); diff != "" {
				t.Errorf("on the wire (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHostHeaderNamesTheHost(t *testing.T) {
	hosts := make(chan string, 1)
	addr := listen(t, func(c net.Conn, _ int) {
		hosts <- readRequest(bufio.NewReader(c)).Host
		io.WriteString(c, plain)
	})
	c := newClient(t, Config{})
	c.Fetch(context.Background(), Request{URL: "http://" + addr, Header: http.Header{"Host": {"a.example"}}})
	if got := <-hosts; got != "a.example" {
		t.Errorf("got host %q, want a.example", got)
	}
}

// TestR4NothingIsSentTwice answers one request on a connection, reads the next and
// closes. net/http would send that one again on its own; here it is a failure, and
// the upstream has seen as many requests as there were attempts.
func TestR4NothingIsSentTwice(t *testing.T) {
	for _, tt := range []struct {
		name string
		r    Request
	}{
		{"get", Request{}},
		{"head", Request{Method: "HEAD"}},
		{"get with body", Request{Body: []byte("x")}},
		{"post", Request{Method: "POST"}},
		{"post with key", Request{Method: "POST", Header: http.Header{"Idempotency-Key": {"k"}}}},
		{"put with key and body", Request{Method: "PUT", Body: []byte("x"), Header: http.Header{"X-Idempotency-Key": {"k"}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var seen atomic.Int64
			addr := listen(t, func(c net.Conn, _ int) {
				in := bufio.NewReader(c)
				readRequest(in)
				seen.Add(1)
				io.WriteString(c, head+"Content-Length: 0\r\n\r\n")
				if readRequest(in) != nil {
					seen.Add(1)
				}
			})
			c := newClient(t, Config{})
			tt.r.URL = "http://" + addr
			if o := c.Fetch(context.Background(), tt.r); o.Class != ClassOK || o.Conn.Reused {
				t.Fatalf("got %+v, want ok on a fresh connection", o)
			}
			o := c.Fetch(context.Background(), tt.r)
			if o.Class != ClassEOF || o.Attempts != 1 || !o.Conn.Reused {
				t.Errorf("got %+v, want eof after one attempt on the same connection", o)
			}
			if got := seen.Load(); got != 2 {
				t.Errorf("upstream saw %d requests, want 2", got)
			}
		})
	}
}

// TestR22bStaleConnectionIsReplaced closes every connection after its answer, without
// saying so. A request that finds its pooled connection dead before a byte was
// written goes out on a new one: one attempt, and the upstream sees it once.
func TestR22bStaleConnectionIsReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen atomic.Int64
		dial := pipes(func(c net.Conn, _ int) {
			readRequest(bufio.NewReader(c))
			seen.Add(1)
			io.WriteString(c, plain)
		})
		broken := func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := dial(ctx, network, addr)
			return &secondWriteFails{Conn: c, closed: make(chan struct{})}, err
		}
		c := newClient(t, Config{Dial: broken})
		for n := range 3 {
			o := fetch(t, c, "upstream", "/")
			if o.Class != ClassOK || o.Attempts != 1 || o.Conn.Reused {
				t.Errorf("request %d: got %+v, want ok after one attempt on a fresh connection", n, o)
			}
		}
		c.Close()
		if seen.Load() != 3 || c.Opened() != 3 {
			t.Errorf("upstream saw %d requests on %d connections, want 3 on 3", seen.Load(), c.Opened())
		}
	})
}

// TestHalfWrittenRequestIsNotReplaced fails the second write after one byte: the
// upstream may have seen something, so the request may not go out again.
func TestHalfWrittenRequestIsNotReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dial := pipes(func(c net.Conn, _ int) {
			in := bufio.NewReader(c)
			readRequest(in)
			io.WriteString(c, plain)
			io.Copy(io.Discard, in)
		})
		c := newClient(t, Config{Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := dial(ctx, network, addr)
			return &secondWriteFails{Conn: c, closed: make(chan struct{}), after: 1}, err
		}})
		fetch(t, c, "upstream", "/")
		o := fetch(t, c, "upstream", "/")
		if o.Class != ClassOther || !o.Conn.Reused || o.Attempts != 1 || c.Opened() != 1 {
			t.Errorf("got %+v over %d connections, want one failed attempt on the only one", o, c.Opened())
		}
	})
}

// TestEarlyAnswerCountsAsAttempt answers before the body of the request is read.
func TestEarlyAnswerCountsAsAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done := make(chan struct{})
		defer close(done)
		c := newClient(t, Config{Dial: pipes(func(c net.Conn, _ int) {
			http.ReadRequest(bufio.NewReader(c))
			io.WriteString(c, plain)
			<-done
		})})
		r := Request{Method: "POST", URL: "http://upstream/", Body: make([]byte, 1<<20)}
		if o := c.Fetch(context.Background(), r); o.Class != ClassOK || o.Attempts != 1 {
			t.Errorf("got %+v, want ok after one attempt", o)
		}
	})
}

// secondWriteFails is a connection whose death is noticed by writing only: reading
// from it waits until it is closed.
type secondWriteFails struct {
	net.Conn
	writes int
	after  int // bytes that the second write still carries
	closed chan struct{}
}

func (c *secondWriteFails) Write(p []byte) (int, error) {
	if c.writes++; c.writes > 1 {
		n, _ := c.Conn.Write(p[:c.after])
		return n, errors.New("write refused")
	}
	return c.Conn.Write(p)
}

func (c *secondWriteFails) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if errors.Is(err, io.EOF) {
		<-c.closed
	}
	return n, err
}

func (c *secondWriteFails) Close() error {
	select {
	case <-c.closed:
	default:
		close(c.closed)
	}
	return c.Conn.Close()
}
