// Package clienttest holds the contract of a transport as a test: whatever carries the
// requests, the outcomes, their words and their counts are the same.
//
// A package that brings a transport runs [Conform] in its tests. All of it happens on
// loopback. Nothing here waits for a time to pass but where a deadline is what has to
// end a request, and there the length of the wait is not looked at.
package clienttest

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// A Transport is what Conform tests.
type Transport struct {
	// Protocol is what the transport speaks, as outcomes name it.
	Protocol string
	// New makes a client over it.
	New func(client.Config) *client.Client
	// Serve serves a handler until the end of the test.
	Serve Server
	// Refused and Aborted are the classes where nobody listens and where the
	// upstream gives up in the middle of a body.
	Refused, Aborted client.Class
}

// A Server serves a handler on loopback until the end of the test, and returns its URL
// and the authorities to trust.
type Server func(t testing.TB, h http.Handler) (url string, roots *x509.CertPool)

// hangGuard is far beyond anything a test needs; only a hang reaches it.
const hangGuard = 30 * time.Second

// Serve is a Server of net/http, over TLS if secure. It speaks what set allows.
func Serve(secure bool, set func(*http.Protocols)) Server {
	return func(t testing.TB, h http.Handler) (string, *x509.CertPool) {
		t.Helper()
		server := httptest.NewUnstartedServer(h)
		server.Config.ErrorLog = log.New(io.Discard, "", 0) // what goes wrong does so on purpose
		server.Config.Protocols = new(http.Protocols)
		set(server.Config.Protocols)
		if !secure {
			server.Start()
			t.Cleanup(server.Close)
			return server.URL, nil
		}
		server.EnableHTTP2 = server.Config.Protocols.HTTP2()
		server.StartTLS()
		t.Cleanup(server.Close)
		roots := x509.NewCertPool()
		roots.AddCert(server.Certificate())
		return server.URL, roots
	}
}

// bodySize is more than the windows and buffers between two ends of a loopback
// connection hold: once so much was written, some of it has been read. Linux gives a
// connection 10 MiB at most unless it is told otherwise.
const bodySize = 16 << 20

// An upstream answers by path, and counts what came.
type upstream struct {
	seen    atomic.Int64
	reached chan struct{} // told when a request is where the test wants it
	free    chan struct{} // closed when requests need not hang any longer
	bad     atomic.Value  // of string, the first request that lacked something
}

// ServeHTTP serves one path for each thing that can be tested.
func (u *upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	u.seen.Add(1)
	if r.Header.Get("X-Request-Id") == "" || r.Header.Get("User-Agent") != "conform/1" {
		u.bad.CompareAndSwap(nil, fmt.Sprintf("%s with %v", r.URL, r.Header))
	}
	switch path, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/"); path {
	case "status":
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(len(rest)) // the status is as long as the rest of the path
		say(w, []byte("sorry"))
	case "moved":
		http.Redirect(w, r, "/ok", http.StatusFound)
	case "elsewhere":
		http.Redirect(w, r, "http://elsewhere.invalid/", http.StatusFound)
	case "echo":
		body, _ := io.ReadAll(r.Body) // the client counts what comes back
		say(w, body)
	case "hang", "half", "abort":
		u.stall(w, path)
	default:
		plain(w, path)
	}
}

// say writes to a client that may have left, which is its right and often the test.
func say(w io.Writer, text []byte) { _, _ = w.Write(text) }

// plain serves the paths that always end well.
func plain(w http.ResponseWriter, path string) {
	switch path {
	case "gzip":
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		say(z, bytes.Repeat([]byte("a"), 5000))
		_ = z.Close() // as in say
	case "headers":
		for range 80 {
			w.Header().Add("X-Long", strings.Repeat("x", 100))
		}
	case "big":
		say(w, make([]byte, 100_000))
	default:
		say(w, []byte("hello"))
	}
}

// stall serves the paths that do not end well. A request that hangs does so until the
// end of the test, or until it is let go: if the upstream answered as soon as it saw
// the client leave, the answer could still overtake the leaving.
func (u *upstream) stall(w http.ResponseWriter, path string) {
	switch path {
	case "hang":
		u.reached <- struct{}{}
		<-u.free
	case "half":
		say(w, make([]byte, bodySize))
		u.reached <- struct{}{}
		<-u.free
	case "abort":
		say(w, make([]byte, 64<<10))
		_ = http.NewResponseController(w).Flush() // without it, too little is sent, and the test fails
		panic(http.ErrAbortHandler)
	}
}

// A bed is a client with an upstream, for one test.
type bed struct {
	*client.Client
	up    *upstream
	url   string
	roots *x509.CertPool
}

// lay sets up a test.
func (tr Transport) lay(t *testing.T, config client.Config) bed {
	t.Helper()
	up := &upstream{reached: make(chan struct{}, 1), free: make(chan struct{})}
	url, roots := tr.Serve(t, up)
	t.Cleanup(func() { close(up.free) })
	config.Roots, config.UserAgent = roots, "conform/1"
	if config.Timeout == 0 {
		config.Timeout = hangGuard
	}
	c := tr.New(config)
	t.Cleanup(c.Close)
	return bed{c, up, url, roots}
}

// get fetches a path.
func (b bed) get(ctx context.Context, path string) client.Outcome {
	return b.Fetch(ctx, client.Request{ID: "id-1", URL: b.url + path})
}

// check complains unless the upstream has seen so many requests, all of them whole.
func (b bed) check(t *testing.T, want int) {
	t.Helper()
	if got := b.up.seen.Load(); got != int64(want) {
		t.Errorf("the upstream saw %d requests, the outcomes count %d attempts", got, want)
	}
	if bad := b.up.bad.Load(); bad != nil {
		t.Errorf("a request lacked its id or agent: %v", bad)
	}
}
