//go:build unix

package main

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// servingPage starts the page of a folder and returns it with its URL.
func servingPage(t *testing.T, dir string, args ...string) (*program, string) {
	t.Helper()
	p := prepare(t, append([]string{"serve", "--out", dir}, args...)...)
	p.start(t)
	p.stdout.await(t, `^http://[^ ]+/\n$`)
	return p, strings.TrimSpace(p.stdout.String())
}

// get is the answer of a page and its text.
func get(t *testing.T, url string) (status int, text string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	// A connection of its own, so that none of this test's is left open.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: hang}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }() // it was only read
	all, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(all)
}

// The URL is good once it is printed, shows what a run made, and is gone after a
// signal, which ends the program with its code and nothing to complain of, also while
// somebody watches a run.
func TestServeShowsRunsUntilItIsStopped(t *testing.T) {
	for signal, code := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143, syscall.SIGHUP: 129} {
		measured := prepare(t, "run", "--mock", "--profile", "fast", "-r", "6", "-n", "4", "--out", "runs", "-q")
		measured.start(t)
		if got := measured.code(t); got != 0 {
			t.Fatalf("the run: %d\n%s", got, measured.stderr)
		}
		p, url := servingPage(t, measured.dir+"/runs")
		_, list := get(t, url)
		id := regexp.MustCompile(`href="/runs/([0-9]{8}-[0-9a-z]{4})"`).FindStringSubmatch(list)
		if id == nil {
			t.Fatalf("no run in %s", list)
		}
		if status, text := get(t, url+"runs/"+id[1]); status != http.StatusOK || !strings.Contains(text, "goroutines") {
			t.Errorf("the report: %d, %d bytes", status, len(text))
		}
		if err := p.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if got := p.code(t); got != code || strings.Contains(p.stderr.String(), "error") {
			t.Errorf("after %v: exit code %d\n%s", signal, got, p.stderr)
		}
	}
}

// The page of a run with secrets has none of them: its journal has none.
func TestR33NoSecretIsOnAnyPage(t *testing.T) {
	g, dir := newGossip(t), t.TempDir()
	g.plan(t, dir)
	secretive(t, dir, "run", "plan.yaml", "--out", "runs")
	_, url := servingPage(t, dir+"/runs")
	_, list := get(t, url+"?q="+canary)
	if !strings.Contains(list, "No run has all of these words") {
		t.Errorf("a secret is found: %s", list)
	}
	_, list = get(t, url)
	ids := regexp.MustCompile(`/(?:runs|live)/[0-9]{8}-[0-9a-z]{4}`).FindAllString(list, -1)
	if len(ids) == 0 {
		t.Fatalf("no run in %s", list)
	}
	for _, path := range append(ids, strings.Replace(ids[0], "/runs/", "/live/", 1)) {
		if status, text := get(t, url+strings.TrimPrefix(path, "/")); status != http.StatusOK || strings.Contains(list+text, canary) {
			t.Errorf("%s: %d, with a secret", path, status)
		}
	}
}

// A port that is taken is said so, in a line, with the way out.
func TestServeSaysThatAPortIsTaken(t *testing.T) {
	_, url := servingPage(t, t.TempDir())
	port := regexp.MustCompile(`:([0-9]+)/`).FindStringSubmatch(url)[1]
	second := prepare(t, "serve", "--addr", port)
	second.start(t)
	if got := second.code(t); got != exitUsage || !strings.Contains(second.stderr.String(), "address already in use") ||
		!strings.Contains(second.stderr.String(), "hint: something else has this port") || second.stdout.String() != "" {
		t.Errorf("exit code %d\n%s%s", got, second.stdout, second.stderr)
	}
}
