package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs testdata/script: one file for each thing that the program
// promises to the person at the keyboard. What the scripts add to the usual
// commands:
//
//	exitcode N PROGRAM ARG...     run, and exit with exactly N
//	refused ERROR HINT ARG...     fetchbench ARG... is wrong usage: see there
//	upstream                      serve files on $UPSTREAM and count requests
//	arrived N                     exactly N requests reached it since then
//	json FILE PATH VALUE          what stands at a dotted path of a JSON file
//	schema FILE NAME              a file, or its lines, against a published schema
//	columns N                     no line of stdout is wider
//	runs N                        so many journals are in the state folder
//	tail FILE                     the last line of a file to stdout
func TestScripts(t *testing.T) { testscript.Run(t, scriptParams()) }

// scriptParams are the folder of scripts, and what they may do.
func scriptParams() testscript.Params {
	return testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, environment(env.WorkDir)...)
			free, err := unused()
			env.Setenv("FREE", free)
			return err
		},
		Condition: condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exitcode": exitCode, "refused": refused, "upstream": serveFiles, "arrived": arrived,
			"json": jsonValue, "columns": columns, "runs": countRuns, "tail": tail, "schema": asSchema,
		},
		RequireUniqueNames: true,
	}
}

// unused is an address at which nobody listens, for programs that a script starts. It
// is below the ports that systems hand out, from 32768 on: one of those would be given
// to somebody else's upstream as soon as it is free.
func unused() (string, error) {
	var l net.Listener
	err := errors.ErrUnsupported
	for tries := 0; err != nil && tries < 100; tries++ {
		l, err = net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(20000+rand.IntN(12000))))
	}
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// condition tells scripts what they may do here. What they may not is skipped
// by them, aloud.
func condition(name string) (bool, error) {
	switch name {
	case "root":
		return os.Geteuid() == 0, nil
	case "mknod":
		return inFolder(func(dir string) error {
			device := filepath.Join(dir, "null")
			if err := exec.Command("mknod", device, "c", "1", "3").Run(); err != nil {
				return err
			}
			return os.WriteFile(device, []byte("x"), 0o600)
		})
	case "tmpfs":
		return inFolder(func(dir string) error {
			return exec.Command("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", dir).Run()
		})
	}
	return false, fmt.Errorf("unknown condition %q", name)
}

// inFolder tries something in a folder of its own and tells whether it works.
func inFolder(try func(dir string) error) (bool, error) {
	dir, err := os.MkdirTemp("", "fetchbench-try")
	if err != nil {
		return false, err
	}
	worked := try(dir) == nil
	return worked, os.RemoveAll(dir)
}

// exitCode runs a program that has to exit with one code and no other.
func exitCode(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: exitcode N PROGRAM ARG...")
	}
	if got := execute(ts, args[1], args[2:]...); strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit code %d, want %s", got, args[0])
	}
}

// execute runs a program and returns its exit code, -1 if a signal ended it.
func execute(ts *testscript.TestScript, name string, args ...string) int {
	err := ts.Exec(name, args...)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		ts.Fatalf("%s did not run: %v", name, err)
	}
	if exit != nil {
		return exit.ExitCode()
	}
	return 0
}

// refused runs fetchbench, which has to refuse: exit code 2, nothing on stdout,
// on stderr one line with the error and, unless HINT is empty, one with the way
// out and nothing else. It must have begun no journal, so nothing was sent.
func refused(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: refused ERROR HINT ARG...")
	}
	before := journals(ts)
	if code := execute(ts, "fetchbench", args[2:]...); code != exitUsage {
		ts.Fatalf("exit code %d, want %d", code, exitUsage)
	}
	want := []string{"^fetchbench: error: .*(" + args[0] + ")"}
	if args[1] != "" {
		want = append(want, "^fetchbench: hint: .*("+args[1]+")")
	}
	lines := strings.Split(strings.TrimSuffix(ts.ReadFile("stderr"), "\n"), "\n")
	if len(lines) != len(want) {
		ts.Fatalf("%d lines on stderr, want %d", len(lines), len(want))
	}
	for i, pattern := range want {
		if !regexp.MustCompile(pattern).MatchString(lines[i]) {
			ts.Fatalf("line %d of stderr is %q, want %s", i+1, lines[i], pattern)
		}
	}
	if out := ts.ReadFile("stdout"); out != "" {
		ts.Fatalf("%q on stdout, want nothing", out)
	}
	if after := journals(ts); after != before {
		ts.Fatalf("%d journals were begun", after-before)
	}
}

