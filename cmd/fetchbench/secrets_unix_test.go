//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// canary is in every secret of these tests, and in nothing else.
const canary = "CANARY"

// A gossip is an upstream that repeats what it was told, in all the places from which
// it could get into a report, and remembers it.
type gossip struct {
	*httptest.Server
	mu    sync.Mutex
	heard strings.Builder
}

func newGossip(t *testing.T) *gossip {
	g := &gossip{}
	g.Server = httptest.NewServer(g)
	t.Cleanup(g.Close)
	return g
}

func (g *gossip) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	said := fmt.Sprint(r.URL.RawQuery, r.Header, string(body))
	g.mu.Lock()
	g.heard.WriteString(said + "\n")
	g.mu.Unlock()
	w.Header().Set("Set-Cookie", "sid="+canary+"-set-by-upstream")
	switch r.URL.Path {
	case "/elsewhere":
		http.Redirect(w, r, "http://127.0.0.2:9/?token="+canary+"-location&"+said, http.StatusFound)
	case "/nowhere":
		w.Header().Set("Location", "http://me:"+canary+"/@127.0.0.1/?token="+canary)
		w.WriteHeader(http.StatusFound)
	case "/here":
		http.Redirect(w, r, "/ok?token="+canary+"-followed", http.StatusFound)
	case "/fail":
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprintf(w, "%s-body %s", canary, said)
	case "/line", "/cut", "/word", "/unknown":
		g.hijack(w, r)
	default:
		fmt.Fprintf(w, "%s-body %s", canary, said)
	}
}

// hijack answers with what is no HTTP, of which the client's error quotes a part.
func (g *gossip) hijack(w http.ResponseWriter, r *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	secret := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	switch r.URL.Path {
	case "/line":
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nyou said %s and %s\r\n\r\n", secret, r.Header.Get("X-Plain"))
	case "/cut": // the text is cut after 300 bytes, in the middle of the secret
		fmt.Fprintf(conn, "HTTP/1.1 20%s%s\r\n\r\n", strings.Repeat("x", 300-len(`malformed HTTP status code "20`)-9), secret)
	case "/word": // which the client quotes up to its first space
		fmt.Fprintf(conn, "HTTP/1.1 %s\r\n\r\n", secret)
	default:
		fmt.Fprintf(conn, "HTTP/1.1 token=%s-unknown\r\n\r\n", canary)
	}
}

