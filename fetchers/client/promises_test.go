package client

import (
	"bufio"
	"context"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
)

// TestR28NoProxyIsUsed names one in every variable that programs look at, and looks at
// whom the client dials: the host itself. A name is used that no rule exempts.
func TestR28NoProxyIsUsed(t *testing.T) {
	var proxied atomic.Bool
	proxy := listen(t, func(net.Conn, int) { proxied.Store(true) })
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"} {
		t.Setenv(name, "http://"+proxy)
	}
	t.Setenv("NO_PROXY", "")
	upstream := listen(t, answer(plain))
	for transport, url := range map[Transport]string{
		H1: "http://upstream.example", H1Default: "http://upstream.example", H1NoKeepAlive: "http://upstream.example",
		H2: "https://upstream.example", H2C: "http://upstream.example",
	} {
		var mu sync.Mutex
		var dialled []string
		c := newClient(t, Config{Transport: transport, Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			mu.Lock()
			dialled = append(dialled, addr)
			mu.Unlock()
			return new(net.Dialer).DialContext(ctx, network, upstream)
		}})
		c.Fetch(t.Context(), Request{URL: url})
		mu.Lock()
		want := map[string]string{"http:": "upstream.example:80", "https": "upstream.example:443"}[url[:5]]
		if len(dialled) != 1 || dialled[0] != want {
			t.Errorf("%s dialled %q, want %s only", transport, dialled, want)
		}
		mu.Unlock()
	}
	if proxied.Load() {
		t.Error("the proxy was asked")
	}
}

// TestR30NoRefererTravels: neither where a redirect is followed nor where it is
// refused, although the first URL has a secret in its query. No credentials get to
// another origin, because nothing gets there.
func TestR30NoRefererTravels(t *testing.T) {
	other, strange := recorder(t, redirectTo(http.StatusOK, ""))
	for location, want := range map[string]Class{"/end": ClassOK, other.URL + "/end": ClassRedirectRefused} {
		server, all := recorder(t, redirectTo(http.StatusFound, location))
		o := newClient(t, Config{}).Fetch(t.Context(), Request{
			URL: server.URL + "/start?token=secret", Header: http.Header{"X-Api-Key": {"secret"}, "Authorization": {"Bearer secret"}},
		})
		if o.Class != want {
			t.Errorf("to %s: got %+v, want %s", location, o, want)
		}
		for _, request := range all() {
			if request.Referer != "" {
				t.Errorf("to %s: got a Referer, %q", location, request.Referer)
			}
		}
	}
	if got := strange(); len(got) != 0 {
		t.Errorf("the other origin saw %v", got)
	}
}

// TestR32NobodyIsTrustedUnasked: nothing in a Config switches the check of certificates
// off. The only way to be trusted is to be among the roots.
func TestR32NobodyIsTrustedUnasked(t *testing.T) {
	server := newTLSServer(t)
	for _, roots := range []*x509.CertPool{nil, x509.NewCertPool()} {
		o := newClient(t, Config{Roots: roots}).Fetch(t.Context(), Request{URL: server.URL})
		if o.Class != ClassTLSCertificate || o.Attempts != 0 {
			t.Errorf("got %+v, want tls_certificate and nothing sent", o)
		}
	}
	if o := newClient(t, Config{Roots: rootsOf(server)}).Fetch(t.Context(), Request{URL: server.URL}); o.Class != ClassOK {
		t.Errorf("got %+v, want ok with the right roots", o)
	}
}

// TestR22AnswersAreMatchedToTheirRequest sends the second answer together with the
// first. It was there before the next request, which must not take it for its own, as
// net/http does if that request waits for the connection.
func TestR22AnswersAreMatchedToTheirRequest(t *testing.T) {
	addr := listen(t, func(c net.Conn, connection int) {
		in := bufio.NewReader(c)
		unasked := head + "Content-Length: 9\r\n\r\nunasked-f"
		if connection%2 == 0 { // one without a body is over before it can be refused
			unasked = head + "Content-Length: 0\r\n\r\n"
		}
		for ; readRequest(in) != nil; unasked = "" {
			io.WriteString(c, plain+unasked)
		}
	})
	c := newClient(t, Config{InFlight: 1})
	var all sync.WaitGroup
	for range 1000 {
		all.Go(func() {
			if o := fetch(t, c, addr, "/"); o.Class == ClassOK && o.Bytes != 2 {
				t.Errorf("got %+v, the answer that nobody asked for", o)
			}
		})
	}
	all.Wait()
}
