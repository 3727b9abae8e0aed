package upstream

import (
	"context"
	"net"
	"net/http"
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

// host is an HTTP server that can be stopped without leaving a goroutine.
type host struct {
	server  http.Server
	cancel  context.CancelFunc
	serving sync.WaitGroup
	// open counts the connections whose goroutine has not ended.
	open sync.WaitGroup
}

// startHost serves the listener until stop. opened is called with the state of
// each connection that changes.
func startHost(l net.Listener, handler http.Handler, changed func(http.ConnState)) *host {
	ctx, cancel := context.WithCancel(context.Background())
	h := &host{cancel: cancel}
	h.server = http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    headerLimit,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ConnState: func(conn net.Conn, state http.ConnState) {
			h.track(ctx, conn, state)
			changed(state)
		},
	}
	h.serving.Go(func() {
		// Serve always ends with an error; after stop it is ErrServerClosed, and
		// a listener that breaks shows as refused connections on the other side.
		_ = h.server.Serve(l)
	})
	return h
}

// track counts the connections that are open. One that was accepted while the
// host stops is not known to Server.Close yet and has to be closed here.
func (h *host) track(ctx context.Context, conn net.Conn, state http.ConnState) {
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

// stop ends the requests under way, closes every connection and returns when the
// last goroutine of the host has done its work.
func (h *host) stop() error {
	h.cancel()
	err := h.server.Close()
	h.serving.Wait()
	h.open.Wait()
	return err
}
