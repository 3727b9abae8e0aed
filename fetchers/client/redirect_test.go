package client

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A seen is what a server saw of one request.
type seen struct{ Line, Body, Key, Type, Referer string }

// recorder serves with handle and records what it sees.
func recorder(t *testing.T, handle http.HandlerFunc) (*httptest.Server, func() []seen) {
	t.Helper()
	var (
		mu  sync.Mutex
		all []seen
	)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		all = append(all, seen{
			r.Method + " " + r.URL.Path, string(body), r.Header.Get("X-Api-Key"),
			r.Header.Get("Content-Type"), r.Header.Get("Referer"),
		})
		mu.Unlock()
		handle(w, r)
	}))
	t.Cleanup(server.Close)
	return server, func() []seen {
		mu.Lock()
		defer mu.Unlock()
		return all
	}
}

// redirectTo redirects every path but /end there.
func redirectTo(status int, location string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/end" {
			io.WriteString(w, "arrived")
			return
		}
		w.Header().Set("Location", location)
		w.WriteHeader(status)
		io.WriteString(w, "moved away")
	}
}

func TestRedirectKeepsOrDropsTheBody(t *testing.T) {
	first := seen{"POST /start", "data", "secret", "text/plain", ""}
	head := seen{"HEAD /start", "", "secret", "text/plain", ""}
	asGet := seen{"GET /end", "", "secret", "", ""}
	for _, tt := range []struct {
		status int
		first  seen
		second seen
	}{
		{301, first, asGet},
		{302, first, asGet},
		{303, first, asGet},
		{307, first, seen{"POST /end", "data", "secret", "text/plain", ""}},
		{308, first, seen{"POST /end", "data", "secret", "text/plain", ""}},
		{303, head, seen{"HEAD /end", "", "secret", "", ""}},
		{307, head, seen{"HEAD /end", "", "secret", "text/plain", ""}},
	} {
		t.Run(fmt.Sprint(tt.status, " ", tt.first.Line), func(t *testing.T) {
			server, all := recorder(t, redirectTo(tt.status, "/end?q=1"))
			c := newClient(t, Config{})
			method, _, _ := strings.Cut(tt.first.Line, " ")
			o := c.Fetch(context.Background(), Request{
				Method: method, URL: server.URL + "/start?token=abc", Body: []byte(tt.first.Body),
				Header: http.Header{"X-Api-Key": {"secret"}, "Content-Type": {"text/plain"}},
			})
			if o.Class != ClassOK || o.Redirects != 1 || o.Attempts != 2 || o.Status != 200 || !o.Conn.Reused {
				t.Errorf("got %+v, want ok after one redirect on one connection", o)
			}
			if method != "HEAD" && o.Bytes != int64(len("arrived")) {
				t.Errorf("got %d bytes, want those of the last answer", o.Bytes)
			}
			if diff := cmp.Diff([]seen{tt.first, tt.second}, all()); diff != "" {
				t.Errorf("upstream saw (-want +got):\n%s", diff)
			}
		})
	}
}

func TestR31RedirectsAreBounded(t *testing.T) {
	for _, tt := range []struct {
		name      string
		redirects int
		want      Class
		followed  int
	}{
		{"default", 0, ClassRedirectLoop, 10},
		{"three", 3, ClassRedirectLoop, 3},
		{"none", -1, ClassHTTP3xx, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			server, all := recorder(t, redirectTo(302, "/again"))
			o := newClient(t, Config{Redirects: tt.redirects}).Fetch(context.Background(), Request{URL: server.URL})
			if o.Class != tt.want || o.Redirects != tt.followed || o.Attempts != tt.followed+1 || o.Status != 302 {
				t.Errorf("got %+v, want %s after %d redirects", o, tt.want, tt.followed)
			}
			if len(all()) != o.Attempts {
				t.Errorf("upstream saw %d requests, outcome counts %d attempts", len(all()), o.Attempts)
			}
		})
	}
}

// TestR29RedirectToAnotherOriginIsRefused checks that the other origin gets nothing.
func TestR29RedirectToAnotherOriginIsRefused(t *testing.T) {
	other, leaked := recorder(t, redirectTo(200, ""))
	otherName := strings.Replace(other.URL, "127.0.0.1", "localhost", 1)
	for _, location := range []string{
		other.URL + "/end", otherName, "//" + strings.TrimPrefix(other.URL, "http://"),
		"https://127.0.0.1/", "file:///etc/passwd", "javascript:alert(1)", "http:///x",
	} {
		server, all := recorder(t, redirectTo(302, location))
		o := newClient(t, Config{}).Fetch(context.Background(), Request{
			URL: server.URL, Header: http.Header{"X-Api-Key": {"secret"}},
		})
		if o.Class != ClassRedirectRefused || o.Status != 302 || o.Attempts != 1 || len(all()) != 1 || o.Err == nil {
			t.Errorf("to %s: got %+v, want redirect_refused", location, o)
		}
	}
	if got := leaked(); len(got) != 0 {
		t.Errorf("the other origin saw %v", got)
	}
}

// TestRedirectWithinTheOriginIsFollowed names the same origin in other ways.
func TestRedirectWithinTheOriginIsFollowed(t *testing.T) {
	var own string
	server, _ := recorder(t, func(w http.ResponseWriter, r *http.Request) {
		redirectTo(302, own)(w, r)
	})
	host := strings.TrimPrefix(server.URL, "http://")
	for _, own = range []string{"end", server.URL + "/end#here", "//" + host + "/end", "HTTP://" + host + "/end", "http://u:p@" + host + "/end"} {
		if o := newClient(t, Config{}).Fetch(context.Background(), Request{URL: server.URL}); o.Class != ClassOK {
			t.Errorf("to %s: got %+v, want ok", own, o)
		}
	}
}

func TestSameOriginKnowsDefaultPorts(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{"http://a.example", "http://A.Example:80/x", true},
		{"https://a.example:443", "https://a.example", true},
		{"http://a.example", "https://a.example", false},
		{"http://a.example:8080", "https://a.example:8080", false},
		{"http://a.example:8080", "http://a.example", false},
		{"http://a.example", "http://b.a.example", false},
	} {
		a, _ := http.NewRequest("GET", tt.a, nil)
		b, _ := http.NewRequest("GET", tt.b, nil)
		if got := sameOrigin(a.URL, b.URL); got != tt.want {
			t.Errorf("sameOrigin(%s, %s) = %v", tt.a, tt.b, got)
		}
	}
}
