package upstream

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/quic-go/quic-go/http3"
)

// parts are the certificates of an authority and of its server.
func parts(t *testing.T, now time.Time) (root, leaf *x509.Certificate) {
	t.Helper()
	ca, config, err := newAuthority(now)
	if err != nil {
		t.Fatal(err)
	}
	block, rest := pem.Decode(ca.pem)
	if block == nil || len(rest) != 0 || block.Type != "CERTIFICATE" {
		t.Fatalf("the authority is handed out as %q", ca.pem)
	}
	if root, err = x509.ParseCertificate(block.Bytes); err != nil {
		t.Fatal(err)
	}
	if leaf, err = x509.ParseCertificate(config.Certificates[0].Certificate[0]); err != nil {
		t.Fatal(err)
	}
	return root, leaf
}

// Valid for the three names of loopback and no other, from a day before to a year
// after, to whoever trusts this authority; another one, made the same way, is no
// reason to believe it.
func TestCertificateIsForLoopbackOnly(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	root, leaf := parts(t, now)
	other, _ := parts(t, now)
	valid := func(name string, at time.Time, trusted *x509.Certificate) bool {
		pool := x509.NewCertPool()
		pool.AddCert(trusted)
		_, err := leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: pool, CurrentTime: at})
		return err == nil
	}
	const year = 365 * 24 * time.Hour
	for _, c := range []struct {
		name string
		at   time.Time
		ca   *x509.Certificate
		want bool
	}{
		{"127.0.0.1", now, root, true},
		{"::1", now, root, true},
		{"localhost", now, root, true},
		{"127.0.0.2", now, root, false},
		{"example.invalid", now, root, false},
		{"127.0.0.1", now.Add(-23 * time.Hour), root, true},
		{"127.0.0.1", now.Add(-25 * time.Hour), root, false},
		{"127.0.0.1", now.Add(year - time.Hour), root, true},
		{"127.0.0.1", now.Add(year + time.Hour), root, false},
		{"127.0.0.1", now, other, false},
	} {
		if got := valid(c.name, c.at, c.ca); got != c.want {
			t.Errorf("%s at %v: valid %v, want %v", c.name, c.at, got, c.want)
		}
	}
	if root.SerialNumber.Cmp(other.SerialNumber) == 0 || root.SerialNumber.BitLen() > 160 {
		t.Errorf("serial numbers %v and %v", root.SerialNumber, other.SerialNumber)
	}
}

// Should its key ever be known, the authority is believed about loopback only.
func TestAuthorityIsForLoopbackOnly(t *testing.T) {
	root, _ := parts(t, time.Now())
	if !root.IsCA || !root.MaxPathLenZero || root.KeyUsage != x509.KeyUsageCertSign || !root.PermittedDNSDomainsCritical {
		t.Errorf("the authority may sign more than certificates of servers: %+v", root)
	}
	if len(root.PermittedDNSDomains) != 1 || root.PermittedDNSDomains[0] != "localhost" || len(root.PermittedIPRanges) != 2 {
		t.Errorf("it is believed about %v and %v", root.PermittedDNSDomains, root.PermittedIPRanges)
	}
	for _, block := range root.PermittedIPRanges {
		if ones, bits := block.Mask.Size(); !block.IP.IsLoopback() || ones != bits {
			t.Errorf("it is believed about %v", block)
		}
	}
}

// A client that was not given the authority, as any other program on the machine,
// does not believe the server: over TCP and over QUIC.
func TestNobodyElseTrustsTheAuthority(t *testing.T) {
	s, err := Serve("", constant(1, 0), Options{Secure: true})
	if err != nil {
		t.Fatal(err)
	}
	h3 := &http3.Transport{TLSClientConfig: &tls.Config{RootCAs: x509.NewCertPool()}}
	for name, transport := range map[string]http.RoundTripper{"tcp": &http.Transport{}, "quic": h3} {
		client := http.Client{Transport: transport}
		_, _, err := fetch(t.Context(), &client, s.SecureURLs()[0], "")
		var unknown x509.UnknownAuthorityError
		if !errors.As(err, &unknown) && (err == nil || !strings.Contains(err.Error(), "certificate signed by unknown authority")) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := errors.Join(h3.Close(), s.Close()); err != nil {
		t.Error(err)
	}
}

// Without being asked for there is no second port, no certificate and no pool; a
// pool that is empty instead of nil would trust nobody.
func TestNothingIsSecureUnlessAskedFor(t *testing.T) {
	s, err := Serve("", constant(1, 0), Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := Start(t.Context(), child("serve"), constant(1, 0), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Secure() != "" || s.SecureURLs() != nil || s.CA() != nil || s.Roots() != nil {
		t.Errorf("server: %q, %v, %q", s.Secure(), s.SecureURLs(), s.CA())
	}
	if p.Secure() != "" || p.SecureURLs() != nil || len(p.CA()) != 0 || p.Roots() != nil {
		t.Errorf("process: %q, %v, %q", p.Secure(), p.SecureURLs(), p.CA())
	}
	if err := errors.Join(s.Close(), p.Close()); err != nil {
		t.Error(err)
	}
}

// The second port lies beside the first, on IPv6 too, and its number is that of a
// UDP port.
func TestSecureServerIsBesideThePlainOne(t *testing.T) {
	s, err := Serve("[::1]:0", constant(1, 0), Options{Secure: true})
	if err != nil {
		t.Skipf("no IPv6 on loopback: %v", err)
	}
	if !strings.HasPrefix(s.Secure(), "https://[::1]:") || !strings.HasSuffix(s.SecureURLs()[0], "/item/0") {
		t.Errorf("served at %s and %s", s.Addr(), s.Secure())
	}
	for name, w := range wires(secured{s, s.URLs(), s.SecureURLs(), s.Roots()}) {
		if proto, status, _, err := get(t.Context(), w.client, w.urls[0], ""); proto != w.proto || status != 200 || err != nil {
			t.Errorf("%s: %s %d, %v", name, proto, status, err)
		}
		w.close()
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// A client that leaves in the middle of a handshake is nothing to report; a handler
// that panics is.
func TestRemarksOnHandshakesAreDropped(t *testing.T) {
	var kept strings.Builder
	r := remarks{&kept}
	for _, line := range []string{
		"2026/01/02 03:04:05 http: TLS handshake error from 127.0.0.1:1: EOF\n",
		"2026/01/02 03:04:05 http: panic serving 127.0.0.1:1: oh\n",
	} {
		if n, err := r.Write([]byte(line)); n != len(line) || err != nil {
			t.Errorf("wrote %d of %q, %v", n, line, err)
		}
	}
	if kept.String() != "2026/01/02 03:04:05 http: panic serving 127.0.0.1:1: oh\n" {
		t.Errorf("kept %q", kept.String())
	}
}
