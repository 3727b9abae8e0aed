package client

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http/httptrace"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const ms = time.Millisecond

// slowDial takes 7 ms for the name and 13 ms for the connection.
func slowDial(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		trace := httptrace.ContextClientTrace(ctx)
		trace.DNSStart(httptrace.DNSStartInfo{Host: addr})
		time.Sleep(7 * ms)
		trace.DNSDone(httptrace.DNSDoneInfo{})
		time.Sleep(13 * ms)
		return dial(ctx, network, addr)
	}
}

// slowly answers each request after 50 ms and gives the body another 30 ms.
func slowly(c net.Conn, _ int) {
	in := bufio.NewReader(c)
	for req := readRequest(in); req != nil; req = readRequest(in) {
		time.Sleep(50 * ms)
		if req.URL.Path == "/moved" {
			io.WriteString(c, "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 2\r\n\r\no")
		} else {
			io.WriteString(c, head+"Content-Length: 2\r\n\r\no")
		}
		time.Sleep(30 * ms)
		io.WriteString(c, "k")
	}
}

// TestPhasesAddUp measures in virtual time, to the nanosecond.
func TestPhasesAddUp(t *testing.T) {
	dialled := Phases{DNS: 7 * ms, Connect: 13 * ms, Wait: 50 * ms, Body: 30 * ms, Measured: true}
	reused := Phases{Wait: 50 * ms, Body: 30 * ms, Measured: true}
	twice := Phases{Wait: 100 * ms, Body: 60 * ms, Measured: true}
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Config{Dial: slowDial(pipes(slowly))})
		for _, tt := range []struct {
			path string
			want Phases
		}{{"/", dialled}, {"/", reused}, {"/moved", twice}} {
			o := fetch(t, c, "upstream", tt.path)
			if diff := cmp.Diff(tt.want, o.Phases); diff != "" || o.Conn.Reused != (tt.want.DNS == 0) {
				t.Errorf("phases of %s (-want +got):\n%s", tt.path, diff)
			}
		}
	})
}

// TestPhasesOfAHandedOverConnection lets a request wait for its own dial and get the
// connection of another request first: it paid for none of the dialling.
func TestPhasesOfAHandedOverConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dial := pipes(slowly)
		n := 0
		c := newClient(t, Config{InFlight: 2, Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if n++; n == 2 {
				time.Sleep(100 * ms) // ends while the request is under way elsewhere
			}
			return dial(ctx, network, addr)
		}})
		first := make(chan Outcome)
		go func() { first <- fetch(t, c, "upstream", "/") }()
		time.Sleep(ms) // the first is on the wire, so the second has to dial
		o := fetch(t, c, "upstream", "/")
		want := Phases{Wait: 50 * ms, Body: 30 * ms, Measured: true}
		if diff := cmp.Diff(want, o.Phases); diff != "" || !o.Conn.Reused {
			t.Errorf("got %+v, phases (-want +got):\n%s", o, diff)
		}
		<-first
		if c.Opened() != 2 {
			t.Errorf("got %d connections, want the late one as well", c.Opened())
		}
	})
}

// TestPhasesOfAFailure keeps what was measured before the request failed.
func TestPhasesOfAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, Config{Timeout: time.Second, Dial: slowDial(says(""))})
		o := fetch(t, c, "upstream", "/")
		want := Phases{DNS: 7 * ms, Connect: 13 * ms, Wait: 980 * ms, Measured: true}
		if diff := cmp.Diff(want, o.Phases); diff != "" {
			t.Errorf("phases (-want +got):\n%s", diff)
		}
	})
}

// TestInFlightBoundsConnections gives two requests one connection: they take turns.
func TestInFlightBoundsConnections(t *testing.T) {
	for _, tt := range []struct {
		inFlight int
		opened   int64
		took     time.Duration
	}{{0, 2, 80 * ms}, {1, 1, 160 * ms}, {2, 2, 80 * ms}} {
		synctest.Test(t, func(t *testing.T) {
			c := newClient(t, Config{InFlight: tt.inFlight, Dial: pipes(slowly)})
			start := time.Now()
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() {
					if o := fetch(t, c, "upstream", "/"); o.Class != ClassOK {
						t.Errorf("got %+v, want ok", o)
					}
				})
			}
			both.Wait()
			if took := time.Since(start); took != tt.took || c.Opened() != tt.opened {
				t.Errorf("with %d in flight: took %v over %d connections, want %v over %d",
					tt.inFlight, took, c.Opened(), tt.took, tt.opened)
			}
		})
	}
}
