package upstream

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
)

// secured is a form with sockets that also serves TLS.
type secured struct {
	Upstream
	plain, tls []string // URLs
	roots      *x509.CertPool
}

// wire is one protocol with a client that speaks no other and trusts the upstream's
// authority and no other.
type wire struct {
	proto  string // as in http.Response
	urls   []string
	client *http.Client
	close  func()
	// dialled is how many connections the client opened: Go's may open a second one
	// before it knows that the first is free again.
	dialled func() int
}

// wires are the five ways to reach an upstream over sockets.
func wires(u secured) map[string]wire {
	over := func(proto string, urls []string, protocols *http.Protocols) wire {
		transport := &http.Transport{
			Protocols: protocols, MaxIdleConnsPerHost: 1000,
			TLSClientConfig: &tls.Config{RootCAs: u.roots},
		}
		var dials atomic.Int64
		transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			dials.Add(1)
			return new(net.Dialer).DialContext(ctx, network, address)
		}
		dialled := func() int { return int(dials.Load()) }
		return wire{proto, urls, &http.Client{Transport: transport}, transport.CloseIdleConnections, dialled}
	}
	var h1, h2, h2c http.Protocols
	h1.SetHTTP1(true)
	h2.SetHTTP2(true)
	h2c.SetUnencryptedHTTP2(true)
	h3 := &http3.Transport{
		TLSClientConfig: &tls.Config{RootCAs: u.roots},
		QUICConfig:      &quic.Config{MaxIdleTimeout: idleTimeout},
	}
	return map[string]wire{
		"h1":     over("HTTP/1.1", u.plain, &h1),
		"h2c":    over("HTTP/2.0", u.plain, &h2c),
		"h1-tls": over("HTTP/1.1", u.tls, &h1),
		"h2":     over("HTTP/2.0", u.tls, &h2),
		"h3":     {"HTTP/3.0", u.tls, &http.Client{Transport: h3}, func() { _ = h3.Close() }, func() int { return 1 }},
	}
}

// multiplexed says that many requests share a connection.
func (w wire) multiplexed() bool { return w.proto != "HTTP/1.1" }

// eachWire runs the test over every protocol of a server and of a process, from
// counts of zero.
func eachWire(t *testing.T, p Profile, test func(t *testing.T, u secured, w wire)) {
	t.Helper()
	server, err := Serve("", p, Options{Secure: true})
	if err != nil {
		t.Fatal(err)
	}
	process, err := Start(t.Context(), child("serve"), p, Options{Secure: true})
	if err != nil {
		t.Fatal(err)
	}
	for form, u := range map[string]secured{
		"server":  {server, server.URLs(), server.SecureURLs(), server.Roots()},
		"process": {process, process.URLs(), process.SecureURLs(), process.Roots()},
	} {
		for name, w := range wires(u) {
			t.Run(form+"/"+name, func(t *testing.T) {
				if err := u.Begin(t.Context(), 0); err != nil {
					t.Fatal(err)
				}
				test(t, u, w)
				w.close()
			})
		}
		if err := errors.Join(u.Close(), u.Close()); err != nil {
			t.Errorf("%s: close: %v", form, err)
		}
	}
}

// get makes a request and returns the protocol, the status and the body.
func get(ctx context.Context, client *http.Client, url, id string) (string, int, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", 0, nil, err
	}
	r.Header.Set(IDHeader, id)
	response, err := client.Do(r)
	if err != nil {
		return "", 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return response.Proto, response.StatusCode, body, err
}

// until asks for the counts until they are as wanted; a test that waits for ever is
// ended by its deadline.
func until(t *testing.T, u Upstream, wanted func(Counts) bool) {
	t.Helper()
	for begin := time.Now(); !wanted(counts(t, u)); <-time.After(time.Millisecond) {
		if time.Since(begin) > hang {
			t.Fatalf("after %v: %+v", hang, counts(t, u).InFlight)
		}
	}
}
