package client

import (
	"context"
	"errors"
	"net"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// A conn is a dialled connection that knows its address and what went out on it. The
// address is made into text once a connection and not once a request, and the count
// is what tells a request that may be sent again from one that may not.
type conn struct {
	net.Conn
	addr    string
	written atomic.Int64
	left    func(*conn) // told of the end of a shared connection
	// writes counts the calls of Write from their beginning, and heard is how many
	// there had been when something was last read.
	writes, heard atomic.Int64
}

// Read reads from the wire.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.heard.Store(c.writes.Load())
	}
	return n, err
}

// Write writes to the wire and counts the bytes that got there.
func (c *conn) Write(p []byte) (int, error) {
	c.writes.Add(1)
	n, err := c.Conn.Write(p)
	c.written.Add(int64(n))
	return n, err
}

// NetConn returns the connection below, as that of a tls.Conn does.
func (c *conn) NetConn() net.Conn { return c.Conn }

// Close closes the connection.
func (c *conn) Close() error {
	if c.left != nil {
		c.left(c)
	}
	return c.Conn.Close()
}

// dial opens a connection for the span in ctx. The transport lets a dial outlive
// its request, so that the connection can serve another one; the timeout here is
// what keeps it from outliving everything.
func (c *Client) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, c.config.Timeout, ErrTimeout)
	defer cancel()
	s, _ := ctx.Value(spanKey{}).(*span)
	begun := time.Now()
	raw, err := c.config.Dial(httptrace.WithClientTrace(ctx, s.lookups()), network, addr)
	s.marks.connect.Store(int64(time.Since(begun)) - s.marks.dns.Load())
	if err != nil {
		if cause := context.Cause(ctx); errors.Is(cause, ErrTimeout) {
			err = cause // what a dialler makes of its deadline differs by dialler
		}
		return nil, err
	}
	c.opened.Add(1)
	opened := &conn{Conn: raw, addr: addr}
	if remote := raw.RemoteAddr(); remote != nil {
		opened.addr = remote.String()
	}
	if s.stream != nil {
		c.crowd.add(opened)
	}
	return opened, nil
}
