package upstream

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"time"
)

// How long a certificate is valid before and after it is made. The time before
// covers clocks that were set back and clients in virtual time that live a little
// earlier; the time after is longer than anybody serves an upstream.
const (
	validBefore = 24 * time.Hour
	validAfter  = 365 * 24 * time.Hour
)

// authority is the certificate of a certificate authority that has signed one other
// and can sign no more: its key was forgotten. It is in no store and on no disk, and
// a client trusts it only by the pool that it is given.
type authority struct{ pem []byte }

// newAuthority makes an authority and the configuration of a server whose
// certificate it signed. That is one for loopback only, and so is the authority: it
// would be believed about no other name if its key were known.
func newAuthority(now time.Time) (authority, *tls.Config, error) {
	signer, err := NewSigner(now)
	if err != nil {
		return authority{}, nil, err
	}
	leaf, err := signer.Sign(Leaf(now))
	if err != nil {
		return authority{}, nil, err
	}
	return authority{signer.pem}, &tls.Config{
		Certificates: []tls.Certificate{leaf},
		MinVersion:   tls.VersionTLS12,
	}, nil
}

// A Signer is a certificate authority while its key is known, which should not be
// for long: it is for servers that need several certificates at their start.
type Signer struct {
	root *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
}

// NewSigner makes an authority for localhost, names below it, 127.0.0.1 and ::1.
func NewSigner(now time.Time) (*Signer, error) {
	root := certificate(now, "fetchbench embedded upstream, certificate authority")
	root.IsCA, root.BasicConstraintsValid, root.MaxPathLenZero = true, true, true
	root.KeyUsage = x509.KeyUsageCertSign
	root.PermittedDNSDomainsCritical = true
	root.PermittedDNSDomains = []string{"localhost"}
	root.PermittedIPRanges = []*net.IPNet{
		{IP: net.IPv4(127, 0, 0, 1).To4(), Mask: net.CIDRMask(32, 32)},
		{IP: net.IPv6loopback, Mask: net.CIDRMask(128, 128)},
	}
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, root, root, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("make a certificate authority: %w", err)
	}
	return &Signer{root, key, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}, nil
}

// PEM is the certificate of the authority.
func (s *Signer) PEM() []byte { return s.pem }

// Roots trusts the authority and nothing else.
func (s *Signer) Roots() *x509.CertPool { return roots(s.pem) }

// Sign makes a certificate with a key of its own that the authority has signed.
func (s *Signer) Sign(leaf *x509.Certificate) (tls.Certificate, error) {
	key, err := newKey()
	if err != nil {
		return tls.Certificate{}, err
	}
	return issue(leaf, s.root, key, s.key)
}

// SelfSigned makes a certificate with a key of its own that nobody else has signed.
func SelfSigned(leaf *x509.Certificate) (tls.Certificate, error) {
	key, err := newKey()
	if err != nil {
		return tls.Certificate{}, err
	}
	return issue(leaf, leaf, key, key)
}

// Leaf is the certificate of a server on loopback, to be signed as it is or changed
// before.
func Leaf(now time.Time) *x509.Certificate {
	leaf := certificate(now, "fetchbench embedded upstream")
	leaf.KeyUsage = x509.KeyUsageDigitalSignature
	leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	leaf.DNSNames = []string{"localhost"}
	leaf.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	return leaf
}

// newKey makes a key.
func newKey() (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	return key, nil
}

// issue makes a certificate of the key that the parent's key has signed.
func issue(leaf, parent *x509.Certificate, key, signer *ecdsa.PrivateKey) (tls.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, leaf, parent, key.Public(), signer)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make a certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// certificate is what both certificates have in common. The serial number differs
// from those of other runs: clients may take one they know for the same certificate.
// RFC 5280 section 4.1.2.2 allows 20 bytes.
func certificate(now time.Time, name string) *x509.Certificate {
	serial := make([]byte, 16)
	_, _ = rand.Read(serial) // it never fails
	return &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    now.Add(-validBefore),
		NotAfter:     now.Add(validAfter),
	}
}

// roots is the pool that trusts the certificate in the text and nothing else, or
// nil if there is none in it.
func roots(text []byte) *x509.CertPool {
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil
	}
	return pool
}