// journals counts the journals in the state folder of the script.
func journals(ts *testscript.TestScript) int {
	found, err := filepath.Glob(filepath.Join(ts.Getenv("XDG_STATE_HOME"), "fetchbench", "runs", "*"))
	ts.Check(err)
	return len(found)
}

// countRuns checks how many journals there are.
func countRuns(ts *testscript.TestScript, _ bool, args []string) {
	if got := journals(ts); strconv.Itoa(got) != args[0] {
		ts.Fatalf("%d journals, want %s", got, args[0])
	}
}

// An arrivalKey is where a script keeps the count of its upstream.
const arrivalKey = "FETCHBENCH_TEST_UPSTREAM"

// serveFiles serves the script's folder and counts what arrives.
func serveFiles(ts *testscript.TestScript, _ bool, _ []string) {
	var count atomic.Int64
	files := http.FileServer(http.Dir(ts.MkAbs(".")))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/-/count" {
			fmt.Fprint(w, count.Load())
			return
		}
		count.Add(1)
		files.ServeHTTP(w, r)
	}))
	ts.Defer(server.Close)
	ts.Setenv("UPSTREAM", server.URL)
	ts.Setenv(arrivalKey, server.URL+"/-/count")
}

// arrived checks the count of the script's upstream.
func arrived(ts *testscript.TestScript, _ bool, args []string) {
	response, err := http.Get(ts.Getenv(arrivalKey))
	ts.Check(err)
	defer response.Body.Close()
	var got int
	_, err = fmt.Fscan(response.Body, &got)
	ts.Check(err)
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("%d requests arrived, want %s", got, args[0])
	}
}

// jsonValue compares one value of a JSON file with what it should be, as it is
// written: 3, true, null, "text".
func jsonValue(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: json FILE PATH VALUE")
	}
	var at any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &at))
	for step := range strings.SplitSeq(args[1], ".") {
		switch v := at.(type) {
		case map[string]any:
			inner, ok := v[step]
			if !ok {
				ts.Fatalf("%s has no %s", args[0], args[1])
			}
			at = inner
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				ts.Fatalf("%s has no %s: a list of %d", args[0], args[1], len(v))
			}
			at = v[i]
		default:
			ts.Fatalf("%s has no %s: nothing is in %v", args[0], args[1], v)
		}
	}
	got, err := json.Marshal(at)
	ts.Check(err)
	if string(got) != args[2] {
		ts.Fatalf("%s is %s, want %s", args[1], got, args[2])
	}
}

// columns checks that no line of stdout is too wide for a terminal. What is
// printed is made of characters that take one column each.
func columns(ts *testscript.TestScript, _ bool, args []string) {
	most, err := strconv.Atoi(args[0])
	ts.Check(err)
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > most {
			ts.Fatalf("%d columns: %s", n, line)
		}
	}
}

// tail shows the last line of a file, which names a pattern, on stdout.
func tail(ts *testscript.TestScript, _ bool, args []string) {
	found, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(found) != 1 {
		ts.Fatalf("%d files match %s", len(found), args[0])
	}
	text := strings.TrimSuffix(ts.ReadFile(found[0]), "\n")
	fmt.Fprintln(ts.Stdout(), text[strings.LastIndexByte(text, '\n')+1:])
}
