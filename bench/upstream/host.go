package upstream

import (
	"context"
	"crypto/tls"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// The limits of the embedded servers. A warm connection may rest for as long as
// the other contenders of a round need, hence the long idle time.
const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 10 * time.Minute
	headerLimit   = 64 << 10
)

// mostStreams is how many requests may be in flight on one connection of HTTP/2 or
// HTTP/3. The usual limits are 250 and 100 and would be silent ones: a client with
// more in flight waits for its own turn, and what is measured is the limit. This is
// more than the file descriptors of a machine allow over HTTP/1.1.
const mostStreams = 100_000

// A Host is an HTTP server that can be stopped without leaving a goroutine.
type Host struct {
	server  *http.Server
	cancel  context.CancelFunc
	serving sync.WaitGroup
	// open counts the connections whose goroutine has not ended.
	open sync.WaitGroup
	// inside counts the requests, which over HTTP/2 have goroutines of their own.
	inside gate
}

// startHost serves the listener until stop: HTTP/1.1 and HTTP/2, over TLS if there
// is a configuration for that. changed is called with the state of each connection
// that changes.
func startHost(l net.Listener, handler http.Handler, ledger *Ledger, secure *tls.Config) *Host {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(secure != nil)
	protocols.SetUnencryptedHTTP2(secure == nil)
	return StartHost(l, &http.Server{
		Handler:           handler,
		Protocols:         &protocols,
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: mostStreams},
		TLSConfig:         secure,
		ErrorLog:          log.New(remarks{os.Stderr}, "", log.LstdFlags),
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    headerLimit,
		ConnState:         func(_ net.Conn, state http.ConnState) { ledger.connected(state) },
		ConnContext:       func(ctx context.Context, _ net.Conn) context.Context { return ledger.dated(ctx) },
	})
}

// StartHost serves the listener until Stop, over TLS if the server has a
// configuration for that. It takes the server over: the contexts of its requests end
// with Stop, and its Handler and ConnState are called through the host's own.
func StartHost(l net.Listener, server *http.Server) *Host {
	ctx, cancel := context.WithCancel(context.Background())
	h := &Host{server: server, cancel: cancel}
	changed := server.ConnState
	server.Handler = h.inside.guard(server.Handler)
	server.BaseContext = func(net.Listener) context.Context { return ctx }
	server.ConnState = func(conn net.Conn, state http.ConnState) {
		h.track(ctx, conn, state)
		if changed != nil {
			changed(conn, state)
		}
	}
	h.serving.Go(func() {
		// Serve always ends with an error; after Stop it is ErrServerClosed, and
		// a listener that breaks shows as refused connections on the other side.
		if server.TLSConfig != nil {
			_ = server.ServeTLS(l, "", "")
			return
		}
		_ = server.Serve(l)
	})
	return h
}

// track counts the connections that are open. One that was accepted while the
// host stops is not known to Server.Close yet and has to be closed here.
func (h *Host) track(ctx context.Context, conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		h.open.Add(1)
		if ctx.Err() != nil {
			_ = conn.Close() // the error of closing twice says nothing
		}
	case http.StateClosed, http.StateHijacked:
		h.open.Done()
	}
}

// Stop ends the requests under way, closes every connection and returns when the
// last goroutine of the host has done its work. A connection that a handler took
// over is the handler's to close.
func (h *Host) Stop() error {
	h.cancel()
	err := h.server.Close()
	h.serving.Wait()
	h.open.Wait()
	h.inside.close()
	return err
}

// gate counts requests that are being handled and can be closed for further ones.
type gate struct {
	mu       sync.Mutex
	closed   bool
	handling sync.WaitGroup
}

// guard is the handler behind the gate. A goroutine of HTTP/2 may begin with its
// request after its connection has ended; it finds the gate closed.
func (g *gate) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		closed := g.closed
		if !closed {
			g.handling.Add(1)
		}
		g.mu.Unlock()
		if closed {
			panic(http.ErrAbortHandler)
		}
		defer g.handling.Done()
		next.ServeHTTP(w, r)
	})
}

// close waits for the requests inside and lets none in any more.
func (g *gate) close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.handling.Wait()
}
