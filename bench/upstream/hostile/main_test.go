package hostile

import (
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// late is when a test gives up that waits for something which should come at once.
const late = 20 * time.Second

// TestMain wants no goroutine left behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start is a server for one test.
func start(t testing.TB) *Server {
	t.Helper()
	s, err := Start(Options{Life: time.Minute, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// client makes a connection a request and follows no redirects.
func client(t testing.TB, s *Server) *http.Client {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true, TLSClientConfig: trusting(s)}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// answered is what is known of an answer whose body was read.
type answered struct {
	StatusCode, ProtoMajor int
	Header                 http.Header
}

// get makes a request and returns the answer, its body and the first error.
func get(t testing.TB, c *http.Client, url string) (answered, string, error) {
	t.Helper()
	response, err := c.Get(url)
	if err != nil {
		return answered{}, "", err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return answered{response.StatusCode, response.ProtoMajor, response.Header}, string(body), err
}

// dial connects to a listener, for as long as a test may last.
func dial(t testing.TB, s *Server, listener string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", s.Addr(listener))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(late))
	return conn
}

// ask sends a request by hand and returns at most so many bytes of what comes back,
// or all if most is 0.
func ask(t testing.TB, s *Server, target string, most int64) string {
	t.Helper()
	conn := dial(t, s, "http")
	if _, err := io.WriteString(conn, "GET "+target+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	var from io.Reader = conn
	if most > 0 {
		from = io.LimitReader(conn, most)
	}
	said, _ := io.ReadAll(from)
	_ = conn.Close()
	return string(said)
}

// until waits for the counts to be as wanted. Those of a client that left come a
// little after it did.
func until(t testing.TB, s *Server, wanted func(Stats) bool) {
	t.Helper()
	for begin := time.Now(); !wanted(s.Stats()); runtime.Gosched() {
		if time.Since(begin) > late {
			t.Fatalf("after %v: %+v", late, s.Stats())
		}
	}
}

// short cuts a text for a message.
func short(text string) string {
	if len(text) > 300 {
		text = text[:300] + "..."
	}
	return strings.ToValidUTF8(text, "?")
}
