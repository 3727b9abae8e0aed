package fast

import (
	"context"
	"crypto/tls"
	"errors"
	"math"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// errUnannounced says that fasthttp dials for a request that thought it need not.
var errUnannounced = errors.New("a dial without a request")

// A host is a pool of connections to one.
type host struct {
	pool   *fasthttp.HostClient
	dialer func(ctx context.Context, network, addr string) (net.Conn, error)
	secure *tls.Config // nil for http
	// slots bounds who may have a connection; nil bounds nobody. fasthttp has a
	// bound of its own, at which one can wait for a time but not for a context.
	slots chan struct{}
	// tickets and waiting carry contexts past fasthttp, see acquire.
	tickets atomic.Int64
	waiting sync.Map // of context.Context by time.Duration
}

// newHost returns an empty pool.
func newHost(config client.Config, key origin, name string) *host {
	h := &host{dialer: config.Dial}
	h.pool = &fasthttp.HostClient{
		Addr:           fasthttp.AddMissingPort(key.addr, key.secure),
		IsTLS:          key.secure,
		DialTimeout:    h.dial,
		MaxConns:       math.MaxInt32,
		ReadBufferSize: int(min(config.HeaderLimit, headerBuffer)),
	}
	if config.InFlight > 0 {
		h.slots = make(chan struct{}, config.InFlight)
		h.pool.MaxConns = config.InFlight
	}
	if key.secure {
		h.secure = &tls.Config{RootCAs: config.Roots, ServerName: name, MinVersion: tls.VersionTLS12}
	}
	return h
}

// enter waits until a connection may be had.
func (h *host) enter(ctx context.Context) error {
	if h.slots == nil {
		return nil
	}
	select {
	case h.slots <- struct{}{}:
		return nil
	default:
	}
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// leave lets the next one in.
func (h *host) leave() {
	if h.slots != nil {
		<-h.slots
	}
}

// acquire takes a connection from the pool or opens one. fasthttp hands a time limit
// through to the dial and nothing else, so the limit is made to be the number under
// which the context of the request waits there. It limits nothing: the pool is never
// waited for, and the context ends the dial. A pool with idle connections will hardly
// dial, so that the number is announced only if it must be.
//
// The second argument says that the connection is for one request. It is not, but
// it keeps fasthttp from starting a goroutine that would look for idle connections
// every ten seconds, and could not be stopped.
func (h *host) acquire(ctx context.Context) (carrier, error) {
	for announced := h.pool.IdleConnsCount() == 0; ; announced = true {
		ticket := time.Duration(h.tickets.Add(1))
		if announced {
			h.waiting.Store(ticket, ctx)
		}
		held, err := h.pool.AcquireConn(ticket, true)
		if announced {
			h.waiting.Delete(ticket)
		}
		switch reused := err == nil && !held.LastUseTime().IsZero(); {
		case reused && !quiet(held.Conn()):
			h.pool.CloseConn(held) // and take another: nothing was sent yet
		case err == nil:
			return carrier{Conn: held.Conn(), reused: reused, leave: func(healthy bool) {
				if healthy {
					h.pool.ReleaseConn(held)
				} else {
					h.pool.CloseConn(held)
				}
			}}, nil
		case announced || !errors.Is(err, errUnannounced):
			return carrier{}, err
		}
	}
}

// dial opens a connection for the request that waits under the ticket, TLS included.
func (h *host) dial(addr string, ticket time.Duration) (net.Conn, error) {
	waiting, _ := h.waiting.Load(ticket)
	ctx, ok := waiting.(context.Context)
	if !ok {
		return nil, errUnannounced
	}
	raw, err := h.dialer(ctx, "tcp", addr)
	if err != nil || h.secure == nil {
		return raw, err
	}
	trace := traceOf(ctx)
	if trace.TLSHandshakeStart != nil {
		trace.TLSHandshakeStart()
	}
	secure := tls.Client(raw, h.secure)
	err = secure.HandshakeContext(ctx)
	if trace.TLSHandshakeDone != nil {
		trace.TLSHandshakeDone(secure.ConnectionState(), err)
	}
	if err != nil {
		_ = raw.Close() // the handshake has said what was wrong
		return nil, err
	}
	return secure, nil
}
