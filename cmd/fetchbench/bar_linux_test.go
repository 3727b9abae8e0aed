package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// onTerminal runs the program with everything on one terminal, to its end.
func onTerminal(t *testing.T, width int, p *program) *terminal {
	t.Helper()
	e := openTerminal(t, width)
	p.Stdout, p.Stderr = e.line, e.line
	e.start(t, p)
	return e
}

// pictures returns all pictures that were drawn, each from the beginning of its first
// line to where the cursor goes back to it.
func (e *terminal) pictures() []string {
	text := strings.ReplaceAll(e.String(), "\r"+erased, "\r")
	found := regexp.MustCompile(`(?s)\r([^\r\n]*\x1b\[K.*?)\x1b\[J\r`).FindAllStringSubmatch(text, -1)
	var pictures []string
	for _, f := range found {
		pictures = append(pictures, strings.NewReplacer("\r", "", "\x1b[K", "").Replace(f[1]))
	}
	return pictures
}

// killed is the journal of a run that had no time for a trial. That it is not
// complete is said in red.
const killed = `{"type":"run","schema":1,"design":{"rounds":1,"baseline":"sequential"},"contenders":[{"name":"sequential","asked":1}]}
`

// TestQuietTerminal shows no picture, and nothing to take away.
func TestQuietTerminal(t *testing.T) {
	t.Parallel()
	p := prepare(t, "run", "--profile", "fast", "-n", "3", "-r", "1", "-q")
	e := onTerminal(t, 80, p)
	if code := p.code(t); code != 0 {
		t.Fatalf("exit code %d\n%s", code, e)
	}
	e.await(t, `planned = `)
	if drawn := e.pictures(); len(drawn) > 0 {
		t.Errorf("pictures in spite of -q: %q", drawn)
	}
}

// TestColoursOfATerminal are there unless somebody does not want them.
func TestColoursOfATerminal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, set string
		arg       string
		colours   bool
	}{
		{"a terminal", "", "", true},
		{"an empty NO_COLOR", "NO_COLOR=", "", true},
		{"NO_COLOR", "NO_COLOR=1", "", false},
		{"a dumb terminal", "TERM=dumb", "", false},
		{"--no-color", "", "--no-color", false},
	} {
		p := prepare(t, "report", "killed.jsonl")
		if c.arg != "" {
			p.Args = append(p.Args, c.arg)
		}
		p.Env = append(p.Env, c.set)
		if err := os.WriteFile(filepath.Join(p.dir, "killed.jsonl"), []byte(killed), 0o600); err != nil {
			t.Fatal(err)
		}
		e := onTerminal(t, 80, p)
		if code := p.code(t); code != exitIncomplete {
			t.Fatalf("%s: exit code %d, want %d\n%s", c.name, code, exitIncomplete, e)
		}
		e.await(t, `hint: `)
		if got := strings.Contains(e.String(), "\x1b["); got != c.colours {
			t.Errorf("%s: colours are %v, want %v\n%q", c.name, got, c.colours, e)
		}
	}
}

// TestSaysWhatItDoesFirst holds back the first answer until all of the lines
// that tell what is about to happen have come.
func TestSaysWhatItDoesFirst(t *testing.T) {
	t.Parallel()
	told := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-told }))
	t.Cleanup(server.Close)
	tell := sync.OnceFunc(func() { close(told) })
	t.Cleanup(tell) // before the server closes, which waits for its answers
	p := prepare(t, "run", server.URL, "-r", "1", "--warmup", "0", "--timeout", "1m")
	p.start(t)
	p.stderr.await(t, `at most 1 in flight`)
	tell()
	if code := p.code(t); code != 0 {
		t.Errorf("exit code %d\n%s", code, p.stderr)
	}
}
