//go:build unix

package main

import (
	"net"
	"path/filepath"
	"strings"
	"testing"
)

// typed are secrets as they are typed into commands, as words of their own.
const typed = "--token " + canary + "-a --password '" + canary + " b' -u me:" + canary + "-c ghp_" + canary + "0123 sk-" + canary + "0123456789 AKIA" + canary + canary

// vacant is an address on loopback at which nobody answers.
func vacant(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

// TestR33NoSecretOfACommandIsWritten: what was typed into exec: and --start is in no file
// and on no stream, in every format, whether the programs run, repeat it or end at once.
func TestR33NoSecretOfACommandIsWritten(t *testing.T) {
	dir, g := t.TempDir(), newGossip(t)
	says := `sh -c 'echo "$@" >&2; exit 3' sh ` + typed
	free := "http://" + vacant(t) + "/"
	code, stderr := secretive(t, dir, "run", g.URL+"/ok", "-s", "sequential", "-s", "exec:"+says, "-r", "2", "--warmup", "0", "--pause", "1ms", "--csv", "a.csv", "--json", "c.json")
	if code != exitIncomplete || !strings.Contains(stderr, "child_exit") {
		t.Errorf("exit code %d of the run\n%s", code, stderr)
	}
	for _, more := range [][]string{{"--dry-run"}, nil} {
		args := append([]string{"run", "-s", "route:" + free, "--start", says, "--ready", free}, more...)
		if code, stderr := secretive(t, dir, args...); (code == 0) != (more != nil) || more == nil && !strings.Contains(stderr, "--token hidden") {
			t.Errorf("%q: exit code %d\n%s", more, code, stderr)
		}
	}
	journals, err := filepath.Glob(filepath.Join(dir, "state", "fetchbench", "runs", "*"))
	if err != nil || len(journals) == 0 {
		t.Fatalf("journals %q, %v", journals, err)
	}
	for _, path := range journals {
		for _, format := range []string{"text", "csv", "csv-requests", "benchfmt", "html", "json", "json-lines", "markdown", "prometheus", "junit"} {
			secretive(t, dir, "report", path, "-f", format)
		}
	}
	// Two reports, the key and a journal at least.
	if n := untold(t, dir); n < 4 {
		t.Errorf("%d files were written", n)
	}
}
