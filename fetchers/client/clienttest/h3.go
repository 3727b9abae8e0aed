package clienttest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/quic-go/quic-go/http3"
)

// Borrow returns the certificate of httptest for a server, and who has to trust it.
func Borrow() (*tls.Config, *x509.CertPool) {
	lender := httptest.NewTLSServer(nil)
	defer lender.Close()
	roots := x509.NewCertPool()
	roots.AddCert(lender.Certificate())
	return &tls.Config{Certificates: lender.TLS.Certificates, MinVersion: tls.VersionTLS12}, roots
}

// ServeH3 is a Server of HTTP/3, by quic-go.
func ServeH3(t testing.TB, h http.Handler) (string, *x509.CertPool) {
	t.Helper()
	config, roots := Borrow()
	socket, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	server := &http3.Server{Handler: h, TLSConfig: config}
	served := make(chan error)
	go func() { served <- server.Serve(socket) }()
	t.Cleanup(func() {
		if err := errors.Join(server.Close(), socket.Close()); err != nil {
			t.Error(err)
		}
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return "https://" + socket.LocalAddr().String(), roots
}
