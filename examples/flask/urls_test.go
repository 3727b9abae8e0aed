//go:build unix

package flask_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/bench/upstream"
)

// urlsPages are the forms of the page, by how many of ten URLs each has under way.
func urlsPages() map[string]int {
	return map[string]int{"/urls/sync": 1, "/urls/async-run": 10, "/urls/async": 10, "/urls/async-headers": 10}
}

// serve is the embedded upstream with answers after so many milliseconds.
func serve(t *testing.T, millis float64) *upstream.Server {
	t.Helper()
	p, err := upstream.Lookup("constant")
	if err != nil {
		t.Fatal(err)
	}
	p.Latency.BaseMS = millis
	s, err := upstream.Serve("", p, upstream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// listed is the page of these URLs, of which one is not served.
func listed(urls []string, missing int) string {
	page := "<h1>URLs:</h1>"
	for i, url := range urls {
		status := http.StatusOK
		if i == missing {
			status = http.StatusNotFound
		}
		page += fmt.Sprintf("<p>URL: %s --- Status Code: %d</p>", strings.ReplaceAll(url, "&", "&amp;"), status)
	}
	return page
}

// All forms of the page show the same, in the order of the list: statuses that are no
// 200 among them, URLs escaped. The embedded upstream saw them one after the other, or
// several at once, from Flask's own server and from gunicorn.
func TestUrlsAreListedInOrder(t *testing.T) {
	t.Parallel()
	s := serve(t, 200)
	urls := s.URLs()
	urls[3] = s.Addr() + "/item/99"
	urls[5] += "?a=1&b=%3Cscript%3E"
	want := listed(urls, 3)
	l := newList(t)
	l.write(t, urls...)
	for _, threads := range []int{0, 4} {
		a := flask(t, threads, l.environ())
		for path, most := range urlsPages() {
			if err := s.Begin(t.Context(), 0); err != nil {
				t.Fatal(err)
			}
			page := a.get(t, path, http.StatusOK)
			if page.body != want || !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") {
				t.Errorf("%s: got %v\n%s\nwant\n%s", path, page.header, page.body, want)
			}
			seen, err := s.Counts(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			// That all of them are there at once is for the gates to say, which wait for it.
			if n := seen.InFlight.Max; seen.Requests.Started != 10 || n > most || n == 1 && most > 1 {
				t.Errorf("%s, %d threads: %d requests, %d at once, want 10 and up to %d", path, threads, seen.Requests.Started, n, most)
			}
		}
	}
}

// The bodies are what tells the page that returns after the headers from its twins: it
// is there while none of them has been sent, and gives them up.
func TestHeadersOnlyReadsNoBody(t *testing.T) {
	t.Parallel()
	const n = 5
	l := newList(t)
	a := flask(t, 0, l.environ())
	for path, c := range map[string]struct{ crowd, most, gone int }{
		"/urls/sync":          {1, 1, 0},
		"/urls/async-run":     {n, n, 0},
		"/urls/async":         {n, n, 0},
		"/urls/async-headers": {n + 1, 0, n},
	} {
		g := newGate(t, func(g *gate, w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "5")
			w.(http.Flusher).Flush()
			if g.meet(r, c.crowd) {
				_, _ = io.WriteString(w, "Hello")
			}
		})
		l.write(t, times(n, func(i int) string { return fmt.Sprintf("%s/%d", g.URL, i) })...)
		a.get(t, path, http.StatusOK)
		seen := g.whole()
		if seen.came != n || seen.gone != c.gone || c.most > 0 && seen.most != c.most {
			t.Errorf("%s: saw %+v, want %+v", path, seen, c)
		}
	}
}

// gather without return_exceptions fails with the first error, and what is under way
// is given up. One after the other, those before the error were fetched in vain.
func TestTheFirstErrorFailsThePage(t *testing.T) {
	t.Parallel()
	const n = 5
	l := newList(t)
	a := flask(t, 0, l.environ())
	for path, c := range map[string]struct{ crowd, gone int }{
		"/urls/sync": {1, 0}, "/urls/async-run": {n, n - 1}, "/urls/async": {n, n - 1},
	} {
		g := newGate(t, func(g *gate, _ http.ResponseWriter, r *http.Request) {
			met := g.meet(r, c.crowd)
			switch {
			case r.URL.Path == fmt.Sprintf("/%d", n-1): // the last one closes the connection
				panic(http.ErrAbortHandler)
			case met && c.crowd > 1:
				wait(r, nil)
			}
		})
		l.write(t, times(n, func(i int) string { return fmt.Sprintf("%s/%d", g.URL, i) })...)
		if page := a.get(t, path, http.StatusInternalServerError); page.body != "500 error" {
			t.Errorf("%s: %q", path, page.body)
		}
		if seen := g.whole(); seen.came != n || seen.most != c.crowd || seen.gone != c.gone {
			t.Errorf("%s: saw %+v, want %+v", path, seen, c)
		}
	}
}

// An asynchronous page is one request of one visitor: how many visitors are served at
// once is what threads decide. Callers and URLs multiply.
func TestThreadsServeVisitors(t *testing.T) {
	t.Parallel()
	const urls, visitors = 3, 4
	for threads, most := range map[int]int{1: urls, 4: visitors * urls} {
		l := newList(t)
		a := flask(t, threads, l.environ())
		for _, path := range []string{"/urls/async-run", "/urls/async"} {
			g := newGate(t, func(g *gate, _ http.ResponseWriter, r *http.Request) { g.meet(r, most) })
			l.write(t, times(urls, func(i int) string { return fmt.Sprintf("%s/%d", g.URL, i) })...)
			a.together(t, times(visitors, func(int) string { return path })...)
			if seen := g.whole(); seen.came != visitors*urls || seen.most != most {
				t.Errorf("%s in %d threads: %+v, want %d at once", path, threads, seen, most)
			}
		}
	}
}

// Synchronous and asynchronous pages are served side by side.
func TestFormsMix(t *testing.T) {
	t.Parallel()
	l := newList(t)
	a := flask(t, 0, l.environ())
	g := newGate(t, func(g *gate, _ http.ResponseWriter, r *http.Request) { g.meet(r, 3) })
	l.write(t, g.URL+"/a")
	a.together(t, "/urls/sync", "/urls/async-run", "/urls/async")
	if seen := g.whole(); seen.most != 3 {
		t.Errorf("%+v, want one request of each page at once", seen)
	}
}
