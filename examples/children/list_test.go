// Package children_test starts every contender of this folder, fetches with it from the
// embedded upstream and from one that does what no server should, and holds them against
// each other.
package children_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// An example is a contender of this folder, and how it differs from the others.
type example struct {
	name string
	// command is what follows exec:, made of what needs has found.
	command string
	// alone says that it makes one request after the other, and nothing else.
	alone bool
	// cold says that it cannot keep connections from one batch to the next.
	cold bool
	// most is how many it has in flight where the spec has no number, 0 for all.
	most int
	// stays says that it follows no redirects.
	stays bool
}

// A workshop is what was found on this machine to start the examples with.
type workshop struct {
	python  string // one with aiohttp, httpx and requests
	threads int    // how many a ThreadPoolExecutor has by default
	node    string
	undici  bool
	curl    string
	child   string // the Go example, built
}

// examples lists all contenders of this folder that can be started here.
func examples(t *testing.T) (list []example) {
	t.Helper()
	w := found(t)
	list = []example{{name: "go", command: w.child}}
	if w.python != "" {
		at := w.python + " python/"
		list = append(
			list, example{name: "requests_plain", command: at + "requests_plain.py", alone: true, cold: true},
			example{name: "requests_session", command: at + "requests_session.py", alone: true},
			example{name: "threads", command: at + "threads.py", most: w.threads},
			example{name: "aiohttp_gather", command: at + "aiohttp_gather.py", most: 100},
			example{name: "httpx_gather", command: at + "httpx_gather.py", most: 100},
		)
	}
	if w.python != "" && w.curl != "" {
		list = append(list, example{name: "curl_parallel", command: w.python + " curl/curl_parallel.py", cold: true, most: 50, stays: true})
	}
	if w.node != "" {
		list = append(list, example{name: "fetch_all", command: w.node + " node/fetch_all.mjs"})
	}
	if w.undici {
		list = append(list, example{name: "undici_pool", command: w.node + " node/undici_pool.mjs"})
	}
	return list
}

// found looks for what the examples need. What is not there is said, and with CI=true
// it is a failure: nobody reads there what was skipped.
func found(t *testing.T) (w workshop) {
	t.Helper()
	miss := func(what string) {
		if os.Getenv("CI") == "true" {
			t.Fatal(what)
		}
		t.Log("SKIPPED:", what)
	}
	w.child = filepath.Join(t.TempDir(), "child")
	if text, err := command(t, "go", "build", "-o", w.child, "./go").CombinedOutput(); err != nil {
		t.Fatalf("building the example in Go: %v\n%s", err, text)
	}
	if w.python, w.threads = python(t); w.python == "" {
		miss("no python3 with aiohttp, httpx and requests: make setup")
	}
	if w.curl, _ = exec.LookPath("curl"); w.curl == "" {
		miss("no curl: make setup")
	}
	if w.node, _ = exec.LookPath("node"); w.node == "" {
		miss("no node: make setup")
		return w
	}
	if _, err := os.Stat("node/node_modules/undici"); err != nil {
		miss("no undici in examples/children/node: make setup")
		return w
	}
	w.undici = true
	return w
}

// python finds a Python that has the modules, and how many threads it likes.
func python(t *testing.T) (path string, threads int) {
	t.Helper()
	const ask = "import aiohttp, httpx, requests; from concurrent.futures import *; print(ThreadPoolExecutor()._max_workers)"
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if text, err := command(t, path, "-c", ask).Output(); err == nil {
			threads, err = strconv.Atoi(strings.TrimSpace(string(text)))
			if err == nil {
				return path, threads
			}
		}
	}
	return "", 0
}

// command is a program that gets a minute.
func command(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return exec.CommandContext(ctx, name, args...)
}

// marked has every child of the test carry a word in its environment, and returns a
// function that lists those that are still there, once they have had the time to end.
// What a child leaves behind carries it too.
func marked(t *testing.T) func() []string {
	t.Helper()
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	t.Setenv("PYTHONDONTWRITEBYTECODE", "1")
	return func() (left []string) {
		for end := time.Now().Add(5 * time.Second); ; runtime.Gosched() {
			left = carrying("TMPDIR=" + folder)
			if len(left) == 0 || time.Now().After(end) {
				return left
			}
		}
	}
}

// carrying lists the processes that have such a variable, but this one.
func carrying(variable string) (list []string) {
	files, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range files {
		text, _ := os.ReadFile(file)
		line, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline"))
		if strings.Contains("\x00"+string(text), "\x00"+variable+"\x00") {
			list = append(list, strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return list
}

// each calls f for every example at once: they wait more than they work.
func each(t *testing.T, f func(e example)) {
	t.Helper()
	var calls sync.WaitGroup
	for _, e := range examples(t) {
		calls.Go(func() { f(e) })
	}
	calls.Wait()
}

// content is the text of a file.
func content(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
