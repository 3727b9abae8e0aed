package client

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
)

// dialled counts connections that are still open, by wrapping what dials them.
type dialled struct{ open sync.WaitGroup }

// A closing connection tells once that it was closed.
type closing struct {
	net.Conn
	once   sync.Once
	closed func()
}

func (c *closing) Close() error {
	c.once.Do(c.closed)
	return c.Conn.Close()
}

func (d *dialled) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	raw, err := new(net.Dialer).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	d.open.Add(1)
	return &closing{Conn: raw, closed: d.open.Done}, nil
}

// serveHanging serves a transport, and hangs on /hang until it is set free.
func serveHanging(t *testing.T, transport Transport) (addr string, reached, free chan struct{}) {
	t.Helper()
	reached, free = make(chan struct{}, 1), make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hang" {
			reached <- struct{}{}
			<-free
		}
	}))
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(transport != H2C)
	server.Config.Protocols.SetUnencryptedHTTP2(transport == H2C)
	server.Start()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String(), reached, free
}

// TestCancelledAttemptsAreCounted cancels requests as early as can be, so that some are
// on the wire and some are not. Whoever was seen was counted.
func TestCancelledAttemptsAreCounted(t *testing.T) {
	const inFlight, each = 20, 50
	for _, transport := range []Transport{H1, H2C} {
		t.Run(transport.String(), func(t *testing.T) {
			var seen, attempts atomic.Int64
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { seen.Add(1) }))
			server.Config.Protocols = new(http.Protocols)
			server.Config.Protocols.SetHTTP1(transport != H2C)
			server.Config.Protocols.SetUnencryptedHTTP2(transport == H2C)
			server.Start()
			c := New(Config{Transport: transport, InFlight: inFlight, Timeout: hangGuard})
			fetch(t, c, server.Listener.Addr().String(), "/")
			var all sync.WaitGroup
			for range inFlight {
				all.Go(func() {
					for range each {
						ctx, cancel := context.WithCancel(t.Context())
						all.Go(cancel)
						attempts.Add(int64(c.Fetch(ctx, Request{URL: server.URL}).Attempts))
					}
				})
			}
			all.Wait()
			c.Close()
			server.Close() // waits for what it has seen
			if seen.Load()-1 > attempts.Load() {
				t.Errorf("the upstream saw %d requests, the outcomes count %d attempts", seen.Load()-1, attempts.Load())
			}
		})
	}
}

// TestCloseClosesEveryConnection closes a client that is idle, and one under a request
// that then ends well or is cancelled. The upstream closes nothing, so a connection
// that is left open makes the test hang.
func TestCloseClosesEveryConnection(t *testing.T) {
	for _, transport := range []Transport{H1, H1Default, H1NoKeepAlive, H2C} {
		t.Run(transport.String()+" idle", func(t *testing.T) {
			addr, _, _ := serveHanging(t, transport)
			var d dialled
			c := New(Config{Transport: transport, Dial: d.dial, Timeout: hangGuard})
			fetch(t, c, addr, "/")
			c.Close()
			d.open.Wait()
		})
		for _, want := range []Class{ClassOK, ClassCancelled} {
			t.Run(transport.String()+" under a request: "+string(want), func(t *testing.T) {
				addr, reached, free := serveHanging(t, transport)
				defer close(free)
				var d dialled
				c := New(Config{Transport: transport, Dial: d.dial, Timeout: hangGuard})
				ctx, cancel := context.WithCancel(t.Context())
				var closing sync.WaitGroup
				closing.Go(func() {
					<-reached
					c.Close()
					if want == ClassCancelled {
						cancel()
					} else {
						free <- struct{}{}
					}
				})
				if o := c.Fetch(ctx, Request{URL: "http://" + addr + "/hang"}); o.Class != want {
					t.Errorf("got %+v, want %s", o, want)
				}
				closing.Wait()
				d.open.Wait()
				cancel()
			})
		}
	}
}
