// Package fast fetches by fasthttp. Its client has the outcomes, limits and promises
// of package client.
//
// It is a package of its own so that only programs that want fasthttp link it.
//
// What of fasthttp is used is its pool of connections, its writer of requests and its
// parser of answers. Its Do is not, for two reasons. It knows no contexts, so a
// request could not be cancelled (valyala/fasthttp#296); here the connection of a
// request that is cancelled or out of time is closed, which ends it at once, as
// net/http does. And it sends a GET again when a connection turns out to be dead;
// here nothing can be sent twice. fasthttp does not watch its idle connections either,
// so one is looked at before it is used again, and replaced if the upstream has closed
// it or has said something that nobody asked for. One that dies later, under a
// request, ends it as eof or reset.
//
// fasthttp reads the headers of an answer into one buffer for each request in flight.
// It holds no more than 16 KiB, even where Config.HeaderLimit allows more.
//
//	c := fast.New(client.Config{InFlight: 8})
//	defer c.Close()
//	o := c.Fetch(ctx, client.Request{URL: "http://127.0.0.1:8080/"})
package fast

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/valyala/fasthttp"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// A Client is a client over fasthttp.
type Client = client.Client

// headerBuffer bounds the headers of an answer, in bytes.
const headerBuffer = 16 << 10

// New returns a client. Dialling begins with the first request.
func New(config client.Config) *Client { return client.Over(config, open) }

// open makes the wire of a client.
func open(config client.Config) client.Wire {
	w := &wire{config: config, hosts: make(map[origin]*host)}
	return client.Wire{RoundTripper: w, Class: class, Close: w.close}
}

// class knows the errors whose meaning only this wire can tell. That interim answers
// do not end, fasthttp says in text only.
func class(err error) client.Class {
	switch {
	case errors.As(err, new(*fasthttp.ErrSmallBuffer)), strings.Contains(err.Error(), "too many 1xx"):
		return client.ClassHeadersTooLarge
	case errors.Is(err, errNoData):
		return client.ClassTooLarge
	}
	return ""
}

// A wire keeps a pool of connections to each host.
type wire struct {
	config    client.Config
	exchanges sync.Pool // of *exchange
	closed    atomic.Bool

	mu    sync.RWMutex
	hosts map[origin]*host
}

// An origin is what a pool of connections leads to.
type origin struct {
	secure bool
	addr   string
}

// RoundTrip carries a request. The body of the answer has to be closed.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	h := w.host(r.URL)
	if err := h.enter(r.Context()); err != nil {
		return nil, err
	}
	x, ok := w.exchanges.Get().(*exchange)
	if !ok {
		x = &exchange{wire: w}
	}
	x.host = h
	if err := x.run(r); err != nil {
		_ = x.Close() // says nothing that is not in the error
		return nil, err
	}
	return x.answer(r), nil
}

// host returns the pool for a URL.
func (w *wire) host(u *url.URL) *host {
	key := origin{u.Scheme == "https", u.Host}
	w.mu.RLock()
	h := w.hosts[key]
	w.mu.RUnlock()
	if h != nil {
		return h
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if h = w.hosts[key]; h == nil {
		h = newHost(w.config, key, u.Hostname())
		w.hosts[key] = h
	}
	return h
}

// close closes idle connections, and has those of requests under way closed after
// them.
func (w *wire) close() {
	w.closed.Store(true)
	w.mu.RLock()
	defer w.mu.RUnlock()
	for _, h := range w.hosts {
		h.pool.CloseIdleConnections()
	}
}

// traceOf returns the hooks of a request; there are none that do nothing otherwise.
func traceOf(ctx context.Context) *httptrace.ClientTrace {
	if trace := httptrace.ContextClientTrace(ctx); trace != nil {
		return trace
	}
	return &httptrace.ClientTrace{}
}

// carrier is how a request sees its connection.
type carrier struct {
	net.Conn
	reused bool
	// leave gives the connection back to its pool, or closes it.
	leave func(healthy bool)
}

// hangUp ends whatever waits for the connection. Under TLS it does so below, because
// a polite goodbye could still be answered by what the request was waiting for.
func (c carrier) hangUp() {
	raw := c.Conn
	if secure, ok := raw.(*tls.Conn); ok {
		raw = secure.NetConn()
	}
	_ = raw.Close() // it is given up
}
