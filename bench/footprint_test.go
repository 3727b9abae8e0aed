package bench

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// phoneBook is a resolver that knows some names. No packet leaves the machine.
func phoneBook(names map[string][]string) Lookup {
	return func(_ context.Context, host string) (list []netip.Addr, err error) {
		for _, address := range names[host] {
			list = append(list, netip.MustParseAddr(address))
		}
		if list == nil {
			err = errors.New("no such host")
		}
		return list, err
	}
}

// planFor is a plan for URLs, with the defaults of the command line.
func planFor(t *testing.T, urls ...string) Plan {
	t.Helper()
	p, err := Defaults("")
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range urls {
		p.URLs = append(p.URLs, Request{URL: u})
	}
	return p
}

// TestR62PrivateAddressesRunFreely: the addresses are the edges of the ranges in RFC
// 1918, 4193, 4291, 3927 and 1122, each with its neighbour.
func TestR62PrivateAddressesRunFreely(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1": false, "127.255.255.255": false, "126.255.255.255": true, "128.0.0.0": true,
		"10.0.0.0": false, "10.255.255.255": false, "9.255.255.255": true, "11.0.0.0": true,
		"172.16.0.0": false, "172.31.255.255": false, "172.15.255.255": true, "172.32.0.0": true,
		"192.168.0.0": false, "192.168.255.255": false, "192.167.255.255": true, "192.169.0.0": true,
		"169.254.0.1": false, "169.253.255.255": true, "100.64.0.1": true, "192.0.2.1": true, "0.0.0.0": false,
		"::1": false, "::": false, "::2": true, "fc00::": false, "fdff:ffff::1": false, "fbff::1": true, "fe00::1": true,
		"fe80::1": false, "febf::1": false, "fe80::1%eth0": false, "fec0::1": true, "2001:db8::1": true, "ff02::1": true,
		"::ffff:127.0.0.1": false, "::ffff:0.0.0.0": false, "::ffff:192.168.1.1": false, "::ffff:192.0.2.1": true, "64:ff9b::7f00:1": true,
	} {
		if got := foreign(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is foreign: %v, want %v", address, got, want)
		}
	}
}

// TestR62LoadsAreCounted of a plan of 8 requests over three URLs, of which the first
// host has two: 3 and 2 requests a fan-out. Twice in a trial, in 4 rounds and 1 of warm-up,
// that is 5*2*5 = 50 for sequential, four times that with three retries, and twice
// for a hedge.
func TestR62LoadsAreCounted(t *testing.T) {
	p := planFor(t, "http://API.test/a", "http://10.1.2.3:80/b", "http://api.test:8080/c", "http://never.test/")
	p.Requests, p.Repeat, p.Rounds, p.Warmup = 8, 2, 4, 1
	p.Contenders = []string{"sequential", "pool:3+retry:3", "goroutines+hedge:1ms"}
	lookup := phoneBook(map[string][]string{"api.test": {"10.0.0.7", "192.0.2.1"}})
	p.URLs = p.URLs[:3]
	f, err := Assess(t.Context(), p, lookup)
	if err != nil {
		t.Fatal(err)
	}
	want := []Load{
		{Host: "api.test", Foreign: true, Requests: 5 * 2 * 5 * (1 + 4 + 2), InFlight: 2 * 5},
		{Host: "10.1.2.3", Requests: 3 * 2 * 5 * (1 + 4 + 2), InFlight: 2 * 3},
	}
	same := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Addresses" }, cmp.Ignore())
	if diff := cmp.Diff(want, f.Hosts, same); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if f.Requests != 8*2*5*7 || f.InFlight != 16 || f.Bytes != int64(f.Requests)*(8<<20+256<<10) || f.Time != defaultRun {
		t.Errorf("all together %+v", f)
	}
	// Warm connections cost a request to each origin, of which api.test has two.
	p.Connections = Warm
	if f, err = Assess(t.Context(), p, lookup); err != nil || f.Hosts[0].Requests != want[0].Requests+2*5*3 {
		t.Errorf("warm: %+v, %v", f.Hosts, err)
	}
	p = planFor(t, "http://never.test/")
	f, err = Assess(t.Context(), p, lookup)
	if err != nil || f.Hosts[0].Foreign || len(f.Foreign()) > 0 {
		t.Errorf("a name that is not found: %+v, %v", f.Hosts, err)
	}
}

