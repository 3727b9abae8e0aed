package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestFetchClassifiesDialErrors injects what a dialler can say.
func TestFetchClassifiesDialErrors(t *testing.T) {
	op := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	call := func(errno syscall.Errno) error { return op(os.NewSyscallError("connect", errno)) }
	dns := func(e net.DNSError) error { return op(&e) }
	for _, tt := range []struct {
		name  string
		err   error
		want  Class
		phase string
	}{
		{"refused", call(syscall.ECONNREFUSED), ClassRefused, ""},
		{"reset", call(syscall.ECONNRESET), ClassReset, ""},
		{"process descriptors", op(os.NewSyscallError("socket", syscall.EMFILE)), ClassLocalFDs, ""},
		{"system descriptors", op(os.NewSyscallError("socket", syscall.ENFILE)), ClassLocalFDs, ""},
		{"ports", call(syscall.EADDRNOTAVAIL), ClassLocalPorts, ""},
		{"not agreed", fmt.Errorf("far away: %w", ErrNotAgreed), ClassLocalRefused, ""},
		{"kernel timeout", call(syscall.ETIMEDOUT), ClassTimeout, "connect"},
		{"unreachable", call(syscall.EHOSTUNREACH), ClassOther, ""},
		{"no such host", dns(net.DNSError{Err: "no such host", IsNotFound: true}), ClassDNSNotFound, ""},
		{"resolver timeout", dns(net.DNSError{Err: "i/o timeout", IsTimeout: true}), ClassDNSTimeout, "dns"},
		{"resolver failure", dns(net.DNSError{Err: "server misbehaving"}), ClassDNSError, ""},
		{"resolver without descriptors", dns(net.DNSError{Err: "dial udp: socket: too many open files"}), ClassLocalFDs, ""},
		{"address", op(&net.AddrError{Err: "invalid port", Addr: "99999"}), ClassBadURL, ""},
		{"unknown", errors.New("out of luck"), ClassOther, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newClient(t, Config{Dial: func(context.Context, string, string) (net.Conn, error) { return nil, tt.err }})
			o := fetch(t, c, "upstream", "/")
			if o.Class != tt.want || o.Phase != tt.phase || o.Attempts != 0 || !errors.Is(o.Err, tt.err) {
				t.Errorf("got %+v, want %s without an attempt", o, tt.want)
			}
			if c.Opened() != 0 {
				t.Errorf("got %d connections opened, want 0", c.Opened())
			}
		})
	}
}

func TestFetchClassifiesRefusedPort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if o := fetch(t, newClient(t, Config{}), l.Addr().String(), "/"); o.Class != ClassRefused || o.Attempts != 0 {
		t.Errorf("got %+v, want refused", o)
	}
}

// TestR17ConnectionsAreReused runs waves of requests, each in full flight at once, and
// counts connections on both sides.
func TestR17ConnectionsAreReused(t *testing.T) {
	const inFlight, waves = 20, 5
	var mu sync.Mutex
	accepted := 0
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write(make([]byte, 100_000))
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			mu.Lock()
			accepted++
			mu.Unlock()
		}
	}
	server.Start()
	defer server.Close()
	c := newClient(t, Config{InFlight: inFlight})
	for range waves {
		var wave sync.WaitGroup
		for range inFlight {
			wave.Go(func() {
				if o := c.Fetch(context.Background(), Request{URL: server.URL}); o.Class != ClassOK || o.Bytes != 100_000 {
					t.Errorf("got %+v, want ok", o)
				}
			})
		}
		wave.Wait()
	}
	mu.Lock()
	defer mu.Unlock()
	if accepted > inFlight || int64(accepted) > c.Opened() {
		t.Errorf("upstream accepted %d connections, client opened %d, want at most %d", accepted, c.Opened(), inFlight)
	}
}

// TestEachHostKeepsItsConnection goes round three hosts twice, one request at a
// time: a bound on idle connections over all hosts would open six.
func TestEachHostKeepsItsConnection(t *testing.T) {
	c := newClient(t, Config{InFlight: 1})
	var hosts []string
	for range 3 {
		server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		t.Cleanup(server.Close)
		hosts = append(hosts, server.URL)
	}
	for range 2 {
		for _, host := range hosts {
			if o := c.Fetch(t.Context(), Request{URL: host}); o.Class != ClassOK {
				t.Fatalf("got %+v, want ok", o)
			}
		}
	}
	if c.Opened() != 3 {
		t.Errorf("opened %d connections to three hosts, want 3", c.Opened())
	}
}

// TestCloseEndsIdleConnections waits for the upstream to see them end.
func TestCloseEndsIdleConnections(t *testing.T) {
	ended := make(chan struct{})
	addr := listen(t, func(c net.Conn, _ int) {
		answer(plain)(c, 0) // returns once the other side has closed
		close(ended)
	})
	c := New(Config{})
	if o := fetch(t, c, addr, "/"); o.Class != ClassOK {
		t.Fatalf("got %+v, want ok", o)
	}
	c.Close()
	select {
	case <-ended:
	case <-time.After(hangGuard):
		t.Error("the connection is still open")
	}
}

// TestR11UpgradeIsClosedUnread waits for the upstream to see the connection of a 101 end,
// which net/http leaves to whoever holds the body.
func TestR11UpgradeIsClosedUnread(t *testing.T) {
	ended := make(chan struct{})
	addr := listen(t, func(c net.Conn, _ int) {
		answer("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")(c, 0)
		close(ended)
	})
	fetch(t, newClient(t, Config{}), addr, "/")
	select {
	case <-ended:
	case <-time.After(hangGuard):
		t.Error("the connection is still open")
	}
}

func TestTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Proto)
	}))
	server.Config.ErrorLog = discardLog()
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	c := newClient(t, Config{Roots: roots})
	o := c.Fetch(context.Background(), Request{URL: server.URL})
	if o.Class != ClassOK || o.Conn.Protocol != "HTTP/1.1" || o.Attempts != 1 {
		t.Errorf("got %+v, want ok over HTTP/1.1", o)
	}
	if o.Phases.TLS <= 0 || o.Conn.Addr != server.Listener.Addr().String() {
		t.Errorf("got %+v, want the time of the handshake and the address", o)
	}
	if o = c.Fetch(context.Background(), Request{URL: server.URL}); o.Phases.TLS != 0 || !o.Conn.Reused {
		t.Errorf("got %+v, want a reused connection without a handshake", o)
	}
}

func TestFetchClassifiesTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = discardLog()
	server.StartTLS()
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	demanding := httptest.NewUnstartedServer(http.NotFoundHandler())
	demanding.Config.ErrorLog = discardLog()
	demanding.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	demanding.StartTLS()
	defer demanding.Close()
	for name, tt := range map[string]struct {
		roots *x509.CertPool
		addr  string
		want  Class
	}{
		"unknown authority": {x509.NewCertPool(), server.Listener.Addr().String(), ClassTLSCertificate},
		"wrong host":        {roots, "localhost:" + port, ClassTLSCertificate},
		"wants a client":    {roots, demanding.Listener.Addr().String(), ClassTLS},
		"speaks HTTP":       {roots, listen(t, func(c net.Conn, _ int) { io.WriteString(c, plain); finish(c) }), ClassTLS},
		"closes":            {roots, listen(t, func(c net.Conn, _ int) { c.Read(make([]byte, 1)); finish(c) }), ClassTLS},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, Config{Roots: tt.roots})
			o := c.Fetch(context.Background(), Request{URL: "https://" + tt.addr})
			if o.Class != tt.want || o.Err == nil {
				t.Errorf("got %+v, want %s", o, tt.want)
			}
		})
	}
}
