package web

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// routes are the addresses of all pages, for a run a and a run b.
func routes() []string {
	return []string{"/", "/?q=pool&page=2", "/runs/a", "/compare?run=a&run=b", "/live/a", "/live/a/events"}
}

// The page answers to the literal names of this computer with its own port, and
// listens on no other address.
func TestR81OnlyItsOwnNamesAreAnswered(t *testing.T) {
	dir := t.TempDir()
	finished(t, dir, header("a", "sequential", "pool:2"))
	page := shown(t, dir)
	as := func(host string) func(*http.Request) { return func(r *http.Request) { r.Host = host } }
	for _, host := range []string{testHost, "[::1]:8080", "localhost:8080"} {
		if got := ask(t, page, http.MethodGet, "/runs/a", as(host)); got.StatusCode != http.StatusOK {
			t.Errorf("Host %q: got %s", host, got.Status)
		}
	}
	for _, host := range hostileHosts(testPort) {
		for _, target := range routes() {
			got := ask(t, page, http.MethodGet, target, as(host))
			if text := got.text; got.StatusCode != http.StatusForbidden || strings.Contains(text, "pool") {
				t.Errorf("Host %q at %s: got %s with %d bytes", host, target, got.Status, len(text))
			}
		}
	}
}

// Both addresses of this computer are taken at one port, and nothing else is.
func TestR81ItListensOnLoopbackOnly(t *testing.T) {
	address, err := ParseAddress("0")
	must(t, err)
	server, err := Listen(t.Context(), address, t.TempDir())
	must(t, err)
	defer func() { must(t, server.Close()) }()
	for _, l := range server.listeners {
		at, ok := l.Addr().(*net.TCPAddr)
		if !ok || !at.IP.IsLoopback() || at.AddrPort().Port() != server.port {
			t.Errorf("listens on %v, with port %d", l.Addr(), server.port)
		}
	}
	// A second one finds the port taken on both, and says so.
	again, err := Listen(t.Context(), Address{four, server.port}, t.TempDir())
	if err == nil {
		must(t, again.Close())
		t.Error("the same port was taken twice")
	}
}

// Whatever is sent, from here or from elsewhere, nothing in the folder changes and
// everything but looking is refused.
func TestR82NothingCanBeChanged(t *testing.T) {
	dir := t.TempDir()
	finished(t, dir, header("a", "sequential", "pool:2"))
	finished(t, dir, header("b", "sequential", "pool:2"))
	before, page := content(t, dir), shown(t, dir)
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "RUN"} {
		for _, target := range append(routes(), "/run", "/runs", "/start", "/rm/a", "/save?as=main") {
			if got := ask(t, page, method, target); got.StatusCode != http.StatusMethodNotAllowed {
				t.Errorf("%s %s: got %s", method, target, got.Status)
			}
			for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"} {
				got := ask(t, page, method, target, func(r *http.Request) { r.Header.Set(name, value) })
				want := http.StatusForbidden
				if method == http.MethodOptions { // safe, as far as CrossOriginProtection goes
					want = http.StatusMethodNotAllowed
				}
				if got.StatusCode != want {
					t.Errorf("%s %s with %s: %s: got %s", method, target, name, value, got.Status)
				}
			}
		}
	}
	// Actions by GET are no pages, and parameters of the pages that there are do nothing.
	for _, target := range []string{"/run?plan=a", "/runs/a/rm", "/runs/a/delete", "/rm?run=a", "/save?run=a&as=main", "/quit", "/shutdown", "/api/runs"} {
		if got := ask(t, page, http.MethodGet, target); got.StatusCode != http.StatusNotFound {
			t.Errorf("GET %s: got %s", target, got.Status)
		}
	}
	ask(t, page, http.MethodGet, "/?rm=a&save-as=main&run=a&delete=1")
	ask(t, page, http.MethodGet, "/runs/a?action=delete&_method=DELETE", func(r *http.Request) { r.Header.Set("X-HTTP-Method-Override", "DELETE") })
	if after := content(t, dir); after != before {
		t.Error("the folder has changed")
	}
}

// Another site may link here. What it puts into a page of its own stays empty, so that
// it learns nothing from how long an answer takes or how big it is.
func TestR82OtherSitesGetNothing(t *testing.T) {
	dir := t.TempDir()
	finished(t, dir, header("a", "sequential", "pool:2"))
	page := shown(t, dir)
	for _, c := range []struct {
		site, mode, dest string
		status           int
	}{
		{"none", "navigate", "document", http.StatusOK},       // typed
		{"same-origin", "cors", "empty", http.StatusOK},       // our own script
		{"cross-site", "navigate", "document", http.StatusOK}, // a link
		{"same-site", "cors", "empty", http.StatusForbidden},  // another port of this computer
		{"cross-site", "no-cors", "image", http.StatusForbidden},
		{"cross-site", "no-cors", "script", http.StatusForbidden},
		{"cross-site", "navigate", "iframe", http.StatusForbidden},
	} {
		got := ask(t, page, http.MethodGet, "/runs/a", func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site", c.site)
			r.Header.Set("Sec-Fetch-Mode", c.mode)
			r.Header.Set("Sec-Fetch-Dest", c.dest)
		})
		if got.StatusCode != c.status {
			t.Errorf("%+v: got %s", c, got.Status)
		}
	}
}

// content is all files of a folder with what is in them, in one text.
func content(t testing.TB, dir string) string {
	t.Helper()
	var all strings.Builder
	must(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all.WriteString(path + "\x00" + string(text) + "\x00")
		return err
	}))
	return all.String()
}

// Every answer, refusals too, has the headers that keep a browser from doing more
// with it than showing it.
func TestR85EveryAnswerHasItsHeaders(t *testing.T) {
	dir := t.TempDir()
	finished(t, dir, header("a", "sequential", "pool:2"))
	finished(t, dir, header("b", "sequential", "pool:2"))
	begin(t, dir, header("c", "sequential"))
	page := shown(t, dir)
	anywhere := append(routes(), "/live/c", "/none", "/runs/none", "/runs/..%2fa", "/compare", "/compare?run=a")
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
		for _, target := range anywhere {
			for _, host := range []string{testHost, "evil.example"} {
				got := ask(t, page, method, target, func(r *http.Request) { r.Host = host; r.Header.Set("Origin", "http://evil.example") })
				checkHeaders(t, method+" "+target+" at "+host, got.Header)
			}
		}
	}
}

// checkHeaders wants the headers of an answer to be as agreed.
func checkHeaders(t *testing.T, what string, h http.Header) {
	t.Helper()
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin",
		"Cache-Control": "no-store", "X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin",
		"Access-Control-Allow-Origin": "", "Set-Cookie": "", "Location": "",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %s is %q, want %q", what, name, got, want)
		}
	}
	policy := h.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("%s: the policy %q has no %s", what, policy, want)
		}
	}
	scripts := strings.Contains(policy, "script-src")
	if live := strings.Contains(what, "/live/") && !strings.Contains(what, "events"); scripts && !live || strings.Contains(policy, "http") {
		t.Errorf("%s: the policy %q allows too much", what, policy)
	}
	if scripts && !strings.Contains(policy, "script-src 'sha256-") {
		t.Errorf("%s: the policy %q names no one script", what, policy)
	}
}