// TestR62MuchNeedsConsent: more than 1000 requests or more than 32 in flight, and no
// overflow that makes a load look light.
func TestR62MuchNeedsConsent(t *testing.T) {
	for _, c := range []struct {
		name     string
		host     string
		requests int
		rounds   int
		want     bool
	}{
		{"1000 requests", "192.0.2.1", 10, 100, false},
		{"1010 requests", "192.0.2.1", 10, 101, true},
		{"32 in flight", "192.0.2.1", 32, 2, false},
		{"33 in flight", "192.0.2.1", 33, 2, true},
		{"private", "192.168.0.1", 33, 101, false},
		{"as many rounds as there may be", "192.0.2.1", 32, 1_000_000, true},
	} {
		p := planFor(t, "http://"+c.host+"/")
		p.Contenders, p.Requests, p.Rounds, p.Warmup = []string{"goroutines"}, c.requests, c.rounds, 0
		f, err := Assess(t.Context(), p, phoneBook(nil))
		if err != nil {
			t.Fatal(err)
		}
		if got := len(f.NeedsConsent()) > 0; got != c.want || f.Bytes < 0 {
			t.Errorf("%s: consent is needed: %v, want %v; %+v", c.name, got, c.want, f)
		}
		// Whoever does not ask first is refused before anything is sent.
		e, err := Open(t.Context(), p, Tool{})
		if got := errors.Is(err, ErrNoConsent); got != c.want || err != nil && !c.want {
			t.Errorf("%s: Open says %v", c.name, err)
		}
		if err == nil {
			_ = e.Close()
		}
	}
}

// TestR62LookupsAreBounded by ten seconds, whatever the resolver does. What was found
// until then is kept.
func TestR62LookupsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var urls []string
		for _, name := range []string{"quick.test", "a.test", "b.test", "c.test"} {
			urls = append(urls, "http://"+name+"/")
		}
		begun := time.Now()
		f, err := Assess(t.Context(), planFor(t, urls...), func(ctx context.Context, host string) ([]netip.Addr, error) {
			if host == "quick.test" {
				return []netip.Addr{netip.MustParseAddr("192.0.2.1")}, nil
			}
			<-ctx.Done()
			return nil, ctx.Err()
		})
		if err != nil || len(f.Foreign()) != 1 || time.Since(begun) != longestLookup {
			t.Errorf("%+v, %v after %v", f, err, time.Since(begun))
		}
	})
}

// TestR62AnEmbeddedUpstreamIsNobodyElse, so it may have any load.
func TestR62AnEmbeddedUpstreamIsNobodyElse(t *testing.T) {
	p, err := Defaults("article")
	if err != nil {
		t.Fatal(err)
	}
	p.Requests, p.Rounds = 5000, 20
	f, err := Assess(t.Context(), p, phoneBook(nil))
	if err != nil || len(f.Hosts) != 0 || f.Requests != 5000*20*2 || f.InFlight != 5000 {
		t.Errorf("%+v, %v", f, err)
	}
}

// A name that does not exist is known to be none; one that nobody answered for is not.
func TestNamesThatDoNotExistAreKnown(t *testing.T) {
	answers := map[string]error{
		"none.test":   &net.DNSError{Err: "no such host", IsNotFound: true},
		"silent.test": &net.DNSError{Err: "server misbehaving", IsTemporary: true},
	}
	p := planFor(t, "http://none.test/", "http://silent.test/", "http://127.0.0.1/")
	f, err := Assess(t.Context(), p, func(_ context.Context, host string) ([]netip.Addr, error) { return nil, answers[host] })
	if err != nil {
		t.Fatal(err)
	}
	if lost := f.Unknown(); len(lost) != 1 || lost[0].Host != "none.test" {
		t.Errorf("%+v", f.Hosts)
	}
}
