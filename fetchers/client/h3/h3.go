// Package h3 fetches over HTTP/3, by quic-go. Its client has the outcomes, limits and
// promises of package client.
//
// It is a package of its own so that only programs that want HTTP/3 link it. It
// fetches https only, never falls back to another protocol, sends nothing before the
// handshake is done, and opens one connection to a host whatever is in flight, over
// which the upstream decides how many requests it takes at once: 100 is common.
//
// Three things differ from the transports over TCP, because QUIC runs over UDP.
// Config.Dial is not asked, but Config.Allow. Where nobody listens nothing answers, so a refused
// connection is a timeout in phase tls. And quic-go tells the standard logger, once,
// when the kernel grants it smaller buffers than it likes.
//
//	c := h3.New(client.Config{Roots: authorities})
//	defer c.Close()
//	o := c.Fetch(ctx, client.Request{URL: "https://127.0.0.1:8443/"})
package h3

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http/httptrace"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// A Client is a client over HTTP/3. Opened counts its QUIC connections.
type Client = client.Client

// New returns a client. The socket is opened with the first request.
func New(config client.Config) *Client { return client.Over(config, open) }

// open makes the wire of a client.
func open(config client.Config) client.Wire {
	w := &wire{timeout: config.Timeout, allow: config.Allow}
	w.http = &http3.Transport{
		TLSClientConfig: &tls.Config{RootCAs: config.Roots, MinVersion: tls.VersionTLS13},
		QUICConfig: &quic.Config{
			HandshakeIdleTimeout: config.Timeout,
			MaxIdleTimeout:       max(leastIdle, 2*config.Timeout),
		},
		Dial:                   w.dial,
		MaxResponseHeaderBytes: int(config.HeaderLimit),
		DisableCompression:     true,
	}
	return client.Wire{
		RoundTripper: w.http, Scheme: "https", Multiplexed: true,
		Class: class, Close: w.close, Opened: w.opened.Load,
	}
}

// leastIdle is how long a connection may be silent, unless the upstream wants less. It
// is more than any request may take, because a slow answer is silence as well.
const leastIdle = 30 * time.Second

// A wire owns the socket and the connections over it. http3 forgets a connection that
// failed without closing it, so they are all kept here until they are closed.
type wire struct {
	http    *http3.Transport
	timeout time.Duration
	allow   func(host, address string) error
	opened  atomic.Int64

	mu     sync.Mutex
	socket *quic.Transport
	conns  map[*quic.Conn]struct{}
}

// dial opens a connection. Like any dial it may outlive the request that asked for it
// and serve another one; the timeout here keeps it from outliving everything.
func (w *wire) dial(ctx context.Context, addr string, tlsConfig *tls.Config, config *quic.Config) (*quic.Conn, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, w.timeout, client.ErrTimeout)
	defer cancel()
	conn, err := w.handshake(ctx, addr, tlsConfig, config)
	if err != nil {
		if cause := context.Cause(ctx); errors.Is(cause, client.ErrTimeout) {
			err = cause
		}
		return nil, err
	}
	w.opened.Add(1)
	w.mu.Lock()
	w.conns[conn] = struct{}{}
	w.mu.Unlock()
	context.AfterFunc(conn.Context(), func() { w.forget(conn) })
	return conn, nil
}

// handshake resolves the name and makes the connection, which is one with TLS.
func (w *wire) handshake(ctx context.Context, addr string, tlsConfig *tls.Config, config *quic.Config) (*quic.Conn, error) {
	remote, err := w.remote(ctx, addr)
	if err != nil {
		return nil, err
	}
	socket, err := w.open()
	if err != nil {
		return nil, err
	}
	trace := httptrace.ContextClientTrace(ctx)
	started := trace != nil && trace.TLSHandshakeStart != nil
	if started {
		trace.TLSHandshakeStart()
	}
	conn, err := socket.Dial(ctx, remote, tlsConfig, config)
	if started && err == nil {
		trace.TLSHandshakeDone(conn.ConnectionState().TLS, nil)
	}
	return conn, err
}

// remote is the address to dial, if it may be dialled.
func (w *wire) remote(ctx context.Context, addr string) (*net.UDPAddr, error) {
	remote, err := resolve(ctx, addr)
	if err != nil || w.allow == nil {
		return remote, err
	}
	host, _, err := net.SplitHostPort(addr)
	if err == nil {
		err = w.allow(host, remote.String())
	}
	return remote, err
}

// resolve looks a name up. It takes an address of IPv4 where there is one, because it
// has no second try: an address that nobody answers at cannot be told from a slow one.
func resolve(ctx context.Context, addr string) (*net.UDPAddr, error) {
	host, service, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	port, err := net.DefaultResolver.LookupPort(ctx, "udp", service)
	if err != nil {
		return nil, err
	}
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	best := found[0]
	for _, ip := range found {
		if ip = ip.Unmap(); ip.Is4() {
			best = ip
			break
		}
	}
	return net.UDPAddrFromAddrPort(netip.AddrPortFrom(best, uint16(port))), nil
}

// open returns the socket, which all connections share.
func (w *wire) open() (*quic.Transport, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.socket == nil {
		socket, err := net.ListenUDP("udp", nil)
		if err != nil {
			return nil, err
		}
		w.socket, w.conns = &quic.Transport{Conn: socket}, make(map[*quic.Conn]struct{})
	}
	return w.socket, nil
}

// forget lets go of a connection that has ended.
func (w *wire) forget(conn *quic.Conn) {
	w.mu.Lock()
	delete(w.conns, conn)
	w.mu.Unlock()
}

// close tells the upstreams goodbye and closes the socket. Nobody is left to whom a
// failure could matter. Another request would begin with a socket of its own.
func (w *wire) close() {
	w.http.CloseIdleConnections()
	w.mu.Lock()
	socket, left := w.socket, w.conns
	w.socket, w.conns = nil, nil
	w.mu.Unlock()
	for conn := range left {
		_ = conn.CloseWithError(quic.ApplicationErrorCode(http3.ErrCodeNoError), "")
	}
	if socket != nil {
		_ = socket.Close()
		_ = socket.Conn.Close()
	}
}
