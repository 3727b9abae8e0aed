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

// bars returns all bars that were drawn, each in the place of the one before. The
// last of them is the empty one that takes the bar away.
func (e *terminal) bars() []string {
	return regexp.MustCompile(`\r\x1b\[K(\[[^\r\n]*)?`).FindAllString(e.String(), -1)
}

// TestBar checks what a person sees: one line that is drawn again and again and
// is gone at the end, never wide enough to wrap, and a table in its place.
func TestBar(t *testing.T) {
	t.Parallel()
	for _, width := range []int{40, 60, 80, 200} {
		p := prepare(t, "run", "--profile", "fast", "-n", "3", "-r", "6", "--warmup", "1", "--pause", "1ms")
		e := onTerminal(t, width, p)
		if code := p.code(t); code != 0 {
			t.Fatalf("%d columns: exit code %d\n%s", width, code, e)
		}
		e.await(t, `next:\s+fetchbench\s+report`)
		bars := e.bars()
		if want := 1 + 2*7 + 1; len(bars) != want { // at the start, after each trial, at the end
			t.Errorf("%d columns: %d bars, want %d", width, len(bars), want)
		}
		for _, bar := range bars {
			if shown := strings.TrimPrefix(bar, "\r\x1b[K"); len(shown) >= width {
				t.Errorf("%d columns: a bar of %d: %q", width, len(shown), shown)
			}
		}
		if width >= 60 && !strings.Contains(e.String(), " left") {
			t.Errorf("%d columns: nothing says how much is left:\n%s", width, e)
		}
		if text := strings.Join(e.picture(), "\n"); strings.Contains(text, "[#") || strings.Contains(text, "[-") || !strings.Contains(text, "\nType ") {
			t.Errorf("%d columns: this is what is left:\n%s", width, text)
		}
	}
}

// TestCtrlCLeavesTheTerminalClean types it. The signal reaches the upstream too.
func TestCtrlCLeavesTheTerminalClean(t *testing.T) {
	t.Parallel()
	p := prepare(t, long()...)
	e := onTerminal(t, 80, p)
	e.await(t, `\(Ctrl-C keeps what is done\)`)
	e.await(t, ` 2/1000 `)
	if _, err := e.keys.WriteString("\x03"); err != nil {
		t.Fatal(err)
	}
	if code := p.code(t); code != 130 {
		t.Fatalf("exit code %d, want 130\n%s", code, e)
	}
	e.await(t, `marked incomplete`)
	lines := e.picture()
	text := strings.Join(lines, "\n")
	if strings.Contains(text, "[#") || strings.Contains(text, "[-") {
		t.Errorf("the bar is still there:\n%s", text)
	}
	if !strings.HasPrefix(lines[len(lines)-2], "fetchbench: hint: ") || lines[len(lines)-1] != "" {
		t.Errorf("the cursor is in no line of its own:\n%s", text)
	}
	checkKept(t, p, "stopped by SIGINT")
}

// killed is the journal of a run that had no time for a trial. That it is not
// complete is said in red.
const killed = `{"type":"run","schema":1,"design":{"rounds":1,"baseline":"sequential"},"contenders":[{"name":"sequential","asked":1}]}
`

// TestQuietTerminal shows no bar, and nothing to take away.
func TestQuietTerminal(t *testing.T) {
	t.Parallel()
	p := prepare(t, "run", "--profile", "fast", "-n", "3", "-r", "1", "-q")
	e := onTerminal(t, 80, p)
	if code := p.code(t); code != 0 {
		t.Fatalf("exit code %d\n%s", code, e)
	}
	e.await(t, `planned = `)
	if bars := e.bars(); len(bars) > 0 {
		t.Errorf("bars in spite of -q: %q", bars)
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
