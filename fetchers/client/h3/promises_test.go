package h3_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quic-go/quic-go"

	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/fetchers/client/clienttest"
	"github.com/fetchbench/fetchbench/fetchers/client/h3"
)

// TestR10H3DeadlineEndsEveryPhase: a handshake that is not answered, a stream on which
// nothing comes, and a body that breaks off without an end. QUIC has a timer of its own
// for handshakes, of the same length, and may be the one to say it.
func TestR10H3DeadlineEndsEveryPhase(t *testing.T) {
	over := make(chan struct{})
	t.Cleanup(func() { close(over) })
	silent, _ := streams(t, func(*quic.Conn, *quic.Stream) {})
	stalls, roots := clienttest.ServeH3(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			io.WriteString(w, "half")
			http.NewResponseController(w).Flush()
		}
		select {
		case <-r.Context().Done():
		case <-over:
		}
	}))
	for _, tt := range []struct{ name, url string }{
		{"no handshake", "https://" + deafSocket(t)}, {"no answer to a stream", silent}, {"no headers", stalls + "/headers"}, {"half a body", stalls + "/body"},
	} {
		c := h3.New(client.Config{Roots: roots, Timeout: 300 * time.Millisecond})
		o := c.Fetch(t.Context(), client.Request{URL: tt.url})
		c.Close()
		if o.Class != client.ClassTimeout || o.Phase == "" || o.Attempts > 0 && !errors.Is(o.Err, client.ErrTimeout) {
			t.Errorf("%s: got %+v, want a timeout, its phase and the deadline as its reason", tt.name, o)
		}
	}
}

// deafSocket is the address of a socket that reads nothing.
func deafSocket(t *testing.T) string {
	t.Helper()
	socket, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	return socket.LocalAddr().String()
}

// TestR13H3NothingIsEndless: neither a body nor the headers.
func TestR13H3NothingIsEndless(t *testing.T) {
	url, roots := clienttest.ServeH3(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/headers" {
			w.Header().Set("X-Long", strings.Repeat("x", 100_000))
			return
		}
		for _, err := w.Write(make([]byte, 1000)); err == nil; _, err = w.Write(make([]byte, 1000)) {
		}
	}))
	c := h3.New(client.Config{Roots: roots, Limits: client.Limits{WireLimit: 50_000, DecodedLimit: 50_000, HeaderLimit: 10_000}})
	defer c.Close()
	for path, want := range map[string]client.Class{"/body": client.ClassTooLarge, "/headers": client.ClassHeadersTooLarge} {
		if o := c.Fetch(t.Context(), client.Request{URL: url + path}); o.Class != want {
			t.Errorf("%s: got %+v, want %s", path, o, want)
		}
	}
}

// TestR29H3RedirectToAnotherOriginIsRefused, and nothing arrives there.
func TestR29H3RedirectToAnotherOriginIsRefused(t *testing.T) {
	var strayed atomic.Int64
	other, _ := clienttest.ServeH3(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strayed.Add(1) }))
	url, roots := clienttest.ServeH3(t, http.RedirectHandler(other, http.StatusFound))
	c := h3.New(client.Config{Roots: roots})
	defer c.Close()
	if o := c.Fetch(t.Context(), client.Request{URL: url}); o.Class != client.ClassRedirectRefused || strayed.Load() != 0 {
		t.Errorf("got %+v and %d requests elsewhere, want redirect_refused and none", o, strayed.Load())
	}
}
