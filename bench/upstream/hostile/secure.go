package hostile

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"sync/atomic"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
)

// secured are the listeners over TLS. All but the last two serve the endpoints to who
// accepts their one fault.
func secured() []listener {
	return []listener{
		{name: "tls-good", scheme: "https", start: startTLS(func(*x509.Certificate) {})},
		{name: "tls-expired", scheme: "https", start: startTLS(func(leaf *x509.Certificate) {
			leaf.NotBefore, leaf.NotAfter = leaf.NotBefore.AddDate(-1, 0, 0), time.Now().Add(-time.Hour)
		})},
		{name: "tls-wronghost", scheme: "https", start: startTLS(func(leaf *x509.Certificate) {
			// The authority may sign for this name: it is not its fault.
			leaf.DNSNames, leaf.IPAddresses = []string{"elsewhere.localhost"}, nil
		})},
		{name: "tls-selfsigned", scheme: "https", start: startSelfSigned},
		{name: "tls-old", scheme: "https", start: startOld},
		{name: "tls-changing", scheme: "https", start: startChanging},
		{name: "tls-stall", scheme: "https", start: startRaw(swallow)},
		{name: "tls-plain", scheme: "https", start: startMux},
	}
}

// swallow reads what it is sent, a ClientHello for example, and never says anything.
func swallow(_ context.Context, c net.Conn, _ *connection) { _, _ = io.Copy(io.Discard, c) }

// startTLS serves the endpoints under a certificate of the server's authority, after
// a change to it.
func startTLS(change func(leaf *x509.Certificate)) func(*Server, listener) (net.Addr, func() error, error) {
	return func(s *Server, row listener) (net.Addr, func() error, error) {
		leaf := upstream.Leaf(time.Now())
		change(leaf)
		certificate, err := s.signer.Sign(leaf)
		return s.startSecure(row, certificate, tls.VersionTLS12, 0, err)
	}
}

// startChanging serves the endpoints under a good certificate to the first connection
// and every second one after it, and under one that nobody vouches for to the others.
func startChanging(s *Server, row listener) (net.Addr, func() error, error) {
	good, err := s.signer.Sign(upstream.Leaf(time.Now()))
	if err != nil {
		return nil, nil, err
	}
	bad, err := upstream.SelfSigned(upstream.Leaf(time.Now()))
	if err != nil {
		return nil, nil, err
	}
	var handshakes atomic.Int64
	return s.serveSecure(row, &tls.Config{
		MinVersion: tls.VersionTLS12,
		// Resumed, a connection would show no certificate at all.
		SessionTicketsDisabled: true,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			if handshakes.Add(1)%2 == 1 {
				return &good, nil
			}
			return &bad, nil
		},
	})
}

// startSelfSigned serves the endpoints under a certificate that nobody vouches for.
func startSelfSigned(s *Server, row listener) (net.Addr, func() error, error) {
	certificate, err := upstream.SelfSigned(upstream.Leaf(time.Now()))
	return s.startSecure(row, certificate, tls.VersionTLS12, 0, err)
}

// startOld serves the endpoints over TLS 1.0 and 1.1, which RFC 8996 forbids.
func startOld(s *Server, row listener) (net.Addr, func() error, error) {
	certificate, err := s.signer.Sign(upstream.Leaf(time.Now()))
	return s.startSecure(row, certificate, tls.VersionTLS10, tls.VersionTLS11, err)
}

// startSecure serves the endpoints over versions of TLS, unless something failed
// before.
func (s *Server) startSecure(row listener, own tls.Certificate, least, most uint16, failed error) (net.Addr, func() error, error) {
	if failed != nil {
		return nil, nil, failed
	}
	return s.serveSecure(row, &tls.Config{Certificates: []tls.Certificate{own}, MinVersion: least, MaxVersion: most})
}

// serveSecure serves the endpoints with a configuration.
func (s *Server) serveSecure(row listener, config *tls.Config) (net.Addr, func() error, error) {
	site, err := startSite(&s.book, row.name, row.address, mux{s, endpoints()}, config)
	if err != nil {
		return nil, nil, err
	}
	return site.addr, site.stop, nil
}
