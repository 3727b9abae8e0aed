package client

import (
	"crypto/x509"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// newTLSServer serves HTTP/1.1 over TLS.
func newTLSServer(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") }))
	server.Config.ErrorLog = discardLog()
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// rootsOf trusts a server.
func rootsOf(server *httptest.Server) *x509.CertPool {
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return roots
}

func TestTransportNamesAndSchemes(t *testing.T) {
	for transport, want := range map[Transport][2]string{
		H1: {"h1", ""}, H1Default: {"h1-default", ""}, H1NoKeepAlive: {"h1-nokeepalive", ""},
		H2: {"h2", "https"}, H2C: {"h2c", "http"}, 77: {"transport(77)", ""},
	} {
		if got := [2]string{transport.String(), transport.Scheme()}; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestConnectionsByTransport fans out again and again, as a route does, and counts
// connections. No request of a fan-out ends before the last has begun.
func TestConnectionsByTransport(t *testing.T) {
	const inFlight, fans = 20, 5
	for _, tt := range []struct {
		transport   Transport
		least, most int64
	}{
		{H1, inFlight, inFlight},
		// Two are kept, so each fan-out opens all others anew.
		{H1Default, inFlight + (inFlight-2)*(fans-1), inFlight + (inFlight-2)*(fans-1)},
		{H1NoKeepAlive, inFlight * fans, inFlight * fans},
		// Later fan-outs open none; the first opens up to one for each request.
		{H2C, 1, inFlight},
	} {
		t.Run(tt.transport.String(), func(t *testing.T) {
			var gate sync.WaitGroup
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				gate.Done()
				gate.Wait()
			}))
			server.Config.Protocols = new(http.Protocols)
			server.Config.Protocols.SetHTTP1(tt.transport != H2C)
			server.Config.Protocols.SetUnencryptedHTTP2(tt.transport == H2C)
			server.Start()
			defer server.Close()
			c := newClient(t, Config{InFlight: inFlight, Transport: tt.transport})
			for range fans {
				gate.Add(inFlight)
				var fan sync.WaitGroup
				for range inFlight {
					fan.Go(func() {
						if o := fetch(t, c, server.Listener.Addr().String(), "/"); o.Class != ClassOK {
							t.Errorf("got %+v, want ok", o)
						}
					})
				}
				fan.Wait()
			}
			if got := c.Opened(); got < tt.least || got > tt.most {
				t.Errorf("got %d connections, want %d to %d", got, tt.least, tt.most)
			}
		})
	}
}

// Twice a timeout may be more than a Duration holds, and 0 would be no bound at all.
func TestHandshakesHaveABound(t *testing.T) {
	for _, timeout := range []time.Duration{time.Second, math.MaxInt64} {
		if got := transport(Config{Timeout: timeout}).TLSHandshakeTimeout; got < timeout-1 {
			t.Errorf("timeout %v: handshakes may take %v", timeout, got)
		}
	}
}
