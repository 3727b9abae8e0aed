package hostile

import (
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestAnswersWholeAndWell reads what a client can take for an answer.
func TestAnswersWholeAndWell(t *testing.T) {
	s := start(t)
	for _, c := range []struct {
		target string
		status int
		body   string // the whole of it, or "" for any
		header string // one that must be there, as "Name: value"
	}{
		{"/ok", 200, "xxx", ""},
		{"/ok?size=0", 200, "", "Content-Length: 0"},
		{"/ok?size=100000", 200, strings.Repeat("x", 100_000), ""},
		{"/ok?size=-1&x=y", 200, "", "Content-Length: 0"},
		{"/ok?size=NaN", 200, "xxx", ""},
		{"/delay?ms=1", 200, "ok\n", ""},
		{"/capacity?c=1&ms=1", 200, "ok\n", ""},
		{"/ratelimit?rps=1", 200, "ok\n", ""},
		{"/ratelimit?rps=0&burst=0&retry_after=7", 429, "", "Retry-After: 7"},
		{"/freeze?every=10&for=5&ms=1", 200, "ok\n", ""},
		{"/drip?bytes=3&every=1", 200, "..x", ""},
		{"/gzip-bomb?mb=3", 200, strings.Repeat("\x00", 3<<20), ""},
		{"/big-header?bytes=1000", 200, "ok\n", "X-Big: " + strings.Repeat("x", 1000)},
		{"/many-headers?n=40", 200, "ok\n", "X-Many-39: x"},
		{"/cookies?n=2&size=3", 200, "ok\n", "Set-Cookie: c0=ccc"},
		{"/status/503", 503, "Service Unavailable\n", ""},
		{"/status/204", 204, "", ""},
		{"/status/100", 404, "", ""},
		{"/status/banana", 404, "", ""},
		{"/flaky?rate=0", 200, "ok\n", ""},
		{"/flaky?rate=1&status=500", 500, "flaky\n", ""},
		{"/retry-after?v=-1", 429, "", "Retry-After: -1"},
		{"/retry-after?v=banana&status=503", 503, "", "Retry-After: banana"},
		{"/close", 200, "ok\n", ""},
		{"/die-after", 200, "ok\n", ""},
		{"/raw/no-length", 200, "ok\n", ""},
		{"/early-response", 200, "ok\n", ""},
		{"/redirect?n=0", 200, "ok\n", ""},
		{"/redirect?n=2&code=307", 307, "", "Location: /redirect?code=307&n=1"},
		{"/redirect-loop?a=b", 302, "", "Location: /redirect-loop?a=b"},
		{"/redirect-to?url=file:///etc/passwd", 302, "", "Location: file:///etc/passwd"},
		{"/redirect-other-host", 302, "", "Location: " + s.URL("other") + "/echo"},
		{"/redirect-other-port", 302, "", "Location: " + s.URL("port2") + "/echo"},
		{"/redirect-no-location", 302, "somewhere\n", ""},
		{"/slow-read", 200, "read 0 bytes\n", ""},
		{"/nothing", 404, "", ""},
	} {
		t.Run(c.target, func(t *testing.T) {
			response, body, err := get(t, client(t, s), s.URL("http")+c.target)
			if err != nil {
				t.Fatal(err)
			}
			name, value, _ := strings.Cut(c.header, ": ")
			if response.StatusCode != c.status || c.body != "" && body != c.body || response.Header.Get(name) != value {
				t.Errorf("got %d %q %v", response.StatusCode, short(body), short(response.Header.Get(name)))
			}
		})
	}
}

// TestDeflateBomb unpacks what Go's client leaves packed.
func TestDeflateBomb(t *testing.T) {
	s := start(t)
	response, body, err := get(t, client(t, s), s.URL("http")+"/deflate-bomb?mb=3")
	if err != nil || response.Header.Get("Content-Encoding") != "deflate" || len(body) > 10_000 {
		t.Fatalf("got %d bytes, %v", len(body), err)
	}
	r, err := zlib.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, r); n != 3<<20 || err != nil {
		t.Errorf("unpacked %d bytes, %v", n, err)
	}
}

// TestBodiesAreBroken wants what a careful client reports: an error while it reads
// the body, or already for the answer.
func TestBodiesAreBroken(t *testing.T) {
	s := start(t)
	for _, c := range []struct {
		target, want string
		length       int // of what can be read, -1 for any
	}{
		{"/truncate?declare=1000&send=10", "unexpected EOF", 10},
		{"/chunk-truncated", "unexpected EOF", 5},
		{"/gzip-bad", "flate: corrupt input", -1},
		{"/gzip-truncated", "unexpected EOF", -1},
		{"/raw/bad-chunk", "invalid byte in chunk length", 5},
		{"/raw/huge-chunk", "unexpected EOF", 5},
		{"/reset?after=10", "connection reset by peer", -1},
		{"/fail-first?key=a&mode=close", "EOF", -1},
		{"/fail-first?key=b&mode=reset", "connection reset by peer", -1},
		{"/fail-first?key=c&mode=truncate", "unexpected EOF", 100},
	} {
		t.Run(c.target, func(t *testing.T) {
			_, body, err := get(t, client(t, s), s.URL("http")+c.target)
			if err == nil || !strings.Contains(err.Error(), c.want) || c.length >= 0 && len(body) != c.length {
				t.Errorf("got %d bytes, %v", len(body), err)
			}
		})
	}
}

