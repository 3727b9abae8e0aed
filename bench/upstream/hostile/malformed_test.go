package hostile

import (
	"strings"
	"testing"
)

// TestMalformed holds every endpoint to Go's parser: what it takes is said to be
// taken, what it refuses is an error that names what is wrong.
func TestMalformed(t *testing.T) {
	s := start(t)
	for name, want := range map[string]string{
		"empty":              "EOF",
		"garbage":            "malformed HTTP",
		"http09":             "malformed HTTP",
		"half-status":        "malformed HTTP status code",
		"half-headers":       "unexpected EOF",
		"bad-status":         "malformed HTTP status code",
		"status-000":         "",
		"status-99999":       "malformed HTTP status code",
		"bad-version":        "",
		"negative-length":    "bad Content-Length",
		"two-lengths":        "Content-Length headers",
		"length-and-chunked": "",
		"lf-only":            "",
		"nul-header":         "malformed MIME header",
		"space-header":       "",
		"folded":             "",
		"body-on-204":        "",
		"dup-headers":        "",
		"ansi-reason":        "",
		"html-reason":        "",
	} {
		_, _, err := get(t, client(t, s), s.URL("http")+"/raw/"+name)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
		if p := s.Stats().Paths["/raw/"+name]; p.Started != 1 || p.Finished != 1 {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// TestHostileText wants the bytes to arrive as they are: what is cleaned on the way
// tests nothing.
func TestHostileText(t *testing.T) {
	s := start(t)
	for target, want := range map[string]string{
		"/evil":              "<script>",
		"/evil?kind=html":    "onerror=",
		"/evil?kind=ansi":    "\x1b[2J\x1b]0;",
		"/evil?kind=csv":     "\n@SUM(A1)\n\t=1",
		"/evil?kind=nul":     "before\x00after",
		"/evil?kind=utf8":    "\xc0\xaf",
		"/evil?kind=rtl":     "\u202e",
		"/evil?kind=other":   "404 Not Found",
		"/evil/%1b[2J<x>/..": "\r\n\r\nok\n",
		"/raw/ansi-reason":   "HTTP/1.1 500 \x1b[2J\x1b]0;owned\x07",
		"/raw/html-reason":   "HTTP/1.1 500 <img src=x onerror",
		"/raw/ansi-location": "Location: /ok?\x1b[2J",
	} {
		if said := ask(t, s, target, 400); !strings.Contains(said, want) {
			t.Errorf("%s: got %q", target, said)
		}
	}
	if p := s.Stats().Paths["/evil/\x1b[2J<x>/.."]; p.Started != 1 {
		t.Errorf("the path did not arrive as it was sent: %v", s.Stats().Paths)
	}
}
