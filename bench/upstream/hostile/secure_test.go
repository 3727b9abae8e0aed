package hostile

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// trusting is a configuration that trusts the server's authority and no other.
func trusting(s *Server) *tls.Config { return &tls.Config{RootCAs: s.Roots()} }

// TestTLS wants every certificate to have the one fault of its listener.
func TestTLS(t *testing.T) {
	s := start(t)
	var expired x509.CertificateInvalidError
	var host x509.HostnameError
	var unknown x509.UnknownAuthorityError
	for listener, is := range map[string]func(error) bool{
		"tls-good":       func(err error) bool { return err == nil },
		"tls-expired":    func(err error) bool { return errors.As(err, &expired) && expired.Reason == x509.Expired },
		"tls-wronghost":  func(err error) bool { return errors.As(err, &host) },
		"tls-selfsigned": func(err error) bool { return errors.As(err, &unknown) },
		"tls-old":        func(err error) bool { return err != nil && strings.Contains(err.Error(), "protocol version") },
		"tls-plain": func(err error) bool {
			return err != nil && strings.Contains(err.Error(), "HTTP response to HTTPS client")
		},
	} {
		if _, _, err := get(t, client(t, s), s.URL(listener)+"/ok"); !is(err) {
			t.Errorf("%s: %v", listener, err)
		}
	}
}

// TestTLSChanging wants the second connection to show what the first did not.
func TestTLSChanging(t *testing.T) {
	s := start(t)
	c := client(t, s)
	for i, want := range []bool{true, false, true} {
		if _, _, err := get(t, c, s.URL("tls-changing")+"/ok"); (err == nil) != want {
			t.Errorf("connection %d: %v", i+1, err)
		}
	}
}

// TestTLSFaultsAreSingle accepts the one fault of each listener and wants an answer.
func TestTLSFaultsAreSingle(t *testing.T) {
	s := start(t)
	config := func(change func(*tls.Config)) *tls.Config {
		c := trusting(s)
		change(c)
		return c
	}
	for listener, accepting := range map[string]*tls.Config{
		"tls-wronghost":  config(func(c *tls.Config) { c.ServerName = "elsewhere.localhost" }),
		"tls-selfsigned": config(func(c *tls.Config) { c.InsecureSkipVerify = true }),
		"tls-expired":    config(func(c *tls.Config) { c.InsecureSkipVerify = true }),
		"tls-old":        config(func(c *tls.Config) { c.MinVersion = tls.VersionTLS10 }),
	} {
		transport := &http.Transport{DisableKeepAlives: true, TLSClientConfig: accepting}
		response, _, err := get(t, &http.Client{Transport: transport}, s.URL(listener)+"/ok")
		if err != nil || response.StatusCode != http.StatusOK {
			t.Errorf("%s: %v", listener, err)
		}
		transport.CloseIdleConnections()
	}
}

// TestTLSStall sends what a client begins with and wants nothing to come back before
// the client leaves.
func TestTLSStall(t *testing.T) {
	s := start(t)
	conn, config := dial(t, s, "tls-stall"), trusting(s)
	config.ServerName = "localhost"
	failed := make(chan error, 1)
	go func() { failed <- tls.Client(conn, config).HandshakeContext(t.Context()) }()
	until(t, s, func(now Stats) bool { return now.Connections["tls-stall"] == 1 })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-failed; !errors.Is(err, io.EOF) && !strings.Contains(err.Error(), "reset") {
		t.Errorf("the handshake ended with %v", err)
	}
}

// TestRawNeedsHTTP1 wants a plain refusal where there is no connection to take over,
// and the rest to be served over HTTP/2 as well.
func TestRawNeedsHTTP1(t *testing.T) {
	s := start(t)
	transport := &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: trusting(s)}
	defer transport.CloseIdleConnections()
	for path, want := range map[string]int{"/raw/garbage": http.StatusHTTPVersionNotSupported, "/ok": http.StatusOK} {
		response, _, err := get(t, &http.Client{Transport: transport}, s.URL("tls-good")+path)
		if err != nil || response.ProtoMajor != 2 || response.StatusCode != want {
			t.Errorf("%s: %v, %v", path, response, err)
		}
	}
}