// plan writes a plan full of secrets into the folder of the program, with the files
// that it names.
func (g *gossip) plan(t *testing.T, dir string) {
	t.Helper()
	text := `
urls:
  - url: BASE/ok?token=CANARY-query&x=1&next=http%3A%2F%2Fh%2F%3Fsig%3DCANARY-nested
    header: {Authorization: Bearer CANARY-literal, Cookie: sid=CANARY-cookie, X-Api-Key: "literal:CANARY-key"}
  - url: BASE/fail?session=CANARY%2Dpercent&plain=env:PLAIN#access_token=CANARY-fragment
    header: {X-Plain: "@plain.txt", X-Note: "see http://h/?pass=CANARY-in-header"}
  - {url: BASE/body, method: POST, body: "@body.json"}
  - {url: BASE/form, method: POST, body: "user=me&password=CANARY-form"}
`
	for _, path := range []string{"line", "cut", "word", "unknown", "elsewhere", "nowhere", "here"} {
		text += "  - {url: BASE/" + path + "?auth=env:TOKEN, header: {Authorization: Bearer env:TOKEN, X-Plain: env:PLAIN}}\n"
	}
	text += "contenders: [sequential, \"pool:4\"]\nrounds: 2\nwarmup: 0\npause: 1ms\n"
	for name, text := range map[string]string{
		"plan.yaml": strings.ReplaceAll(text, "BASE", g.URL), "plain.txt": "CANARY-file\n", "body.json": `{"id": "CANARY-json"}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// sent checks that the upstream heard each of the secrets: what is not sent cannot
// be told either.
func (g *gossip) sent(t *testing.T, secrets ...string) {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, secret := range secrets {
		if !strings.Contains(g.heard.String(), secret) {
			t.Errorf("the upstream did not hear %s", secret)
		}
	}
}

// secretive runs the program in the folder and looks for a secret in what it printed.
func secretive(t *testing.T, dir string, args ...string) (code int, stderr string) {
	t.Helper()
	p := prepare(t, args...)
	p.Dir, p.dir = dir, dir
	p.Env = append(environment(dir), "TOKEN="+canary+"-env with a \"quote\"", "PLAIN="+canary+"-plain")
	p.start(t)
	code = p.code(t)
	for name, text := range map[string]string{"stdout": p.stdout.String(), "stderr": p.stderr.String()} {
		if strings.Contains(text, canary) {
			t.Errorf("%q: a secret on %s:\n%s", args, name, text)
		}
	}
	return code, p.stderr.String()
}

// untold looks for a secret in every file below the folder, but for those that the
// test has put there.
func untold(t *testing.T, dir string, inputs ...string) (files int) {
	t.Helper()
	known := map[string]bool{}
	for _, name := range inputs {
		known[filepath.Join(dir, name)] = true
	}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || known[path] {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if at := bytes.Index(text, []byte(canary)); at >= 0 {
			t.Errorf("a secret in %s: %s", path, text[max(0, at-200):min(len(text), at+80)])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestR33NoSecretIsInAnyByteWritten: headers, cookies, queries and bodies of a plan,
// what they refer to, and what an upstream makes of them and adds, are in no file and
// on no stream, in every format, from a run in which most requests fail.
func TestR33NoSecretIsInAnyByteWritten(t *testing.T) {
	g, dir := newGossip(t), t.TempDir()
	g.plan(t, dir)
	code, stderr := secretive(t, dir, "run", "plan.yaml", "-H", "X-Auth: "+canary+"-flag", "--csv", "a.csv", "--csv-requests", "b.csv", "--json", "c.json", "--markdown", "d.md")
	if code != exitInvalid || !strings.Contains(stderr, "malformed") || !strings.Contains(stderr, "redirect_refused") {
		t.Errorf("exit code %d, want %d\n%s", code, exitInvalid, stderr)
	}
	if code, stderr := secretive(t, dir, "sweep", g.URL+"/word?key="+canary, "-n", "4", "-r", "2", "--pause", "1ms", "--csv-sizes", "e.csv", "-H", "Authorization: env:TOKEN"); code != exitInvalid {
		t.Errorf("exit code %d of the sweep\n%s", code, stderr)
	}
	// A trial has the text of the first failure of each class: one class at a time.
	for _, path := range []string{"line", "cut", "word", "unknown", "elsewhere", "nowhere"} {
		secretive(t, dir, "run", g.URL+"/"+path, "-s", "sequential", "-r", "1", "--warmup", "0", "-H", "Authorization: Bearer env:TOKEN", "-H", "X-Plain: env:PLAIN")
	}
	g.sent(t, "CANARY-query", "CANARY-nested", "CANARY-literal", "CANARY-cookie", "[CANARY-key]", "CANARY%2Dpercent",
		"plain=CANARY-plain", "[CANARY-file]", "CANARY-in-header", "CANARY-json", "CANARY-form", "Bearer CANARY-env with a \"quote\"", "CANARY-followed", "CANARY-flag")
	journals, err := filepath.Glob(filepath.Join(dir, "state", "fetchbench", "runs", "*"))
	if err != nil || len(journals) != 8 {
		t.Fatalf("journals %q, %v, want eight", journals, err)
	}
	for _, path := range journals {
		for _, format := range []string{"text", "csv", "csv-requests", "csv-sizes", "benchfmt", "html", "json", "json-lines", "markdown", "prometheus"} {
			secretive(t, dir, "report", path, "-f", format)
		}
	}
	// Eight journals, five reports and the key.
	if n := untold(t, dir, "plan.yaml", "plain.txt", "body.json"); n != 14 {
		t.Errorf("%d files were written, want 14", n)
	}
}

// TestR33NoSecretIsInAMessageOfWrongUsage: what is refused is quoted without them.
func TestR33NoSecretIsInAMessageOfWrongUsage(t *testing.T) {
	for _, args := range [][]string{
		{"http://me:CANARY@127.0.0.1/"},
		{"http://me:CAN/ARY-CANARY@127.0.0.1/"},
		{"http://127.0.0.1:99999/?token=CANARY"},
		{"http://127.0.0.1/%zz?token=CANARY"},
		{"http://127.0.0.1 /?token=CANARY"},
		{"127.0.0.1/?token=CANARY"},
		{"ftp://127.0.0.1/?x=CANARY"},
		{"http://127.0.0.1/?token=CANARY", "-s", "pool:2@h3"},
		{"http://127.0.0.1/?token=CANARY", "-s", "pool:0"},
		{"http://127.0.0.1/", "Authorization: Bearer CANARY"},
		{"http://127.0.0.1/", "-H", "Authorization Bearer CANARY"},
		{"http://127.0.0.1/", "-H", "Authorization: CANARY\r\nX: y"},
		{"http://127.0.0.1/", "-H", "X-Key: CANARY", "-H", "x-key: CANARY"},
		{"http://127.0.0.1/?token=CANARY", "--token=CANARY"},
		{"http://127.0.0.1/?token=CANARY&x=env:NOBODY"},
		{"http://127.0.0.1/?token=CANARY&x=@nothing"},
		{"http://127.0.0.1/?token=CANARY&x=hidden:00000000"},
		{"http://127.0.0.1/?token=CANARY", "--json", "/no/such/folder"},
		{"--profile", "fast", "-H", "X-Key: CANARY"},
		{"--urls", "urls.txt"},
		{"scalar.yaml"},
		{"header.yaml"},
		{"key.yaml"},
		{"broken.yaml"},
		{"number.yaml"},
		{"tag.yaml"},
		{"twice.yaml"},
	} {
		dir := t.TempDir()
		files := map[string]string{
			"urls.txt":    "http://h/?token=CANARY x\nhttp://h:0/?token=CANARY\nCANARY.example/?token=CANARY",
			"scalar.yaml": "urls: [{url: http://h/, header: 'Authorization: CANARY'}]",
			"header.yaml": "urls: [{url: http://h/, header: CANARY}]",
			"key.yaml":    "urls: [{http://h/?token=CANARY}]",
			"broken.yaml": "urls: [{url: 'http://h/?token=CANARY]",
			"number.yaml": "urls: [{url: http://h/, header: {X-Key: [CANARY]}}]",
			"tag.yaml":    "urls: [{url: http://h/, header: {X-Key: !x CANARY}}]",
			"twice.yaml":  "urls: [{url: 'http://h/?token=CANARY', header: {X-Key: CANARY, x-key: CANARY}}]",
		}
		var inputs []string
		for name, text := range files {
			inputs = append(inputs, name)
			// The name of the host is none of the secrets.
			if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.ReplaceAll(text, "CANARY.example", "h.example")), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		code, stderr := secretive(t, dir, append([]string{"run"}, args...)...)
		if code != exitUsage || !strings.Contains(stderr, "error: ") {
			t.Errorf("%q: exit code %d, want %d\n%s", args, code, exitUsage, stderr)
		}
		untold(t, dir, inputs...)
	}
}
