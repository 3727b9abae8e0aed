package upstream

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync"

	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"
)

// quicHost is an HTTP/3 server that can be stopped without leaving a goroutine. It
// accepts connections itself, because that is where they are counted, and because
// http3.Server.Close may meet a connection that is just being accepted.
type quicHost struct {
	socket    *net.UDPConn
	transport quic.Transport
	listener  *quic.EarlyListener
	server    http3.Server
	accepting sync.WaitGroup
	serving   sync.WaitGroup
	mu        sync.Mutex
	open      map[*quic.Conn]struct{}
}

// startQUIC serves the socket until stop, which also closes it; if it returns an
// error, the socket is still open. The ledger counts its connections.
func startQUIC(socket *net.UDPConn, handler http.Handler, secure *tls.Config, ledger *Ledger) (*quicHost, error) {
	h := &quicHost{socket: socket, open: map[*quic.Conn]struct{}{}}
	h.transport.Conn = socket
	h.server.Handler, h.server.MaxHeaderBytes = handler, headerLimit
	h.server.ConnContext = func(ctx context.Context, _ *quic.Conn) context.Context { return ledger.dated(ctx) }
	var err error
	h.listener, err = h.transport.ListenEarly(http3.ConfigureTLSConfig(secure), &quic.Config{
		HandshakeIdleTimeout: headerTimeout,
		MaxIdleTimeout:       idleTimeout,
		MaxIncomingStreams:   mostStreams,
	})
	if err != nil {
		return nil, errors.Join(err, h.transport.Close())
	}
	h.accepting.Go(func() { h.accept(func() { ledger.connected(http.StateNew) }) })
	return h, nil
}

// accept serves connections until the listener closes.
func (h *quicHost) accept(opened func()) {
	for {
		conn, err := h.listener.Accept(context.Background())
		if err != nil {
			return
		}
		opened()
		h.mu.Lock()
		h.open[conn] = struct{}{}
		h.mu.Unlock()
		h.serving.Go(func() {
			// It returns once every request of the connection has been handled; the
			// error says how the client left, which the ledger knows by request.
			_ = h.server.ServeQUICConn(conn)
			h.mu.Lock()
			defer h.mu.Unlock()
			delete(h.open, conn)
		})
	}
}

// stop ends the requests under way, closes every connection and returns when the
// last goroutine of the host has done its work. Clients are told: one that is not
// would wait for answers until its own patience ends.
func (h *quicHost) stop() error {
	err := h.listener.Close()
	h.accepting.Wait()
	h.mu.Lock()
	open := make([]*quic.Conn, 0, len(h.open))
	for conn := range h.open {
		open = append(open, conn)
	}
	h.mu.Unlock()
	for _, conn := range open {
		err = errors.Join(err, conn.CloseWithError(quic.ApplicationErrorCode(http3.ErrCodeNoError), ""))
	}
	h.serving.Wait()
	err = errors.Join(err, h.transport.Close())
	if again := h.socket.Close(); !errors.Is(again, net.ErrClosed) { // a second stop is no error
		err = errors.Join(err, again)
	}
	return err
}
