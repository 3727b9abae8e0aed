//go:build unix

package children_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// argv is the command of an example in words.
func (e example) argv() []string { return strings.Fields(e.command) }

// An example refuses a version that it does not speak, says so, and ends.
func TestExamplesRefuseOtherVersions(t *testing.T) {
	left := marked(t)
	each(t, func(e example) {
		c := command(t, e.argv()[0], e.argv()[1:]...)
		c.Stdin = strings.NewReader(`{"type":"hello","versions":[99],"harness":"test"}` + "\n")
		text, err := c.Output()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() <= 0 {
			t.Errorf("%s: it ended with %v", e.name, err)
		}
		var said struct {
			Type, Msg string
			Fatal     bool
		}
		if err := json.Unmarshal(text, &said); err != nil || said.Type != "error" || !said.Fatal || !strings.Contains(said.Msg, "99") {
			t.Errorf("%s: it said %q (%v)", e.name, text, err)
		}
	})
	if processes := left(); len(processes) > 0 {
		t.Errorf("there are left %q", processes)
	}
}

// armed are the first lines of a session, of a plan that no time limit ends.
const armed = `{"type":"hello","versions":[1],"harness":"test"}
{"type":"plan","id":1,"n":1,"mode":"sequential","concurrency":1,"timeout_ms":60000,"redirects":10,"keepalive":true,"max_conns":0,"reuse_client":false,"read_body":true,"hash":false}
{"type":"req","i":0,"url":"http://127.0.0.1:9999/","method":"GET","headers":{}}
{"type":"arm","id":1}
`

// An example refuses what it cannot honour, which for all of them is to hash a body, and
// goes on with the next plan. SIGTERM ends it when it is ready to go, with whatever it
// has started.
func TestExamplesRefuseGoOnAndEndWhenTold(t *testing.T) {
	left := marked(t)
	first, rest, _ := strings.Cut(armed, "\n")
	asked := first + "\n" + strings.Replace(rest, `"hash":false`, `"hash":true`, 1) + rest
	each(t, func(e example) {
		c := command(t, e.argv()[0], e.argv()[1:]...)
		stdin, err := c.StdinPipe()
		stdout, other := c.StdoutPipe()
		if err := errors.Join(err, other, c.Start()); err != nil {
			t.Error(err)
			return
		}
		_, err = stdin.Write([]byte(asked))
		lines := bufio.NewScanner(stdout)
		for _, want := range []string{`"ready"`, `"unsupported"`, `"armed"`} {
			if !lines.Scan() || !strings.Contains(lines.Text(), want) {
				t.Errorf("%s: it said %q (%v), want %s", e.name, lines.Text(), lines.Err(), want)
			}
		}
		if err := errors.Join(err, c.Process.Signal(syscall.SIGTERM)); err != nil {
			t.Errorf("%s: %v", e.name, err)
		}
		_ = c.Wait() // a signal is an error
		if status, ok := c.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGTERM {
			t.Errorf("%s: it ended with %v", e.name, c.ProcessState)
		}
	})
	if processes := left(); len(processes) > 0 {
		t.Errorf("there are left %q", processes)
	}
}

// What somebody prints into the middle of a session is no line of the protocol.
func TestPrintsAreKeptFromTheProtocol(t *testing.T) {
	w := found(t)
	for name, c := range map[string]*exec.Cmd{
		w.python: command(t, w.python, "-c", `import os
print("stray", flush=True)
from fetchbench_child import Contender, serve
class Loud(Contender):
    def open(self, plan):
        print("stray", flush=True)
        os.system("echo stray")
serve(Loud())`),
		w.node: command(t, w.node, "--input-type=module", "-e", `import { serve } from "./fetchbench_child.mjs";
const open = () => { console.log("stray"); process.stdout.write("stray\n"); };
serve({ name: "loud", lib: "", open, run: open });`),
	} {
		if name == "" {
			continue // that it is missing was said
		}
		c.Dir = map[bool]string{true: "python", false: "node"}[name == w.python]
		c.Stdin = strings.NewReader(armed)
		var stderr bytes.Buffer
		c.Stderr = &stderr
		text, err := c.Output()
		// What is printed before the helper is asked to serve was never its business.
		lines := strings.Split(strings.TrimPrefix(string(text), "stray\n"), "\n")
		if err != nil || len(lines) != 3 || !json.Valid([]byte(lines[0])) || !strings.Contains(lines[1], `"armed"`) {
			t.Errorf("%s: %v, it said %q and %s", name, err, lines, &stderr)
		}
		if got := strings.Count(stderr.String(), "stray"); got != 2 {
			t.Errorf("%s: %d of 2 prints on standard error: %s", name, got, &stderr)
		}
	}
}

// sources lists the files of the examples.
func sources(t *testing.T) (files []string) {
	t.Helper()
	for _, pattern := range []string{"*/*.py", "*/*.mjs", "*/main.go"} {
		some, err := filepath.Glob(pattern)
		if err != nil || len(some) == 0 {
			t.Errorf("%s: %d files (%v)", pattern, len(some), err)
		}
		files = append(files, some...)
	}
	return files
}

// Each contender is short enough to be read in a class. The helpers, of which there is
// one a language, are longer.
func TestFilesAreShort(t *testing.T) {
	const most = 80
	for _, file := range sources(t) {
		if n := strings.Count(content(t, file), "\n"); n >= most && !strings.Contains(file, "fetchbench_child.") {
			t.Errorf("%s has %d lines, want fewer than %d", file, n, most)
		}
	}
}

// Every file can be read by its language, without a warning.
func TestFilesAreWellFormed(t *testing.T) {
	w := found(t)
	t.Setenv("PYTHONPYCACHEPREFIX", t.TempDir())
	for _, file := range sources(t) {
		var check *exec.Cmd
		switch {
		case strings.HasSuffix(file, ".py") && w.python != "":
			check = command(t, w.python, "-W", "error", "-m", "py_compile", file)
		case strings.HasSuffix(file, ".mjs") && w.node != "":
			check = command(t, w.node, "--check", file)
		default:
			continue
		}
		if text, err := check.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", file, err, text)
		}
	}
}
