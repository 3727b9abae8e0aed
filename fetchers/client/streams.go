package client

import (
	"context"
	"errors"
	"net"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// ErrRefused is the error of a request that the upstream refused after it was sent,
// and that its wire would have sent again behind the caller's back. The Class of a
// multiplexed [Wire] knows it.
var ErrRefused = errors.New("the upstream refused the request after it was sent " +
	"(REFUSED_STREAM, PROTOCOL_ERROR, GOAWAY, H3_REQUEST_REJECTED), and nothing is sent twice")

// A stream is what a span needs to know where many requests share a connection. What
// the connection carried says nothing about one of them there, so the hooks around
// the headers of the request count instead.
//
// net/http sends a request again that the upstream refused, up to seven times and
// seconds apart, and quic-go does so once. A body that is not nil would stop both, and
// would cost each GET a frame and a system call more. So the second time that a
// request is given a connection with its headers already out ends the request.
type stream struct {
	sent    atomic.Int32       // how often the headers were on the wire
	writing atomic.Bool        // they are being written
	refused atomic.Bool        // they would have been sent again
	stop    context.CancelFunc // ends the request
}

// watch sets the hooks that count. Headers that are being written when the request is
// given up count as sent, which is why their beginning has a hook as well.
func (t *stream) watch(trace *httptrace.ClientTrace) {
	trace.WroteHeaderField = func(string, []string) { t.writing.Store(true) }
	trace.WroteHeaders = func() {
		t.sent.Add(1)
		t.writing.Store(false)
	}
}

// count returns how often the request was sent, a beginning included.
func (t *stream) count() int {
	n := int(t.sent.Load())
	if t.writing.Load() {
		n++
	}
	return n
}

// settle gives headers that are about to be written a moment to begin. net/http tells
// a request that it is over before it asks the goroutine that writes for it, and what
// that one does then nobody can wait for. Without the moment, seven of nine thousand
// requests that were cancelled at random were on the wire and not counted; with two
// milliseconds of it, one was on a machine with more to do than it has processors.
func (t *stream) settle() {
	const moment, looks = 10 * time.Millisecond, 50
	for range looks {
		if t.count() > 0 {
			return
		}
		time.Sleep(moment / looks)
	}
}

// again reports whether a request that was sent is about to be sent once more, and
// ends it.
func (t *stream) again() bool {
	if t.count() == 0 {
		return false
	}
	t.refused.Store(true)
	t.stop()
	return true
}

// h2Class knows HTTP/2, whose errors net/http has no types for. Half of an answer is
// not meant: a connection that ended within one is truncated over any protocol.
func h2Class(err error) Class {
	text := err.Error()
	switch {
	case errors.Is(err, ErrRefused):
		return ClassH2
	case strings.Contains(text, "response header list larger than"):
		return ClassHeadersTooLarge
	case errors.As(err, new(*net.OpError)):
		return ""
	case strings.Contains(text, "stream error: stream ID"),
		strings.Contains(text, "connection error: "),
		strings.Contains(text, "http2: "):
		return ClassH2
	}
	return ""
}

// A classError is an error whose class the wire knows.
type classError struct {
	class Class
	error
}

// Unwrap returns the error of the wire.
func (e *classError) Unwrap() error { return e.error }

// known asks the wire for the class of its error.
func (c *Client) known(err error) error {
	if c.wire == nil || c.wire.Class == nil {
		return err
	}
	if class := c.wire.Class(err); class != "" {
		return &classError{class, err}
	}
	return err
}

// A crowd counts the requests under way and keeps the connections that they share.
// The connections of HTTP/1.1 close themselves when their client was closed under
// them; a shared one does not, so the last request to leave closes it.
type crowd struct {
	mu     sync.Mutex
	inside int
	closed bool
	conns  map[*conn]struct{}
}

// enter counts a request in.
func (w *crowd) enter() {
	w.mu.Lock()
	w.inside++
	w.mu.Unlock()
}

// leave counts a request out and reports whether it is the one to close up.
func (w *crowd) leave() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inside--
	return w.closed && w.inside == 0
}

// close notes that the client is closed and reports whether nobody is inside.
func (w *crowd) close() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	return w.inside == 0
}

// add keeps a connection.
func (w *crowd) add(c *conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conns == nil {
		w.conns = make(map[*conn]struct{})
	}
	w.conns[c] = struct{}{}
	c.left = w.remove
}

// remove forgets a connection that was closed.
func (w *crowd) remove(c *conn) {
	w.mu.Lock()
	delete(w.conns, c)
	w.mu.Unlock()
}

// disperse closes the connections that are left. What their Close could tell is of
// no use to anybody: no request is on them.
func (w *crowd) disperse() {
	w.mu.Lock()
	left := w.conns
	w.conns = nil
	w.mu.Unlock()
	for c := range left {
		_ = c.Conn.Close()
	}
}
