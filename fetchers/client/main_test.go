package client

import (
	"bufio"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// hangGuard is far beyond anything a test needs; only a hang reaches it.
const hangGuard = 30 * time.Second

// listen serves each connection on loopback with handle, gives it its number, and
// returns the address. At the end of the test every connection is closed and every
// handler awaited.
func listen(t testing.TB, handle func(c net.Conn, number int)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var (
		served sync.WaitGroup
		mu     sync.Mutex
		conns  []net.Conn
	)
	served.Go(func() {
		for number := 0; ; number++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns = append(conns, c)
			mu.Unlock()
			served.Go(func() {
				defer c.Close()
				handle(c, number)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for _, c := range conns {
			c.Close()
		}
		mu.Unlock()
		served.Wait()
	})
	return l.Addr().String()
}

// answer returns a handler that reads one request, sends text and closes.
func answer(text string) func(net.Conn, int) {
	return func(c net.Conn, _ int) {
		if readRequest(bufio.NewReader(c)) == nil {
			return
		}
		io.WriteString(c, text)
		finish(c)
	}
}

// finish closes the sending side and waits for the other end to close, so that the
// kernel sends an orderly end and not a reset.
func finish(c net.Conn) {
	if half, ok := c.(*net.TCPConn); ok {
		half.CloseWrite()
	}
	io.Copy(io.Discard, c)
}

// readRequest reads a whole request, its body included; nil means there was none.
func readRequest(r *bufio.Reader) *http.Request {
	req, err := http.ReadRequest(r)
	if err != nil {
		return nil
	}
	io.Copy(io.Discard, req.Body)
	return req
}

// newClient returns a client that is closed at the end of the test.
func newClient(t testing.TB, config Config) *Client {
	t.Helper()
	if config.Timeout == 0 {
		config.Timeout = hangGuard
	}
	c := New(config)
	t.Cleanup(c.Close)
	return c
}

// fetch fetches an address and path with GET.
func fetch(t testing.TB, c *Client, addr, path string) Outcome {
	t.Helper()
	return c.Fetch(context.Background(), Request{ID: "id-1", URL: "http://" + addr + path})
}

// pipes is an in-memory network: each dial gets one end, handle the other. In a
// synctest bubble all of it runs in virtual time.
func pipes(handle func(c net.Conn, number int)) func(context.Context, string, string) (net.Conn, error) {
	var (
		mu     sync.Mutex
		number int
	)
	return func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		mu.Lock()
		n := number
		number++
		mu.Unlock()
		go func() {
			defer far.Close()
			handle(far, n)
		}()
		return near, nil
	}
}

// notifyingDial dials TCP and closes got once n bytes have been read.
func notifyingDial(got chan struct{}, n int) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, addr)
		return &notifyingConn{Conn: c, got: got, left: n}, err
	}
}

type notifyingConn struct {
	net.Conn
	got  chan struct{}
	left int
}

func (c *notifyingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.left -= n; n > 0 && c.left == 0 {
		close(c.got)
	}
	return n, err
}

// discardLog is for servers that would complain of what a test does on purpose.
func discardLog() *log.Logger { return log.New(io.Discard, "", 0) }
