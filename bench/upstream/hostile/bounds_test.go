package hostile

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
)

// visiting is a visit of a server that is not started.
func visiting(t *testing.T, target, id string) *visit {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	return &visit{server: &Server{}, w: httptest.NewRecorder(), r: r, ctx: t.Context(), query: r.URL.Query(), id: id}
}

// TestEveryEndpointEnds calls every endpoint with no parameters over a connection in
// memory whose client reads everything, never leaves, and lives in virtual time:
// each is over within the time that a request has. Those that end by bytes alone take
// no virtual time at all, and are tested by their bytes below.
func TestEveryEndpointEnds(t *testing.T) {
	byBytes := []string{
		"/infinite", "/raw/endless-headers", "/raw/long-status", "/raw/endless-100",
		"/raw/chunk-ext", "/raw/endless-trailers", "/raw/endless-1xx",
	}
	for path := range endpoints() {
		if slices.Contains(byBytes, path) {
			continue
		}
		synctest.Test(t, func(t *testing.T) {
			here, there := net.Pipe()
			s := &Server{began: time.Now()}
			began := time.Now()
			host := upstream.StartHost(&oneConn{conn: there, closed: make(chan struct{})}, &http.Server{
				Handler: mux{s, endpoints()},
				ConnContext: func(ctx context.Context, _ net.Conn) context.Context {
					return context.WithValue(ctx, connKey{}, s.book.connected("pipe"))
				},
			})
			go func() { _, _ = io.WriteString(here, "GET "+path+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") }()
			_, _ = io.Copy(io.Discard, here)
			if took := time.Since(began); took > mostTime+time.Second {
				t.Errorf("%s: over after %v", path, took)
			}
			_ = here.Close()
			if err := host.Stop(); err != nil {
				t.Error(err)
			}
			if p := s.Stats().Paths[path]; p.Started != 1 || p.Finished+p.Gone != 1 {
				t.Errorf("%s: %+v", path, p)
			}
		})
	}
}

// oneConn is a listener that has one connection.
type oneConn struct {
	conn   net.Conn
	closed chan struct{}
}

func (l *oneConn) Accept() (net.Conn, error) {
	if c := l.conn; c != nil {
		l.conn = nil
		return c, nil
	}
	<-l.closed
	return nil, net.ErrClosed
}

func (l *oneConn) Close() error {
	select {
	case <-l.closed:
	default:
		close(l.closed)
	}
	return nil
}

func (l *oneConn) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// TestEndlessIsBounded reads what ends by its bytes to its end.
func TestEndlessIsBounded(t *testing.T) {
	s := start(t)
	for _, target := range []string{"/infinite", "/raw/endless-headers"} {
		conn := dial(t, s, "http")
		_, _ = io.WriteString(conn, "GET "+target+" HTTP/1.1\r\nHost: x\r\n\r\n")
		n, err := io.Copy(io.Discard, conn)
		// Chunks add a little to what is counted.
		if err != nil || n < mostBytes || n > mostBytes+mostBytes/100 {
			t.Errorf("%s: %d bytes, %v", target, n, err)
		}
		if p := s.Stats().Paths[target]; p.Finished != 1 || p.Bytes < mostBytes {
			t.Errorf("%s: %+v", target, p)
		}
	}
}

// TestLifeEnds wants everything closed when the time is over, and Close to say so
// twice.
func TestLifeEnds(t *testing.T) {
	s, err := Start(Options{Life: 10 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	<-s.Done()
	for _, listener := range s.Listeners() {
		if listener == "dns" {
			continue
		}
		if conn, err := net.Dial("tcp", s.Addr(listener)); err == nil {
			_ = conn.Close()
			t.Errorf("%s still listens", listener)
		}
	}
	if _, _, err := get(t, http.DefaultClient, s.Control()+"/_stats"); err == nil {
		t.Error("the counts are still served")
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	if _, err := Start(Options{Life: -1}); err == nil {
		t.Error("a negative life was accepted")
	}
}

// TestListeners wants the table's order, loopback addresses, and URLs where there are
// any.
func TestListeners(t *testing.T) {
	s := start(t)
	names := s.Listeners()
	for _, want := range strings.Fields("http port2 tcp-hang tcp-close tcp-rst tcp-noaccept tcp-banner tls-good tls-expired " +
		"tls-wronghost tls-selfsigned tls-old tls-stall tls-plain h2-goaway h2-enhance h2-refused h2-maxstreams1 h2-rst h2-stall proxy dns") {
		if !slices.Contains(names, want) {
			t.Errorf("there is no %s in %q", want, names)
		}
	}
	if s.URL("dns") != "" || s.URL("none") != "" || s.Addr("none") != "" {
		t.Error("there are URLs of what has none")
	}
}

// TestListenersAreOnLoopback wants every address there, and the scheme that fits.
func TestListenersAreOnLoopback(t *testing.T) {
	s := start(t)
	for _, name := range s.Listeners() {
		host, _, err := net.SplitHostPort(s.Addr(name))
		if err != nil || !net.ParseIP(host).IsLoopback() {
			t.Errorf("%s is at %q, %v", name, s.Addr(name), err)
		}
		scheme := "http://"
		if strings.HasPrefix(name, "tls-") || strings.HasPrefix(name, "h2-") {
			scheme = "https://"
		}
		if want := scheme + s.Addr(name); name != "dns" && s.URL(name) != want {
			t.Errorf("%s: got %q, want %q", name, s.URL(name), want)
		}
	}
}
