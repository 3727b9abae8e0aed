package hostile

import (
	"context"
	"io"
	"net"
	"sync"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
)

// bare are the listeners that never get as far as HTTP.
func bare() []listener {
	return []listener{
		{name: "tcp-hang", scheme: "http", start: startRaw(hold)},
		{name: "tcp-close", scheme: "http", start: startRaw(closeAtOnce)},
		{name: "tcp-rst", scheme: "http", start: startRaw(func(_ context.Context, c net.Conn, _ *connection) { reset(c) })},
		{name: "tcp-noaccept", scheme: "http", start: startDeaf},
		{name: "tcp-banner", scheme: "http", start: startRaw(banner)},
	}
}

// hold never reads and never writes. It cannot notice that the client left: that is
// read. So it lasts as long as anything here.
func hold(ctx context.Context, _ net.Conn, _ *connection) { <-ctx.Done() }

// banner speaks first, as a mail server does, and then waits for the client to leave.
func banner(_ context.Context, c net.Conn, _ *connection) {
	if _, err := io.WriteString(c, "220 mail.invalid ESMTP\r\n"); err == nil {
		_, _ = io.Copy(io.Discard, c) // it ends with the connection
	}
}

// closeAtOnce ends its side and waits for the client to do so too: closed with
// something unread, the connection would be reset instead.
func closeAtOnce(_ context.Context, c net.Conn, _ *connection) {
	if tcp, ok := c.(*net.TCPConn); ok && tcp.CloseWrite() == nil {
		_, _ = io.Copy(io.Discard, c)
	}
}

// reset closes so that the client gets a RST and not the end of a stream.
func reset(c net.Conn) {
	if secure, ok := c.(interface{ NetConn() net.Conn }); ok {
		c = secure.NetConn()
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}

// startDeaf listens and never accepts: the kernel completes handshakes on its own
// until the backlog is full.
func startDeaf(_ *Server, row listener) (net.Addr, func() error, error) {
	l, err := upstream.Listen(row.address)
	if err != nil {
		return nil, nil, err
	}
	return l.Addr(), l.Close, nil
}

// handler handles a connection by hand.
type handler func(ctx context.Context, c net.Conn, from *connection)

// startRaw is the start of a listener whose connections are handled by hand.
func startRaw(handle handler) func(*Server, listener) (net.Addr, func() error, error) {
	return func(s *Server, row listener) (net.Addr, func() error, error) {
		l, err := upstream.Listen(row.address)
		if err != nil {
			return nil, nil, err
		}
		ctx, cancel := context.WithCancel(context.Background())
		var serving sync.WaitGroup
		serving.Go(func() {
			var open sync.WaitGroup
			defer open.Wait()
			for {
				c, err := l.Accept()
				if err != nil {
					return // the listener was closed
				}
				from := s.book.connected(row.name)
				open.Go(func() { attend(ctx, c, func(ctx context.Context) { handle(ctx, c, from) }) })
			}
		})
		return l.Addr(), func() error {
			cancel()
			err := l.Close()
			serving.Wait()
			return err
		}, nil
	}
}

// attend handles a connection within the bounds of time and closes it.
func attend(parent context.Context, c net.Conn, handle func(context.Context)) {
	ctx, cancel := context.WithTimeout(parent, mostTime)
	defer cancel()
	_ = c.SetDeadline(time.Now().Add(mostTime))
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(closed)
		_ = c.Close()
	})
	handle(ctx)
	if stop() {
		_ = c.Close()
		return
	}
	<-closed
}