// TestHangsUntilTheClientLeaves reads what comes before the silence, leaves, and
// wants the server to have noticed.
func TestHangsUntilTheClientLeaves(t *testing.T) {
	s := start(t)
	for target, before := range map[string]string{
		"/hang":                          "",
		"/hang-after-headers":            "HTTP/1.1 200 OK\r\n",
		"/stall-at?bytes=20&of=30":       "HTTP/1.1 200 OK\r\n",
		"/drip?every=29000":              "HTTP/1.1 200 OK\r\n",
		"/delay?ms=29000":                "",
		"/raw/drip-headers?every=1":      "HTTP/1.1 200 OK\r\nX-Drip-0: x\r\nX-Drip-1: x\r\n",
		"/raw/endless-1xx?every=1":       earlyHints + earlyHints,
		"/huge-length?declare=1e12":      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000000000000\r\n\r\nxxx",
		"/raw/upgrade":                   "HTTP/1.1 101 Switching Protocols\r\n",
		"/fail-first?key=hang&mode=hang": "",
	} {
		t.Run(target, func(t *testing.T) {
			s.Reset()
			conn := dial(t, s, "http")
			_, _ = io.WriteString(conn, "GET "+target+" HTTP/1.1\r\nHost: x\r\n\r\n")
			said := make([]byte, len(before))
			if _, err := io.ReadFull(conn, said); err != nil || string(said) != before {
				t.Errorf("got %q, %v", said, err)
			}
			path, _, _ := strings.Cut(target, "?")
			until(t, s, func(now Stats) bool { return now.Paths[path].InFlight == 1 })
			_ = conn.Close()
			until(t, s, func(now Stats) bool { return now.Paths[path].Gone == 1 && now.Paths[path].InFlight == 0 })
		})
	}
}

// TestEndlessGoesOn reads a megabyte of what has no end and leaves.
func TestEndlessGoesOn(t *testing.T) {
	s := start(t)
	for target, part := range map[string]string{
		"/infinite":             "xxxxxxxxxx",
		"/raw/endless-headers":  "X-Endless: x\r\nX-Endless: x\r\n",
		"/raw/long-status":      "HTTP/1.1 200 OOOOOOOOO",
		"/raw/endless-100":      "Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n",
		"/raw/endless-1xx":      earlyHints,
		"/raw/chunk-ext":        "\r\n\r\n1;a=b;a=b",
		"/raw/endless-trailers": "\r\n0\r\nX-Endless: x\r\nX-Endless: x\r\n",
	} {
		t.Run(target, func(t *testing.T) {
			said := ask(t, s, target, 1<<20)
			if len(said) != 1<<20 || !strings.Contains(said, part) {
				t.Errorf("got %d bytes, %q", len(said), short(said))
			}
			until(t, s, func(now Stats) bool { return now.Paths[target].Gone+now.Paths[target].Finished == 1 })
		})
	}
}

// TestUnsolicited wants a good answer and then another that nobody asked for.
func TestUnsolicited(t *testing.T) {
	said := ask(t, start(t), "/raw/unsolicited", 0)
	if !strings.HasPrefix(said, okay) || !strings.Contains(said[len(okay):], "Unsolicited") {
		t.Errorf("got %q", said)
	}
}

// TestTCP wants each listener to break off where its name says.
func TestTCP(t *testing.T) {
	s := start(t)
	for listener, want := range map[string]string{
		"tcp-close":  "server closed idle connection",
		"tcp-rst":    "connection reset by peer",
		"tcp-banner": "malformed HTTP",
	} {
		_, _, err := get(t, client(t, s), s.URL(listener))
		if err == nil || !strings.Contains(err.Error(), want) && !errors.Is(err, io.EOF) {
			t.Errorf("%s: got %v, want %s", listener, err, want)
		}
		if n := s.Stats().Connections[listener]; n != 1 {
			t.Errorf("%s: %d connections", listener, n)
		}
	}
	dial(t, s, "tcp-noaccept")
	conn := dial(t, s, "tcp-hang")
	until(t, s, func(now Stats) bool { return now.Connections["tcp-hang"] == 1 })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if n, err := conn.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("tcp-hang sent %d bytes, %v", n, err)
	}
}

// TestFailFirst counts by key, and by id without one.
func TestFailFirst(t *testing.T) {
	s := start(t)
	var got []int
	for _, query := range []string{"n=2&key=k", "n=2&key=k", "n=2&key=k", "id=a", "id=b", "id=a"} {
		response, _, err := get(t, client(t, s), s.URL("http")+"/fail-first?status=500&"+query)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, response.StatusCode)
	}
	for i, want := range []int{500, 500, 200, 500, 500, 200} {
		if got[i] != want {
			t.Errorf("request %d: got %d, want %d", i, got[i], want)
		}
	}
}

// TestEchoAndSecrets wants the echo to say what came, and the counts where.
func TestEchoAndSecrets(t *testing.T) {
	s := start(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL("port2")+"/echo", strings.NewReader("body"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Api-Key", "canary")
	r.Header.Set("Accept", "text/plain")
	response, err := client(t, s).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if !strings.Contains(string(body), `"X-Api-Key":["canary"]`) || !strings.Contains(string(body), `"body_bytes":4`) {
		t.Errorf("got %s", body)
	}
	if got := s.Stats().Secrets; len(got) != 1 || got[0] != (Secret{"port2", "/echo", "X-Api-Key"}) {
		t.Errorf("got %v", got)
	}
}
