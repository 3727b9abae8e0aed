package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/fetchbench/fetchbench/bench/upstream/hostile"
	"github.com/fetchbench/fetchbench/results"
)

// hostility starts a hostile upstream and prepares a run over some of its paths, each
// fetched so often.
func hostility(t *testing.T, times int, paths []string, args ...string) (*hostile.Server, *program) {
	t.Helper()
	server, err := hostile.Start(hostile.Options{Life: time.Minute, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	p := prepare(t, append([]string{"run", "--urls", "urls.txt", "-n", strconv.Itoa(times * len(paths)), "-r", "1", "--warmup", "0"}, args...)...)
	var urls strings.Builder
	for _, path := range paths {
		fmt.Fprintln(&urls, server.URL("http")+path)
	}
	if err := os.WriteFile(filepath.Join(p.dir, "urls.txt"), []byte(urls.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return server, p
}

// TestR6RedirectsAreNoRequests: twenty requests that are redirected twice are sixty
// attempts, and still twenty requests.
func TestR6RedirectsAreNoRequests(t *testing.T) {
	t.Parallel()
	server, p := hostility(t, 20, []string{"/redirect?n=2"}, "-s", "pool:4", "--json", "out.json")
	p.start(t)
	if code := p.code(t); code != exitOK {
		t.Fatalf("exit code %d\n%s", code, p.stderr)
	}
	tally := p.read(t).Trials[0].Tally
	if tally.OK != 20 || tally.Redirects != 40 || tally.Attempts != 60 || server.Stats().Started() != 60 {
		t.Errorf("%d ok, %d redirects, %d attempts, and the upstream saw %d; want 20, 40, 60, 60",
			tally.OK, tally.Redirects, tally.Attempts, server.Stats().Started())
	}
	if want := "20 ok + 0 failed · 60 on the wire · 40 redirects"; !strings.Contains(p.stdout.String(), want) {
		t.Errorf("no %q in\n%s", want, p.stdout)
	}
}

// TestR3NoSuccessIsExit5: what breaks off is no success and the exit code says so.
func TestR3NoSuccessIsExit5(t *testing.T) {
	t.Parallel()
	paths := []string{"/truncate?declare=1000&send=100", "/chunk-truncated", "/raw/bad-chunk", "/reset?after=100", "/gzip-truncated", "/gzip-bad"}
	_, p := hostility(t, 2, paths, "-s", "pool:4,sequential@fasthttp")
	p.start(t)
	if code := p.code(t); code != exitInvalid {
		t.Errorf("exit code %d, want %d\n%s", code, exitInvalid, p.stderr)
	}
	for _, trial := range p.read(t).Trials {
		if trial.Tally.OK != 0 || trial.Tally.Failed != 2*len(paths) || trial.Outcome != results.Failed {
			t.Errorf("%s: %+v, want all failed", trial.Contender, trial.Tally.Count)
		}
	}
}

// TestR36NothingOfTheirsMovesACursor: no output has what a terminal would obey, from
// status lines, locations, bodies or URLs.
func TestR36NothingOfTheirsMovesACursor(t *testing.T) {
	t.Parallel()
	_, p := hostility(t, 3, []string{
		"/raw/ansi-reason", "/raw/html-reason", "/raw/ansi-location", "/raw/unsolicited", "/evil?kind=ansi", "/evil?kind=rtl",
		"/evil/%1b%5b31m%e2%80%ae", "/evil/\u202egnp\u200b", "/redirect-to?url=http://%1b%5b2J.example/", "/raw/garbage",
	}, "-s", "pool:2,goroutines@fasthttp", "--timeout", "500ms", "--json", "out.json", "--csv", "out.csv",
		"--csv-requests", "requests.csv", "--markdown", "out.md")
	p.start(t)
	if code := p.code(t); code != exitInvalid {
		t.Fatalf("exit code %d, want %d\n%s", code, exitInvalid, p.stderr)
	}
	outputs := map[string]string{"stdout": p.stdout.String(), "stderr": p.stderr.String(), "report": p.report(t).stdout.String()}
	for _, name := range []string{"out.json", "out.csv", "requests.csv", "out.md"} {
		outputs[name] = strings.ReplaceAll(string(contents(t, p, name)), "\r\n", "\n") // as RFC 4180 ends lines
	}
	for name, text := range outputs {
		hidden := func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }
		if at := strings.IndexFunc(text, hidden); at >= 0 {
			t.Errorf("%s has %q", name, text[max(0, at-40):min(len(text), at+20)])
		}
		if text == "" {
			t.Errorf("%s is empty", name)
		}
	}
}

// TestR37WhatNetHTTPLogsIsNotShown: it quotes what an upstream says unasked as it came.
func TestR37WhatNetHTTPLogsIsNotShown(t *testing.T) {
	t.Parallel()
	// Sixteen kept connections are spoken to while they are idle, and the pause is
	// long enough for all to be heard.
	server, p := hostility(t, 16, []string{"/raw/unsolicited"}, "-s", "goroutines,pool:16", "--connections", "warm", "--pause", "200ms")
	p.start(t)
	p.code(t)
	if server.Stats().Started() == 0 {
		t.Error("nothing was sent")
	}
	if text := p.stderr.String() + p.stdout.String(); strings.Contains(text, "nsolicited response") || strings.Contains(text, "\x1b") {
		t.Errorf("a log line of net/http is shown:\n%s", text)
	}
}
