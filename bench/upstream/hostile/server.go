package hostile

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
)

// The bounds of all that seems endless.
const (
	// mostTime is how long one request, connection or silence lasts.
	mostTime = 30 * time.Second
	// mostBytes is how much one answer sends.
	mostBytes = 1 << 30
	// mostKept is how many ids, paths, keys and lines are told apart.
	mostKept = 1 << 20
	// defaultLife is how long a server serves that was not told.
	defaultLife = 10 * time.Minute
)

// Options say how long a server serves and what it draws from.
type Options struct {
	// Life is after what time it closes by itself; 0 means ten minutes.
	Life time.Duration
	// Seed is that of the draws of requests that bring no ?seed=.
	Seed uint64
}

// A Server is a hostile upstream. All its methods may be called at once.
type Server struct {
	options Options
	began   time.Time
	book    book
	memory  memory
	// open are the listeners in the order of the table.
	open    []opened
	control site
	signer  *upstream.Signer
	cancel  context.CancelFunc
	life    sync.WaitGroup
	// done is closed when everything else is.
	done chan struct{}
}

// opened is a listener that serves.
type opened struct {
	row  listener
	addr net.Addr
	stop func() error
}

// Start opens every listener of the table that this machine can open.
func Start(o Options) (*Server, error) {
	if o.Life < 0 {
		return nil, fmt.Errorf("start a hostile upstream: its life must not be negative, got %v", o.Life)
	}
	if o.Life == 0 {
		o.Life = defaultLife
	}
	signer, err := upstream.NewSigner(time.Now())
	if err != nil {
		return nil, err
	}
	s := &Server{options: o, began: time.Now(), signer: signer, done: make(chan struct{})}
	if err := s.openAll(); err != nil {
		return nil, errors.Join(err, s.stopAll())
	}
	ctx, cancel := context.WithTimeout(context.Background(), o.Life)
	s.cancel = cancel
	s.life.Go(func() {
		defer close(s.done)
		<-ctx.Done()
		// What closing says is for Close, which stops everything once more.
		_ = s.stopAll()
	})
	return s, nil
}

// openAll opens the control address and the listeners. One that may be left out is
// left out where its address does not exist.
func (s *Server) openAll() error {
	control, err := startControl(&s.book, s.reset)
	if err != nil {
		return err
	}
	s.control = control
	for _, row := range listeners() {
		addr, stop, err := row.start(s, row)
		switch {
		case err == nil:
			s.open = append(s.open, opened{row, addr, stop})
		case !row.optional:
			return fmt.Errorf("listener %s: %w", row.name, err)
		}
	}
	return nil
}

// stopAll closes what is open. Stopping twice is harmless, and what was closed
// already is no error.
func (s *Server) stopAll() error {
	var failed error
	for _, o := range s.open {
		failed = errors.Join(failed, closedAlready(o.stop()))
	}
	if s.control.host != nil {
		failed = errors.Join(failed, closedAlready(s.control.stop()))
	}
	return failed
}

// closedAlready forgets that something was closed before.
func closedAlready(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Close ends everything under way and returns when no goroutine is left. It may be
// called twice, and after the end of the life.
func (s *Server) Close() error {
	s.cancel()
	s.life.Wait()
	return s.stopAll()
}

// Done is closed when the server has closed, by Close or at the end of its life.
func (s *Server) Done() <-chan struct{} { return s.done }

// Listeners names those that are open, in the order of the table. All are on every
// Linux; without ::1 there is no v6, and without 127.0.0.2 no other.
func (s *Server) Listeners() []string {
	var names []string
	for _, o := range s.open {
		names = append(names, o.row.name)
	}
	return names
}

// Addr is the address of a listener, such as 127.0.0.1:40001, or "" if it is not
// open. That of dns is a UDP port.
func (s *Server) Addr(listener string) string {
	for _, o := range s.open {
		if o.row.name == listener {
			return o.addr.String()
		}
	}
	return ""
}

// URL is the base of the URLs of a listener, without a slash at its end, or "" if it
// is not open or, as dns, has none.
func (s *Server) URL(listener string) string {
	for _, o := range s.open {
		if o.row.name == listener && o.row.scheme != "" {
			return o.row.scheme + "://" + o.addr.String()
		}
	}
	return ""
}

// Control is the base of the addresses of the counts.
func (s *Server) Control() string { return "http://" + s.control.addr.String() }

// Roots trusts the authority of the server, which signed the certificates of the
// listeners over TLS, that of tls-selfsigned apart: those of tls-expired and
// tls-wronghost have one fault each and not two.
func (s *Server) Roots() *x509.CertPool { return s.signer.Roots() }

// CA is the certificate of that authority in PEM.
func (s *Server) CA() []byte { return s.signer.PEM() }

// Stats is what the server saw since the last Reset.
func (s *Server) Stats() Stats { return s.book.snapshot() }

// Reset sets the counts to zero and forgets what /fail-first and its like remember.
// Requests under way are forgotten.
func (s *Server) Reset() { s.reset() }

func (s *Server) reset() {
	s.book.reset()
	s.memory.reset()
}
