package upstream

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// memoryBase is the base of the URLs of a Memory. The name cannot be resolved,
// so a client that does not use Dial fails instead of reaching somebody else.
const memoryBase = "http://memory.invalid"

// A Memory is a real HTTP server whose connections are pipes in memory. Made and
// closed inside a testing/synctest bubble, it runs in virtual time with the real
// client: set its Dial as the DialContext of an http.Transport.
type Memory struct {
	service  *service
	site     *Host
	listener *pipeListener
}

// NewMemory starts an in-memory server. It panics if the profile is not valid.
func NewMemory(p Profile) *Memory {
	m := &Memory{
		service:  mustService(p),
		listener: &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})},
	}
	m.site = startHost(m.listener, m.service, &m.service.ledger, nil)
	return m
}

// Dial connects to the server, whatever the network and address.
func (m *Memory) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	var err error
	select {
	case m.listener.conns <- far:
		return near, nil
	case <-m.listener.closed:
		err = net.ErrClosed
	case <-ctx.Done():
		err = ctx.Err()
	}
	// Closing a pipe cannot fail.
	_, _ = near.Close(), far.Close()
	return nil, &net.OpError{Op: "dial", Net: "pipe", Addr: m.listener.Addr(), Err: err}
}

// URLs lists the endpoints.
func (m *Memory) URLs() []string { return m.service.profile.urls(memoryBase) }

// Counts says what the server saw since the last Begin; the error is always nil.
func (m *Memory) Counts(context.Context) (Counts, error) { return m.service.ledger.Snapshot(), nil }

// Begin sets the counts to zero for a trial of a round, to which requests belong that
// name none; the error is always nil.
func (m *Memory) Begin(_ context.Context, round int) error {
	m.service.begin(round)
	return nil
}

// Close ends requests under way and closes all connections. It returns when no
// goroutine is left, which a bubble waits for.
func (m *Memory) Close() error { return m.site.Stop() }

// pipeListener accepts the far ends of pipes.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// Accept returns the next connection that was dialled.
func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close makes Accept and Dial fail from now on.
func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is a name for messages.
func (l *pipeListener) Addr() net.Addr { return pipeAddr{} }

// pipeAddr is the address of every in-memory connection.
type pipeAddr struct{}

// Network implements net.Addr.
func (pipeAddr) Network() string { return "pipe" }

// String implements net.Addr.
func (pipeAddr) String() string { return "memory.invalid" }

var (
	_ Upstream     = (*Memory)(nil)
	_ Upstream     = (*Server)(nil)
	_ http.Handler = (*service)(nil)
)
