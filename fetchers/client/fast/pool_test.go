package fast_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/fetchers/client/fast"
)

// pipes is an in-memory network: each dial gets one end, handle the other.
func pipes(handle func(c net.Conn, requests *bufio.Reader)) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		go func() {
			defer far.Close()
			handle(far, bufio.NewReader(far))
		}()
		return near, nil
	}
}

const (
	head    = "HTTP/1.1 200 OK\r\n"
	chunked = "Transfer-Encoding: chunked\r\n\r\n"
)

// TestR3BodiesThatBreakOff tells every kind of body that ended from one that broke off.
func TestR3BodiesThatBreakOff(t *testing.T) {
	for name, tt := range map[string]struct {
		answer string
		want   client.Class
		bytes  int64
	}{
		"whole":                {head + "Content-Length: 4\r\n\r\nbody", client.ClassOK, 4},
		"chunks":               {head + chunked + "4\r\nbody\r\n0\r\n\r\n", client.ClassOK, 4},
		"until the end":        {head + "\r\nbody", client.ClassOK, 4},
		"nothing":              {"HTTP/1.1 204 No Content\r\n\r\n", client.ClassOK, 0},
		"after a hint":         {"HTTP/1.1 103 Early\r\n\r\n" + head + "Content-Length: 4\r\n\r\nbody", client.ClassOK, 4},
		"short":                {head + "Content-Length: 5\r\n\r\nbody", client.ClassTruncated, 4},
		"between chunks":       {head + chunked + "4\r\nbody\r\n", client.ClassTruncated, 4},
		"within a chunk":       {head + chunked + "5\r\nbody", client.ClassTruncated, 4},
		"within a chunk's end": {head + chunked + "4\r\nbody", client.ClassTruncated, 4},
		"small chunks":         {head + chunked + strings.Repeat("1;a=b\r\nx\r\n", 50_000) + "0\r\n\r\n", client.ClassOK, 50_000},
		"endless extension":    {head + chunked + "4\r\nbody\r\n1;" + strings.Repeat("x", 1<<20), client.ClassTooLarge, 4},
		"endless hints":        {strings.Repeat("HTTP/1.1 103 Early\r\n\r\n", 1<<16), client.ClassHeadersTooLarge, 0},
		"status 000":           {"HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n", client.ClassMalformed, 0},
		"no chunk":             {head + chunked + "body", client.ClassMalformed, 0},
		"half the headers":     {head + "Content-Le", client.ClassMalformed, 0},
		"no HTTP":              {"SSH-2.0-OpenSSH\r\n\r\n", client.ClassMalformed, 0},
		"no answer":            {"", client.ClassEOF, 0},
		"switched":             {"HTTP/1.1 101 Switching Protocols\r\n\r\n", client.ClassUpgrade, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := fast.New(client.Config{Dial: pipes(func(c net.Conn, requests *bufio.Reader) {
					if _, err := http.ReadRequest(requests); err == nil {
						io.WriteString(c, tt.answer)
					}
				})})
				defer c.Close()
				o := c.Fetch(t.Context(), client.Request{URL: "http://upstream/"})
				if o.Class != tt.want || o.Bytes != tt.bytes || o.Attempts != 1 {
					t.Errorf("got %+v, want %s with %d bytes", o, tt.want, tt.bytes)
				}
			})
		})
	}
}

// TestR4NothingIsSentTwice closes every connection after its answer, without saying so.
// The next request finds that out: it fails, and is not sent again.
func TestR4NothingIsSentTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen atomic.Int64
		c := fast.New(client.Config{InFlight: 1, Dial: pipes(func(c net.Conn, requests *bufio.Reader) {
			for range 2 { // the second is read and not answered
				if _, err := http.ReadRequest(requests); err != nil {
					return
				}
				if seen.Add(1)%2 == 1 {
					io.WriteString(c, head+"Content-Length: 0\r\n\r\n")
				}
			}
		})})
		defer c.Close()
		for n, want := range []client.Class{client.ClassOK, client.ClassEOF, client.ClassOK, client.ClassEOF} {
			o := c.Fetch(t.Context(), client.Request{URL: "http://upstream/"})
			if o.Class != want || o.Attempts != 1 || o.Conn.Reused != (want == client.ClassEOF) {
				t.Errorf("request %d: got %+v, want %s after one attempt", n, o, want)
			}
		}
		if seen.Load() != 4 || c.Opened() != 2 {
			t.Errorf("the upstream saw %d requests over %d connections, want 4 over 2", seen.Load(), c.Opened())
		}
	})
}

// TestCancelIsHeardWhileWaiting ends a request that dials, and one that waits for the
// only connection.
func TestCancelIsHeardWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := fast.New(client.Config{InFlight: 1, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}})
		defer c.Close()
		for _, cause := range []error{context.Canceled, client.ErrTimeout} {
			ctx, cancel := context.WithCancelCause(t.Context())
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() {
					o := c.Fetch(ctx, client.Request{URL: "http://upstream/"})
					if !errors.Is(o.Err, cause) || o.Attempts != 0 || o.Class == client.ClassTimeout && o.Phase != "connect" {
						t.Errorf("got %+v, want the end by %v and nothing sent", o, cause)
					}
				})
			}
			synctest.Wait()
			cancel(cause)
			both.Wait()
		}
	})
}

// TestConnectionsAreBounded has more requests than connections.
func TestConnectionsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const inFlight, requests = 3, 30
		c := fast.New(client.Config{InFlight: inFlight, Dial: pipes(func(c net.Conn, in *bufio.Reader) {
			for _, err := http.ReadRequest(in); err == nil; _, err = http.ReadRequest(in) {
				io.WriteString(c, head+"Content-Length: 2\r\n\r\nok")
			}
		})})
		defer c.Close()
		var all sync.WaitGroup
		for range requests {
			all.Go(func() {
				if o := c.Fetch(t.Context(), client.Request{URL: "http://upstream/"}); o.Class != client.ClassOK {
					t.Errorf("got %+v, want ok", o)
				}
			})
		}
		all.Wait()
		if got := c.Opened(); got < 1 || got > inFlight {
			t.Errorf("got %d connections, want at most %d", got, inFlight)
		}
	})
}
