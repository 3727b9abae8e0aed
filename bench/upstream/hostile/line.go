package hostile

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// line is a connection on which an answer is written by hand.
type line struct {
	v    *visit
	conn net.Conn
}

// raw takes the connection over and lets the script write on it. Afterwards it is
// closed. A client that leaves ends the visit. Where there is no connection to take,
// over HTTP/2, the answer is 505.
func (v *visit) raw(script func(l *line)) {
	conn, buffered, err := http.NewResponseController(v.w).Hijack()
	if err != nil {
		v.text(http.StatusHTTPVersionNotSupported, "this path is for HTTP/1.1\n")
		return
	}
	// Later than the end of the context, so that it is the context that says why.
	_ = conn.SetDeadline(time.Now().Add(mostTime + headerTime))
	ctx, cancel := context.WithCancel(v.ctx)
	v.ctx = ctx
	var around sync.WaitGroup
	around.Add(1)
	stop := context.AfterFunc(ctx, func() {
		defer around.Done()
		_ = conn.Close()
	})
	around.Go(func() {
		v.hear(buffered.Reader)
		cancel()
	})
	script(&line{v, conn})
	v.left = v.left || errors.Is(ctx.Err(), context.Canceled)
	v.end()
	hangUp(ctx, conn)
	if stop() {
		_ = conn.Close()
		around.Done()
	}
	cancel()
	around.Wait()
}

// hangUp ends the server's side of a connection and gives the client time to end its
// own: what it has sent by then on a connection that it took for good is counted.
// Closed with something unread, the connection would be reset besides.
func hangUp(ctx context.Context, conn net.Conn) {
	if c, ok := conn.(interface{ CloseWrite() error }); ok && c.CloseWrite() == nil {
		sleep(ctx, headerTime)
	}
}

// hear reads what comes over a connection that was taken over, to its end. Requests
// that a client sends there are counted, and get nothing of their own.
func (v *visit) hear(from *bufio.Reader) {
	for v.r.ContentLength == 0 { // else its body comes first, and is no request
		r, err := http.ReadRequest(from)
		if err != nil {
			break
		}
		e, _ := v.server.arrived(connectionOf(v.r), r)
		v.server.book.end(e)
		if r.ContentLength != 0 {
			break
		}
	}
	_, _ = io.Copy(io.Discard, from)
}

// say writes a part of an answer and reports whether the client is still there. Of
// the first part the status is kept.
func (l *line) say(text string) bool {
	if l.v.ctx.Err() != nil {
		return false
	}
	if l.v.sent == 0 {
		l.v.status = statusOf(text)
	}
	n, err := io.WriteString(l.conn, text)
	l.v.sent += int64(n)
	l.v.left = l.v.left || err != nil
	return err == nil
}

// last writes the last part of an answer. It is counted as sent and ended before it
// leaves: a client may make up its mind at any byte of it, and then ask for the counts.
func (l *line) last(text string) {
	if l.v.ctx.Err() != nil {
		return
	}
	if l.v.sent == 0 {
		l.v.status = statusOf(text)
	}
	l.v.sent += int64(len(text))
	l.v.end()
	_, _ = io.WriteString(l.conn, text) // a client that left is told nothing
}

// endless writes a text again and again, with pauses, until the client leaves or the
// bounds are met.
func (l *line) endless(text string, every time.Duration) {
	if every == 0 {
		text = strings.Repeat(text, 1+(32<<10)/len(text))
	}
	for l.v.sent < mostBytes && l.say(text) && l.v.sleep(every) {
	}
}

// hang waits for the client to leave.
func (l *line) hang() { l.v.sleep(mostTime) }

// statusOf reads the status in the first line of an answer, 0 if there is none.
func statusOf(text string) int {
	version, rest, _ := strings.Cut(text, " ")
	if !strings.HasPrefix(version, "HTTP/") || len(rest) < 3 {
		return 0
	}
	code, err := strconv.Atoi(rest[:3])
	if err != nil {
		return 0
	}
	return code
}
