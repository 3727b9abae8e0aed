package main

import (
	"bytes"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
)

// memory is the base of an upstream in memory; nobody and late are hosts where nobody
// listens, which late says after 10 ms.
const memory, nobody, late = "http://memory.invalid", "http://nobody.invalid", "http://late.invalid"

// A visit is a site in front of an upstream, both in virtual time: what a page takes
// is exact.
type visit struct {
	*site
	handler http.Handler
	up      *upstream.Memory
	logged  *lockedBuffer
}

// inBubble visits a site in front of the profile. All that the site and its upstream
// started has ended when it returns.
func inBubble(t *testing.T, p upstream.Profile, change func(*options), test func(t *testing.T, v *visit)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		v := &visit{up: upstream.NewMemory(p), logged: &lockedBuffer{}}
		o := options{upstream: memory, config: usual()}
		o.config.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			if strings.HasPrefix(addr, "nobody.") {
				return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
			}
			if strings.HasPrefix(addr, "late.") {
				time.Sleep(10 * time.Millisecond)
				return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
			}
			return v.up.Dial(ctx, network, addr)
		}
		if change != nil {
			change(&o)
		}
		s, err := newSite(o, log.New(v.logged, "", 0))
		if err != nil {
			t.Fatal(err)
		}
		v.site, v.handler = s, s.routes()
		test(t, v)
		s.client.Close()
		if err := v.up.Close(); err != nil {
			t.Error(err)
		}
	})
}

// get asks for a page, and says how long it took.
func (v *visit) get(t *testing.T, path string) (*httptest.ResponseRecorder, time.Duration) {
	t.Helper()
	begin := time.Now()
	w := httptest.NewRecorder()
	v.handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w, time.Since(begin)
}

// seen is what the upstream saw since it was last asked.
func (v *visit) seen(t *testing.T) upstream.Counts {
	t.Helper()
	synctest.Wait() // a server needs a moment to see that a client has left
	counts, err := v.up.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := v.up.Begin(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	return counts
}

// named is a profile of the catalogue.
func named(t testing.TB, name string) upstream.Profile {
	t.Helper()
	p, err := upstream.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// lockedBuffer is a log that several may write to.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// String is what was written so far.
func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// roundTripper is an upstream that is a function.
type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// mustGet asks a real server.
func mustGet(t *testing.T, client *http.Client, url string) (status int, text string) {
	t.Helper()
	response, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }() // it was read to its end
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}
