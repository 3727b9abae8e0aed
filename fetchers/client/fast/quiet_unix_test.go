//go:build unix

package fast_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/fetchers/client/fast"
)

// server answers the first request of each connection and then does what is asked of
// it, over real sockets; did is told when that was done.
func server(t *testing.T, after func(net.Conn)) (url string, did chan struct{}) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	did = make(chan struct{}, 8)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for c, err := l.Accept(); err == nil; c, err = l.Accept() {
			requests := bufio.NewReader(c)
			if _, err := http.ReadRequest(requests); err == nil {
				io.WriteString(c, head+"Content-Length: 2\r\n\r\nok")
				after(c)
			}
			did <- struct{}{}
			t.Cleanup(func() { c.Close() })
		}
	}()
	t.Cleanup(func() { l.Close(); <-ended })
	return "http://" + l.Addr().String() + "/", did
}

// TestR22AnswersAreMatchedToTheirRequest: what comes over an idle connection is nobody's
// answer, and its connection is not used again.
func TestR22AnswersAreMatchedToTheirRequest(t *testing.T) {
	url, did := server(t, func(c net.Conn) {
		io.WriteString(c, head+"Content-Length: 99\r\n\r\n"+strings.Repeat("x", 99))
	})
	checkTwoConnections(t, url, did)
}

// TestR22bAConnectionThatWasClosedIsReplaced before anything is sent over it: two
// requests, two attempts, two connections, and neither fails.
func TestR22bAConnectionThatWasClosedIsReplaced(t *testing.T) {
	url, did := server(t, func(c net.Conn) { c.Close() })
	checkTwoConnections(t, url, did)
}

// checkTwoConnections makes two requests, the second when the first connection has been
// spoilt, and wants each to have its own.
func checkTwoConnections(t *testing.T, url string, did chan struct{}) {
	t.Helper()
	c := fast.New(client.Config{InFlight: 1})
	defer c.Close()
	for n := range 2 {
		o := c.Fetch(t.Context(), client.Request{URL: url})
		if o.Class != client.ClassOK || o.Bytes != 2 || o.Attempts != 1 || o.Conn.Reused {
			t.Errorf("request %d: got %+v, want ok with 2 bytes over a new connection", n, o)
		}
		if n == 0 {
			<-did
		}
	}
	if c.Opened() != 2 {
		t.Errorf("got %d connections, want 2", c.Opened())
	}
}
