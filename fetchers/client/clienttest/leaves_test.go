package clienttest_test

import (
	"context"
	"sync"
	"testing"

	"github.com/fetchbench/fetchbench/bench/upstream/hostile"
	"github.com/fetchbench/fetchbench/fetchers/client"
)

// TestR29SecretsStayWithTheirOrigin, and so does everything else.
func TestR29SecretsStayWithTheirOrigin(t *testing.T) {
	server := open(t)
	for _, carrier := range net1() {
		c := carrier.new(config(server, patience))
		for _, path := range []string{"/redirect-other-host", "/redirect-other-port"} {
			o := c.Fetch(t.Context(), client.Request{URL: at(server, path) + "?token=canary", Header: map[string][]string{
				"Authorization": {"Bearer canary"}, "Cookie": {"session=canary"}, "X-Api-Key": {"canary"},
			}})
			if o.Class != client.ClassRedirectRefused {
				t.Errorf("%s to %s: got %+v, want redirect_refused", carrier.name, path, o)
			}
		}
		c.Close()
	}
	stats := server.Stats()
	for _, secret := range stats.Secrets {
		if secret.Listener != "http" || secret.Header == "Referer" {
			t.Errorf("%+v came where it should not", secret)
		}
	}
	if len(stats.Secrets) != 6 {
		t.Errorf("the upstream itself saw %v, want three headers at each of two paths", stats.Secrets)
	}
}

// TestR21NothingIsLeftOfWhatWasCancelled: two hundred requests are under way when the
// caller gives up. That no goroutine is left is for the end of all tests to see.
func TestR21NothingIsLeftOfWhatWasCancelled(t *testing.T) {
	server := open(t)
	for _, carrier := range net1() {
		for _, path := range []string{"/hang", "/stall-at?bytes=100&of=1000", "/drip?bytes=1000&every=20"} {
			cfg := config(server, patience)
			cfg.InFlight = 50
			c := carrier.new(cfg)
			ctx, cancel := context.WithCancel(t.Context())
			var all sync.WaitGroup
			server.Reset()
			for range 50 {
				all.Go(func() {
					if o := c.Fetch(ctx, client.Request{URL: at(server, path)}); o.Class != client.ClassCancelled {
						t.Errorf("%s to %s: got %+v, want cancelled", carrier.name, path, o)
					}
				})
			}
			until(t, func() bool { return server.Stats().Started() == 50 })
			cancel()
			all.Wait()
			c.Close()
			// The upstream sees every client leave.
			until(t, func() bool { return gone(server) == 50 })
		}
	}
}

// gone counts the requests whose client left.
func gone(server *hostile.Server) (n int) {
	for _, path := range server.Stats().Paths {
		n += path.Gone
	}
	return n
}
