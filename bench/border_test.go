package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/results"
)

// A faraway is a server over pipes that says to be at any address: what is dialled
// there never leaves the process.
type faraway struct {
	handler http.HandlerFunc
	// addresses are where the host is found by one dial after the other; the last
	// one stays.
	addresses []string
	dials     atomic.Int64
	conns     chan net.Conn
	closed    chan struct{}
}

// connect stands in for the dialler of the system: it finds an address, asks, and
// connects.
func (f *faraway) connect(_ context.Context, _, _ string, allow func(string) error) (net.Conn, error) {
	at := min(int(f.dials.Add(1)), len(f.addresses)) - 1
	if err := allow(f.addresses[at]); err != nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err}
	}
	near, far := net.Pipe()
	select {
	case f.conns <- far:
		return near, nil
	case <-f.closed:
		return nil, errors.Join(net.ErrClosed, near.Close(), far.Close())
	}
}

// Accept, Close and Addr make it a listener.
func (f *faraway) Accept() (net.Conn, error) {
	select {
	case conn := <-f.conns:
		return conn, nil
	case <-f.closed:
		return nil, net.ErrClosed
	}
}

func (f *faraway) Close() error   { return nil }
func (f *faraway) Addr() net.Addr { return &net.TCPAddr{} }

// open opens a plan whose hosts are found by the phone book, with the faraway server
// in the place of the network.
func (f *faraway) open(t *testing.T, p Plan, lookup Lookup) *Experiment {
	t.Helper()
	f.conns, f.closed = make(chan net.Conn), make(chan struct{})
	server := &http.Server{Handler: f.handler, Protocols: new(http.Protocols)}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(true)
	var served sync.WaitGroup
	served.Go(func() { _ = server.Serve(f) })
	agreed, err := Assess(t.Context(), p, lookup)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Open(t.Context(), p, Tool{Agreed: agreed})
	if err != nil {
		t.Fatal(err)
	}
	b := newBorder(agreed, true)
	b.connect = f.connect
	if e.target, err = e.plan.open(t.Context(), "test", b, e.contenders); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		close(f.closed)
		_ = errors.Join(server.Close(), e.Close())
		served.Wait()
	})
	return e
}

// run makes the trials.
func (f *faraway) run(t *testing.T, e *Experiment) (list []results.Trial, last error) {
	t.Helper()
	for trial, err := range e.Trials(t.Context()) {
		if err != nil {
			return list, err
		}
		list = append(list, trial)
	}
	return list, nil
}

// TestR63TheDialledAddressDecides: a name that was at a private address when the run
// was announced and is elsewhere by the second connection gets nothing more, over
// every transport that dials through the harness.
func TestR63TheDialledAddressDecides(t *testing.T) {
	for _, over := range []string{"h1-nokeepalive", "h1", "fasthttp", "h2c"} {
		for _, second := range []string{"192.0.2.1:80", "[2001:db8::1]:80", "[::ffff:192.0.2.1]:80", "nonsense"} {
			t.Run(over+" "+second, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { rebind(t, over, second) })
			})
		}
	}
}

// rebind fetches twice, from one address and then from another.
func rebind(t *testing.T, over, second string) {
	var arrived atomic.Int64
	f := &faraway{addresses: []string{"10.0.0.7:80", second}}
	f.handler = func(http.ResponseWriter, *http.Request) { arrived.Add(1) }
	p := planFor(t, "http://rebind.test/")
	p.Contenders, p.Rounds, p.Warmup = []string{"sequential@" + over}, 2, 0
	list, err := f.run(t, f.open(t, p, phoneBook(map[string][]string{"rebind.test": {"10.0.0.7"}})))
	if err != nil || len(list) != 2 {
		t.Fatalf("%d trials, %v", len(list), err)
	}
	if list[0].Outcome != results.OK {
		t.Errorf("at its private address the host came to %+v", list[0].Tally)
	}
	tally := list[1].Tally
	if tally.Failed != 1 || tally.Attempts != 0 || tally.Failures[0].Class != string(client.ClassLocalRefused) {
		t.Fatalf("elsewhere it came to %+v", tally)
	}
	if text := tally.Failures[0].Text; !strings.Contains(text, "rebind.test is at "+second) || !strings.Contains(text, "nothing was sent") {
		t.Errorf("the reason is %q", text)
	}
	if arrived.Load() != 1 {
		t.Errorf("%d requests arrived, want 1", arrived.Load())
	}
}

