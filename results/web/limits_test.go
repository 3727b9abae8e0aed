package web

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// patience is after how long a test gives up on something that hangs.
const patience = 10 * time.Second

// The usual limits are within those that were promised.
func TestR85UsualLimits(t *testing.T) {
	l := usual()
	if l.read <= 0 || l.read > 10*time.Second || l.headers > 1<<20 || maxBody > 1<<20 || l.write <= 0 || l.idle <= 0 || l.connections <= 0 || l.streams >= l.connections {
		t.Errorf("got %+v", l)
	}
}

// A client that sends its request a byte now and then is closed, whatever part of it
// is missing, and so is one that says nothing.
func TestR85SlowClientsAreClosed(t *testing.T) {
	l := usual()
	l.read, l.idle = 100*time.Millisecond, 100*time.Millisecond
	where := strings.TrimPrefix(served(t, t.TempDir(), l), "http://")
	host := "Host: " + where + "\r\n"
	for _, text := range []string{
		"", "G", "GET / HTTP/1.1\r\n" + host + "X-Slow: ",
		"POST / HTTP/1.1\r\n" + host + "Content-Length: 1000000\r\n\r\nx",
		"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n5\r\nx",
		"GET / HTTP/1.1\r\n" + host + "\r\n", // an answer, and then silence
	} {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", where)
		must(t, err)
		must(t, conn.SetDeadline(time.Now().Add(patience)))
		_, err = io.WriteString(conn, text)
		must(t, err)
		if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%q: still open after %v", text, patience)
		}
		must(t, conn.Close())
	}
}

// Headers of more than a mebibyte are refused, and a body of any size is not waited for.
func TestR85RequestsAreBounded(t *testing.T) {
	where := strings.TrimPrefix(served(t, t.TempDir(), usual()), "http://")
	for _, c := range []struct {
		head   string
		size   int
		status int
	}{
		{"GET / HTTP/1.1\r\nHost: " + where + "\r\nX-Big: %s\r\n\r\n", 2 << 20, http.StatusRequestHeaderFieldsTooLarge},
		{"GET /?q=%s HTTP/1.1\r\nHost: " + where + "\r\n\r\n", 2 << 20, http.StatusRequestHeaderFieldsTooLarge},
		{"GET /?q=%s HTTP/1.1\r\nHost: " + where + "\r\n\r\n", 500 << 10, http.StatusOK},
	} {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", where)
		must(t, err)
		must(t, conn.SetDeadline(time.Now().Add(patience)))
		// The answer may come, and the connection go, before all is written.
		go func() { _, _ = fmt.Fprintf(conn, c.head, strings.Repeat("x", c.size)) }()
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		must(t, err)
		if answer.StatusCode != c.status {
			t.Errorf("%.20q of %d bytes: got %s", c.head, c.size, answer.Status)
		}
		must(t, answer.Body.Close())
		must(t, conn.Close())
	}
}

// A pipe is a network of one connection.
type pipe struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipe) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: testPort} }

// Close ends Accept.
func (p *pipe) Close() error { close(p.done); return nil }

// Accept waits for the connection.
func (p *pipe) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

// Who watches a run and takes nothing of what is sent is given up, and the server can
// end while somebody watches.
func TestWatchersWhoDoNotReadAreGivenUp(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		j := begin(t, dir, header("a", "sequential"))
		network := &pipe{make(chan net.Conn), make(chan struct{})}
		server := &Server{listeners: []net.Listener{network}, port: testPort, folder: dir, limits: usual()}
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- server.Serve(ctx) }()
		ask := "GET /live/a/events HTTP/1.1\r\nHost: " + testHost + "\r\n\r\n"
		var ends [2]net.Conn
		for i := range ends {
			here, there := net.Pipe()
			network.conns <- there
			_, err := io.WriteString(here, ask)
			must(t, err)
			ends[i] = here
		}
		go func() { _, _ = io.Copy(io.Discard, ends[1]) }() // the one who reads
		time.Sleep(2 * usual().write)
		synctest.Wait()
		text, err := io.ReadAll(ends[0])
		if err != nil || strings.Contains(string(text), "event") {
			t.Errorf("after %v: %q, %v", 2*usual().write, text, err)
		}
		if _, err := ends[1].Write([]byte("x")); err != nil {
			t.Errorf("the one who reads was given up too: %v", err)
		}
		stop()
		must(t, <-ended)
		must(t, errors.Join(ends[0].Close(), ends[1].Close(), j.Close()))
	})
}
