package h3_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
	"go.uber.org/goleak"

	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/fetchers/client/clienttest"
	"github.com/fetchbench/fetchbench/fetchers/client/h3"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve serves HTTP/3 on loopback, with the certificate that httptest has.
func serve(t testing.TB, h http.Handler) (string, *x509.CertPool) {
	t.Helper()
	lender := httptest.NewTLSServer(nil)
	certificates, roots := lender.TLS.Certificates, x509.NewCertPool()
	roots.AddCert(lender.Certificate())
	lender.Close()
	socket, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	server := &http3.Server{
		Handler: h, TLSConfig: &tls.Config{Certificates: certificates, MinVersion: tls.VersionTLS13},
		QUICConfig: &quic.Config{},
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		server.Serve(socket)
	}()
	t.Cleanup(func() {
		server.Close()
		socket.Close()
		<-served
	})
	return "https://" + socket.LocalAddr().String(), roots
}

func TestH3Conforms(t *testing.T) {
	clienttest.Conform(t, clienttest.Transport{
		Protocol: "HTTP/3.0", New: h3.New, Serve: serve,
		Refused: client.ClassTimeout, Aborted: client.ClassReset,
	})
}
