package upstream

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
)

// A Server serves a profile on loopback. Its counts are also served, as JSON, at
// a second address, so that asking for them is never counted: GET /counts and
// POST /reset, with ?round=K for a trial of a round, below Control.
type Server struct {
	service *service
	site    *Host
	control *Host
	address string
	aside   string
	secure  *secureSite // nil if not asked for
}

// Options say what a server serves besides HTTP/1.1 and, on the same port, HTTP/2
// without TLS.
type Options struct {
	// Secure adds HTTP/1.1 and HTTP/2 over TLS at a second port, and HTTP/3 at the
	// UDP port of the same number. The certificate is signed by an authority of the
	// server's own, made when it starts, which Roots trusts.
	Secure bool `json:"secure,omitempty"`
}

// Serve starts a server at the address, which must be on loopback; an empty
// address means 127.0.0.1 with a port that is free. It serves until Close.
func Serve(address string, p Profile, o Options) (*Server, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	main, err := Listen(address)
	if err != nil {
		return nil, err
	}
	aside, err := Listen("")
	if err != nil {
		return nil, errors.Join(err, main.Close())
	}
	s := &Server{
		service: newService(p, newClock()),
		address: "http://" + main.Addr().String(),
		aside:   "http://" + aside.Addr().String(),
	}
	if o.Secure {
		if s.secure, err = startSecure(main.Addr(), s.service); err != nil {
			s.service.clock.close()
			return nil, errors.Join(err, main.Close(), aside.Close())
		}
	}
	s.site = startHost(main, s.service, &s.service.ledger, nil)
	s.control = startHost(aside, s.controls(), &Ledger{}, nil)
	return s, nil
}

// Addr is the base of the URLs, such as http://127.0.0.1:40001.
func (s *Server) Addr() string { return s.address }

// Secure is the base of the URLs over TLS, such as https://127.0.0.1:40002, or ""
// if they are not served.
func (s *Server) Secure() string {
	if s.secure == nil {
		return ""
	}
	return s.secure.base
}

// SecureURLs lists the endpoints over TLS: nil if they are not served.
func (s *Server) SecureURLs() []string { return s.service.profile.secureURLs(s.Secure()) }

// CA is the certificate of the server's own authority in PEM, nil without TLS. Its
// key exists nowhere any more.
func (s *Server) CA() []byte {
	if s.secure == nil {
		return nil
	}
	return s.secure.authority.pem
}

// Roots trusts the server's own authority and nothing else; it is nil without TLS.
func (s *Server) Roots() *x509.CertPool { return roots(s.CA()) }

// Control is the base of the addresses for counts and reset.
func (s *Server) Control() string { return s.aside }

// URLs lists the endpoints.
func (s *Server) URLs() []string { return s.service.profile.urls(s.address) }

// Counts says what the server saw since the last Begin; the error is always nil.
func (s *Server) Counts(context.Context) (Counts, error) { return s.service.ledger.Snapshot(), nil }

// Begin sets the counts to zero for a trial of a round, to which requests belong that
// name none; the error is always nil.
func (s *Server) Begin(_ context.Context, round int) error {
	s.service.begin(round)
	return nil
}

// Close ends requests under way and closes all connections. It returns when no
// goroutine is left.
func (s *Server) Close() error {
	err := errors.Join(s.site.Stop(), s.control.Stop())
	if s.secure != nil {
		err = errors.Join(err, s.secure.stop())
	}
	s.service.clock.close()
	return err
}

// controls serves the counts to other processes.
func (s *Server) controls() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /counts", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		// An error here is a client that left; it sees a truncated answer.
		_ = json.NewEncoder(w).Encode(s.service.ledger.Snapshot())
	})
	mux.HandleFunc("POST /reset", func(w http.ResponseWriter, r *http.Request) {
		s.service.reset()
		if round, err := strconv.Atoi(r.URL.Query().Get("round")); err == nil {
			s.service.begin(round)
		}
		w.WriteHeader(http.StatusNoContent)
	})
	return mux
}

// Listen opens a listener on loopback and nowhere else: an embedded upstream
// answers anybody, so it must not be reachable from another machine. An empty
// address means 127.0.0.1 with a port that is free.
func Listen(address string) (net.Listener, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	name, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("listen on %q: %w", address, err)
	}
	refusal := fmt.Errorf("listen on %q: the embedded upstream serves loopback only (127.0.0.1, ::1, localhost)", address)
	if ip, err := netip.ParseAddr(name); name != "localhost" && (err != nil || !ip.IsLoopback()) {
		return nil, refusal
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %q: %w", address, err)
	}
	// A hosts file can send localhost anywhere.
	if tcp, ok := l.Addr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		return nil, errors.Join(refusal, l.Close())
	}
	return l, nil
}
