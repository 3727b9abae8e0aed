package clienttest_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream/hostile"
	"github.com/fetchbench/fetchbench/fetchers/client"
)

// asking dials by the names that the hostile upstream answers for.
func asking(server *hostile.Server) func(context.Context, string, string) (net.Conn, error) {
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, "udp", server.Addr("dns"))
		if socket, ok := c.(*net.UDPConn); ok {
			return impatient{socket}, socket.SetDeadline(time.Now().Add(deadline + deadline/2))
		}
		return c, err
	}}
	return (&net.Dialer{Resolver: resolver}).DialContext
}

// An impatient socket keeps its deadline. The resolver of Go waits for an answer that
// nobody waits for any more, in a goroutine of its own, for five seconds and then again.
type impatient struct{ *net.UDPConn }

// SetDeadline does not.
func (impatient) SetDeadline(time.Time) error { return nil }

// named is the address of a good path under a name. The dot at its end keeps the
// resolver from trying it below other domains.
func named(server *hostile.Server, name string) string {
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(server.URL("http"), "http://"))
	return "http://" + name + ".torture.:" + port + "/ok"
}

// TestR23BothFamiliesWork, and an address of IPv6 where nobody is does not keep a
// request from the one of IPv4. The address that was used is told.
func TestR23BothFamiliesWork(t *testing.T) {
	server := open(t)
	if server.URL("v6") == "" {
		t.Skip("SKIPPED: there is no ::1 here")
	}
	for _, carrier := range net1() {
		cfg := config(server, patience)
		cfg.Dial = asking(server) // which waits 300 ms for IPv6 before it tries both
		c := carrier.new(cfg)
		for url, from := range map[string]string{
			at(server, "v6/ok"):            "[::1]:",
			at(server, "/ok"):              "127.0.0.1:",
			named(server, "v6blackhole"):   "127.0.0.1:",
			named(server, "ok") + "?again": "127.0.0.1:",
		} {
			if o := c.Fetch(t.Context(), client.Request{URL: url}); o.Class != client.ClassOK || !strings.HasPrefix(o.Conn.Addr, from) {
				t.Errorf("%s to %s: got %+v, want ok from %s", carrier.name, url, o, from)
			}
		}
		c.Close()
	}
}

// TestR24LookupsAreAPhaseOfTheirOwn: a name is asked for once a connection, that is
// what its time is told for, and a connection that is used again asks nobody.
func TestR24LookupsAreAPhaseOfTheirOwn(t *testing.T) {
	server := open(t)
	for _, carrier := range net1() {
		cfg := config(server, patience)
		cfg.Dial = asking(server)
		c := carrier.new(cfg)
		server.Reset()
		const requests = 5
		lookups := 0
		for range requests {
			o := c.Fetch(t.Context(), client.Request{URL: named(server, "ok")})
			if o.Class != client.ClassOK || (o.Phases.DNS > 0) == o.Conn.Reused {
				t.Errorf("%s: got %+v, want ok, and a lookup unless the connection was there", carrier.name, o)
			}
			if o.Phases.DNS > 0 {
				lookups++
			}
		}
		want := map[bool]int{true: requests, false: 1}[carrier.name == client.H1NoKeepAlive.String()]
		if asked := server.Stats().DNS["ok.torture. A"]; lookups != want || asked != want {
			t.Errorf("%s: %d lookups are told and %d came, want %d", carrier.name, lookups, asked, want)
		}
		c.Close()
	}
}

// TestR25NamesFailInThreeWays, which have a class each.
func TestR25NamesFailInThreeWays(t *testing.T) {
	server := open(t)
	for _, carrier := range net1() {
		cfg := config(server, deadline)
		cfg.Dial = asking(server)
		c := carrier.new(cfg)
		for name, want := range map[string]client.Class{
			"nx": client.ClassDNSNotFound, "empty": client.ClassDNSNotFound,
			"servfail": client.ClassDNSError, "drop": client.ClassDNSTimeout,
		} {
			start := time.Now()
			o := c.Fetch(t.Context(), client.Request{URL: named(server, name)})
			if o.Class != want || o.Attempts != 0 || (o.Phase == "dns") != (want == client.ClassDNSTimeout) {
				t.Errorf("%s to %s: got %+v, want %s and nothing sent", carrier.name, name, o, want)
			}
			if took := time.Since(start); took > deadline+hangGuard {
				t.Errorf("%s to %s: took %v", carrier.name, name, took)
			}
		}
		c.Close()
	}
}