// TestR63RedirectsAreDialledLikewise: within its origin a redirect is followed, and
// dials again where connections are not kept.
func TestR63RedirectsAreDialledLikewise(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var arrived atomic.Int64
		f := &faraway{addresses: []string{"10.0.0.7:80", "192.0.2.1:80"}}
		f.handler = func(w http.ResponseWriter, r *http.Request) {
			arrived.Add(1)
			http.Redirect(w, r, "/further", http.StatusFound)
		}
		p := planFor(t, "http://rebind.test/")
		p.Contenders, p.Rounds, p.Warmup = []string{"sequential@h1-nokeepalive"}, 1, 0
		list, err := f.run(t, f.open(t, p, phoneBook(map[string][]string{"rebind.test": {"10.0.0.7"}})))
		if err != nil || len(list) != 1 {
			t.Fatalf("%d trials, %v", len(list), err)
		}
		tally := list[0].Tally
		if tally.Failed != 1 || tally.Attempts != 1 || tally.Redirects != 1 || tally.Failures[0].Class != string(client.ClassLocalRefused) || arrived.Load() != 1 {
			t.Errorf("%d requests arrived; %+v", arrived.Load(), tally)
		}
	})
}

// TestR63WhatWasSaidMayBeDialled: a host that is not private and was announced as
// such, and one that needed no announcement because nobody asked and it gets little.
func TestR63WhatWasSaidMayBeDialled(t *testing.T) {
	b := newBorder(&Footprint{Hosts: []Load{
		{Host: "said.test", Foreign: true, Requests: 5000}, {Host: "private.test"}, {Host: "xn--bcher-kva.test", Foreign: true},
	}}, true)
	library := newBorder(&Footprint{Hosts: []Load{{Host: "light.test", Requests: 5}, {Host: "heavy.test", Requests: 5000}}}, false)
	for _, c := range []struct {
		border        *border
		host, address string
		allowed       bool
	}{
		{b, "said.test", "192.0.2.1:80", true},
		{b, "SAID.test", "192.0.2.1:80", true},
		{b, "bücher.test", "192.0.2.1:80", true},
		{b, "private.test", "192.0.2.1:80", false},
		{b, "private.test", "[fd00::1]:80", true},
		{b, "other.test", "192.0.2.1:80", false},
		{b, "other.test", "127.0.0.1:80", true},
		{b, "other.test", "", false},
		{library, "light.test", "192.0.2.1:80", true},
		{library, "heavy.test", "192.0.2.1:80", false},
	} {
		err := c.border.allow(c.host, c.address)
		if (err == nil) != c.allowed || err != nil && !errors.Is(err, client.ErrNotAgreed) {
			t.Errorf("%s at %q: %v, allowed should be %v", c.host, c.address, err, c.allowed)
		}
	}
}

// TestR63EveryDoorIsWatched: HTTP/3 dials by itself, and asks with the Allow of its
// configuration. Of an embedded upstream, which is on this machine, nobody asks.
func TestR63EveryDoorIsWatched(t *testing.T) {
	p := planFor(t, "https://10.0.0.7/")
	p.Contenders = []string{"sequential@h3"}
	e, err := Open(t.Context(), p, Tool{Agreed: &Footprint{Hosts: []Load{{Host: "10.0.0.7"}}}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if err := e.target.config.Allow("10.0.0.7", "192.0.2.1:443"); !errors.Is(err, client.ErrNotAgreed) {
		t.Errorf("the way out is open: %v", err)
	}
	if err := e.target.config.Allow("10.0.0.7", "10.0.0.7:443"); err != nil {
		t.Error(err)
	}
}

// TestR63NothingReachesARefusedAddress with the dialler of the system on loopback: it
// asks with the address that the name came to, before it connects.
func TestR63NothingReachesARefusedAddress(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	var asked []string
	refuse := func(address string) error {
		asked = append(asked, address)
		return fmt.Errorf("no: %w", client.ErrNotAgreed)
	}
	if _, err := connect(t.Context(), "tcp4", "localhost:"+port, refuse); !errors.Is(err, client.ErrNotAgreed) {
		t.Errorf("a refused dial came to %v", err)
	}
	conn, err := connect(t.Context(), "tcp4", "localhost:"+port, func(string) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	first, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if first.RemoteAddr().String() != conn.LocalAddr().String() || len(asked) != 1 || asked[0] != "127.0.0.1:"+port {
		t.Errorf("the first connection came from %v, not from %v; asked about %q", first.RemoteAddr(), conn.LocalAddr(), asked)
	}
}
