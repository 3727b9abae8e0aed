package h3_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/fetchers/client/clienttest"
	"github.com/fetchbench/fetchbench/fetchers/client/h3"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestH3Conforms(t *testing.T) {
	clienttest.Conform(t, clienttest.Transport{
		Protocol: "HTTP/3.0", New: h3.New, Serve: clienttest.ServeH3,
		Refused: client.ClassTimeout, Aborted: client.ClassReset,
	})
}

// TestH3OpensOneConnection shares it among all that are in flight, from a cold start,
// and opens another once it is gone.
func TestH3OpensOneConnection(t *testing.T) {
	const inFlight = 20
	var arrived atomic.Int64
	all := make(chan struct{})
	url, roots := clienttest.ServeH3(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if arrived.Add(1) == inFlight {
			close(all)
		}
		<-all
	}))
	c := h3.New(client.Config{Roots: roots, InFlight: inFlight})
	outcomes := make(chan client.Outcome)
	for range inFlight {
		go func() { outcomes <- c.Fetch(context.Background(), client.Request{URL: url}) }()
	}
	fresh := 0
	for range inFlight {
		o := <-outcomes
		if o.Class != client.ClassOK || !strings.HasSuffix(url, o.Conn.Addr) {
			t.Errorf("got %+v, want ok", o)
		}
		if !o.Conn.Reused {
			fresh++
		}
	}
	if c.Opened() != 1 || fresh != 1 {
		t.Errorf("got %d connections, opened by %d requests, want one by one", c.Opened(), fresh)
	}
	c.Close()
	if o := c.Fetch(t.Context(), client.Request{URL: url}); o.Class != client.ClassOK || c.Opened() != 2 {
		t.Errorf("after Close: got %+v over %d connections, want ok over the second", o, c.Opened())
	}
	c.Close()
}

// TestH3RefusesPlainURLs sends nothing.
func TestH3RefusesPlainURLs(t *testing.T) {
	c := h3.New(client.Config{})
	defer c.Close()
	if o := c.Fetch(t.Context(), client.Request{URL: "http://127.0.0.1/"}); o.Class != client.ClassBadURL || o.Err == nil {
		t.Errorf("got %+v, want bad_url", o)
	}
}
