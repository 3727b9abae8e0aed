package hostile

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// resolver asks the server and nobody else.
func resolver(s *Server) *net.Resolver {
	return &net.Resolver{PreferGo: true, StrictErrors: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", s.Addr("dns"))
	}}
}

// TestDNS asks for every name. Errors are those of net, by kind.
func TestDNS(t *testing.T) {
	s := start(t)
	for _, c := range []struct{ name, want string }{
		{"ok", "127.0.0.1"},
		{"deep.ok", "127.0.0.1"},
		{"slow", "127.0.0.1"},
		{"rebind", "127.0.0.1"},
		{"rebind", "192.0.2.1"},
		{"v6blackhole", "100::1 127.0.0.1"},
		{"empty", "not found"},
		{"nx", "not found"},
		{"unheard-of", "not found"},
		{"servfail", "temporary"},
	} {
		got, err := resolver(s).LookupHost(t.Context(), c.name+".torture.")
		slices.Sort(got)
		said := strings.Join(got, " ")
		var failed *net.DNSError
		switch {
		case errors.As(err, &failed) && failed.IsNotFound:
			said = "not found"
		case errors.As(err, &failed) && failed.IsTemporary:
			said = "temporary"
		}
		if said != c.want {
			t.Errorf("%s: got %q, %v, want %q", c.name, said, err, c.want)
		}
	}
	if got := s.Stats().DNS; got["rebind.torture. A"] != 2 || got["ok.torture. AAAA"] != 1 {
		t.Errorf("got %v", got)
	}
	s.Reset()
	if got, err := resolver(s).LookupHost(t.Context(), "rebind.torture."); err != nil || !slices.Equal(got, []string{"127.0.0.1"}) {
		t.Errorf("after a reset: %v, %v", got, err)
	}
}

// TestDNSDrop wants no answer to a question that was counted. Go's resolver heeds
// the deadline of a context and not its cancelling.
func TestDNSDrop(t *testing.T) {
	s := start(t)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if got, err := resolver(s).LookupHost(ctx, "drop.torture."); err == nil {
		t.Errorf("there was an answer: %v", got)
	}
	until(t, s, func(now Stats) bool { return now.DNS["drop.torture. A"] > 0 })
}

// TestProxy wants the lines recorded, nothing dialled and CONNECT refused. The hosts
// are reserved names (RFC 2606): were they dialled, nobody would be there.
func TestProxy(t *testing.T) {
	s := start(t)
	at, err := url.Parse(s.URL("proxy"))
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{Proxy: http.ProxyURL(at), DisableKeepAlives: true}
	c := &http.Client{Transport: transport, Timeout: late}
	if _, body, err := get(t, c, "http://a.invalid/b?c"); err != nil || body != "proxied\n" {
		t.Errorf("got %q, %v", body, err)
	}
	if _, _, err := get(t, c, "https://a.invalid/"); err == nil || !strings.Contains(err.Error(), "Forbidden") {
		t.Errorf("got %v", err)
	}
	want := []string{"GET http://a.invalid/b?c HTTP/1.1", "CONNECT a.invalid:443 HTTP/1.1"}
	if got := s.Stats().Proxied; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestSleepEndsWithItsContext returns at once where there is nothing to wait for.
func TestSleepEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	if !sleep(ctx, 0) || !sleep(ctx, time.Microsecond) {
		t.Error("a sleep was cut short")
	}
	cancel()
	if sleep(ctx, 0) || sleep(ctx, time.Hour) {
		t.Error("a sleep outlasted its context")
	}
}
