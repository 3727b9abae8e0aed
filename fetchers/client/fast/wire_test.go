package fast_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/fetchers/client/fast"
)

// A seen is what an upstream saw of a request.
type seen struct {
	Line, Host, Body string
	Header           http.Header
}

// ours are the headers that the client sends, and more.
func ours(more ...string) http.Header {
	h := http.Header{"User-Agent": {"fetchbench"}, "Accept-Encoding": {"gzip"}, "X-Request-Id": {"7"}}
	for i := 0; i < len(more); i += 2 {
		h.Add(more[i], more[i+1])
	}
	return h
}

// TestRequestOnTheWire shows that fasthttp adds nothing to a request and changes
// nothing in it: neither a type nor an agent of its own, no second spelling of a path.
func TestRequestOnTheWire(t *testing.T) {
	for _, tt := range []struct {
		name string
		r    client.Request
		want seen
	}{
		{"get", client.Request{URL: "http://upstream/a//b/../c?d=%20e#f"}, seen{"GET /a//b/../c?d=%20e", "upstream", "", ours()}},
		{"head", client.Request{Method: "HEAD", URL: "http://upstream"}, seen{"HEAD /", "upstream", "", ours()}},
		{
			"empty post",
			client.Request{Method: "POST", URL: "http://upstream:8080/"},
			seen{"POST /", "upstream:8080", "", ours("Content-Length", "0")},
		},
		{
			"post",
			client.Request{Method: "POST", URL: "http://upstream/", Body: []byte("xyz")},
			seen{"POST /", "upstream", "xyz", ours("Content-Length", "3")},
		},
		{
			"own headers",
			client.Request{URL: "http://upstream/", Header: http.Header{
				"X-Key": {"a", "b"}, "Cookie": {"c=d"}, "Content-Type": {"text/plain"}, "Host": {"other"},
			}},
			seen{"GET /", "other", "", ours("X-Key", "a", "X-Key", "b", "Cookie", "c=d", "Content-Type", "text/plain")},
		},
		{
			"nothing of ours",
			client.Request{URL: "http://upstream/", Header: http.Header{"User-Agent": nil, "Accept-Encoding": nil}},
			seen{"GET /", "upstream", "", http.Header{"X-Request-Id": {"7"}}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got := make(chan seen, 1)
				c := fast.New(client.Config{Dial: pipes(func(c net.Conn, in *bufio.Reader) {
					r, err := http.ReadRequest(in)
					if err != nil {
						t.Error(err)
						return
					}
					body, _ := io.ReadAll(r.Body)
					got <- seen{r.Method + " " + r.RequestURI, r.Host, string(body), r.Header}
					io.WriteString(c, head+"Content-Length: 0\r\n\r\n")
				})})
				defer c.Close()
				tt.r.ID = "7"
				if o := c.Fetch(t.Context(), tt.r); o.Class != client.ClassOK {
					t.Fatalf("got %+v, want ok", o)
				}
				if diff := cmp.Diff(tt.want, <-got); diff != "" {
					t.Errorf("on the wire (-want +got):\n%s", diff)
				}
			})
		})
	}
}
