package web

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// counting is an upstream that counts what it gets, and should get nothing.
func counting(t testing.TB) (address string, count *atomic.Int64) {
	t.Helper()
	count = &atomic.Int64{}
	upstream := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { count.Add(1) }))
	t.Cleanup(upstream.Close)
	return upstream.URL, count
}

// parameters are names that somebody might try, and those that there are.
func parameters() []string {
	return []string{"q", "run", "page", "url", "urls", "target", "plan", "src", "href", "next", "redirect", "callback", "out", "addr", "exec", "Lookup"}
}

// Whatever the parameters say, in a query, a path or a header, and whatever addresses
// the journals hold, the page fetches nothing.
func TestR83NothingIsFetched(t *testing.T) {
	upstream, count := counting(t)
	dir := t.TempDir()
	for _, id := range []string{"a", "b"} {
		h := header(id, "sequential", "route:"+upstream+"/x", "pool:2")
		h.Target.URLs = []string{upstream + "/a"}
		h.Plan = []byte(fmt.Sprintf(`{"urls":[%q],"proxy":%q}`, upstream, upstream))
		finished(t, dir, h)
	}
	page := shown(t, dir)
	for _, target := range routes() {
		before, query, _ := strings.Cut(target, "?")
		for _, name := range parameters() {
			form, err := url.ParseQuery(query)
			must(t, err)
			form.Add(name, upstream+"/"+name)
			ask(t, page, http.MethodGet, before+"?"+form.Encode())
		}
		ask(t, page, http.MethodGet, target, func(r *http.Request) {
			for _, name := range []string{"Referer", "Origin", "X-Forwarded-Host", "X-Original-URL", "Forwarded", "Destination", "Proxy"} {
				r.Header.Set(name, upstream)
			}
		})
	}
	ask(t, page, http.MethodGet, "/runs/"+url.PathEscape(upstream))
	if n := count.Load(); n != 0 {
		t.Errorf("the upstream got %d requests", n)
	}
}

// The code of the page and of what it is made of has no way to fetch anything or to
// start a program.
func TestR83ThereIsNoClient(t *testing.T) {
	banned := []string{"Get", "Head", "Post", "PostForm", "Client", "DefaultClient", "Transport", "DefaultTransport", "Dial", "Dialer", "DialTimeout", "Command", "CommandContext"}
	seen := 0
	for _, folder := range []string{".", "../page", "../history", "../plot"} {
		paths, err := filepath.Glob(folder + "/*.go")
		must(t, err)
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			seen++
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			must(t, err)
			ast.Inspect(file, func(n ast.Node) bool {
				of, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if from, ok := of.X.(*ast.Ident); ok && slices.Contains([]string{"http", "net", "exec"}, from.Name) && slices.Contains(banned, of.Sel.Name) {
					t.Errorf("%s uses %s.%s", path, from.Name, of.Sel.Name)
				}
				return true
			})
		}
	}
	if seen < 20 {
		t.Errorf("only %d files were looked at", seen)
	}
}

// FuzzParameters asks for anything. There is an answer that a browser can show, it
// leads nowhere else, nothing of the request is in it as a part of the page, and an
// upstream that the request names gets nothing.
func FuzzParameters(f *testing.F) {
	upstream, count := counting(f)
	dir := f.TempDir()
	finished(f, dir, header("a", "sequential", "pool:2"))
	finished(f, dir, header("b", "sequential", "pool:2"))
	page := shown(f, dir)
	f.Add("/", "q", "<script>alert(1)</script>", "")
	f.Add("/compare", "run", "a", "b")
	f.Add("/runs/a", "url", upstream, "")
	f.Add("/live/a", "next", upstream, "\x00")
	f.Add("/runs/../../etc/passwd", "page", "-9223372036854775808", "1e9")
	f.Fuzz(func(t *testing.T, path, name, one, two string) {
		target := (&url.URL{Path: "/" + strings.TrimLeft(path, "/"), RawQuery: url.Values{name: {one, two}}.Encode()}).String()
		got := ask(t, page, http.MethodGet, target)
		text := got.text
		known := []int{http.StatusOK, http.StatusNotFound, http.StatusBadRequest}
		if !slices.Contains(known, got.StatusCode) || got.Header.Get("Location") != "" {
			t.Fatalf("%s: got %s to %q", target, got.Status, got.Header.Get("Location"))
		}
		if strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") {
			inert(t, target, text)
		}
		if n := count.Load(); n != 0 {
			t.Fatalf("%s: the upstream got %d requests", target, n)
		}
	})
}

// No word of a request leads out of the folder, or to what is no journal in it.
func TestR84OnlyRunsOfTheFolderAreThere(t *testing.T) {
	outside, dir := t.TempDir(), t.TempDir()
	finished(t, outside, header("secret", "sequential", "pool:2"))
	finished(t, dir, header("a", "sequential", "pool:2"))
	must(t, os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("private"), 0o600))
	must(t, os.Mkdir(filepath.Join(dir, "folder.jsonl"), 0o700))
	must(t, os.Symlink(filepath.Join(outside, "secret.jsonl"), filepath.Join(dir, "link.jsonl")))
	must(t, os.Symlink("../"+filepath.Base(outside)+"/secret.jsonl", filepath.Join(dir, "relative.jsonl")))
	must(t, os.Symlink(outside, filepath.Join(dir, "away")))
	must(t, os.Symlink("a.jsonl", filepath.Join(dir, "within.jsonl")))
	page := shown(t, dir)
	long := strings.Repeat("a", maxID+1)
	for _, id := range []string{
		"..%2fsecret", "%2e%2e%2fsecret", "../secret", "..%5csecret", "..", ".", "%00", "a%00", "a%00.jsonl", "a.jsonl", "%2fetc%2fpasswd",
		"away%2fsecret", "away/secret", "link", "relative", "folder", "notes.txt", "notes", "", "none", "%61%2e", "a%20", "%ff", "Ａ", "a%3bb", "a%2f", long,
	} {
		for _, target := range []string{"/runs/" + id, "/live/" + id, "/live/" + id + "/events", "/compare?run=a&run=" + id} {
			got := ask(t, page, http.MethodGet, target)
			if text := got.text; got.StatusCode != http.StatusNotFound || strings.Contains(text, outside) {
				t.Errorf("%s: got %s with %q", target, got.Status, text)
			}
		}
	}
	for _, id := range []string{"a", "within"} {
		if got := ask(t, page, http.MethodGet, "/runs/"+id); got.StatusCode != http.StatusOK {
			t.Errorf("%s: got %s", id, got.Status)
		}
	}
}

// An id is what it says, no more and no less.
func TestR84IDsAreWords(t *testing.T) {
	for c := range 256 {
		alphabet := "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"
		if got, want := isID(string([]byte{byte(c)})), strings.IndexByte(alphabet, byte(c)) >= 0; got != want {
			t.Errorf("byte %#x: got %v", c, got)
		}
	}
	if isID("") || !isID(strings.Repeat("x", 64)) || isID(strings.Repeat("x", 65)) {
		t.Error("the length of ids is not from 1 to 64")
	}
}
