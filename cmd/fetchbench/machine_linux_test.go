package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// crowded is an upstream that answers none before so many are there, or the test ends;
// seen counts them.
func crowded(t *testing.T) (url string, seen *atomic.Int64) {
	t.Helper()
	seen = new(atomic.Int64)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		seen.Add(1)
		select { // all are in flight at once, whenever each came
		case <-time.After(500 * time.Millisecond):
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, seen
}

// within makes the program start under a shell that changes something first.
func (p *program) within(t *testing.T, script string) {
	t.Helper()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal(err)
	}
	p.Path, p.Args = shell, append([]string{"sh", "-c", script + ` && exec "$0" "$@"`}, append([]string{p.Path}, p.Args[1:]...)...)
}

// blamed checks that a run failed for want of something of this machine, and says so.
func blamed(t *testing.T, p *program, class string) {
	t.Helper()
	if code := p.code(t); code != exitInvalid {
		t.Fatalf("exit code %d, want %d\n%s\n%s", code, exitInvalid, p.stdout, p.stderr)
	}
	local, other := 0, 0
	for _, trial := range p.read(t).Trials {
		for _, f := range trial.Tally.Failures {
			if f.Class == class {
				local += f.Count
			} else {
				other += f.Count
			}
		}
	}
	if local == 0 || other > 0 {
		t.Errorf("%d requests failed as %s and %d otherwise, want only the former\n%s", local, class, other, p.stderr)
	}
	for _, want := range []string{"failed on this machine, and not at the upstream: ", class, "hint: raise ulimit -n"} {
		if !strings.Contains(p.stderr.String(), want) {
			t.Errorf("no %q in\n%s", want, p.stderr)
		}
	}
}

// TestR19DescriptorsAreBlamedOnThisMachine: the program may have 100 and is handed 60
// that are in use, so that 36 connections are too many.
func TestR19DescriptorsAreBlamedOnThisMachine(t *testing.T) {
	t.Parallel()
	url, _ := crowded(t)
	p := prepare(t, "run", url, "-n", "36", "-s", "goroutines", "-r", "1", "--warmup", "0")
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	for range 60 {
		p.ExtraFiles = append(p.ExtraFiles, null)
	}
	p.within(t, "ulimit -n 100")
	p.start(t)
	blamed(t, p, "local_fds")
}

// TestR19PortsAreBlamedOnThisMachine has a network of its own with 64 ports, for the
// upstream and all who fetch from it. Skipped where that may not be made.
func TestR19PortsAreBlamedOnThisMachine(t *testing.T) {
	t.Parallel()
	const few = `ip link set lo up && echo "40000 40063" >/proc/sys/net/ipv4/ip_local_port_range`
	if err := exec.Command("unshare", "-rn", "sh", "-c", few).Run(); err != nil {
		t.Skipf("SKIPPED: no network of its own may be made here: %v", err)
	}
	p := prepare(t, "run", "--profile", "constant", "--scale", "10", "-n", "100", "-s", "goroutines", "-r", "1", "--warmup", "0")
	p.within(t, few)
	p.Path, p.Args = "/usr/bin/env", append([]string{"env", "unshare", "-rn"}, p.Args...)
	p.start(t)
	blamed(t, p, "local_ports")
}

// TestR20TooManyInFlightAreRefused: where they cannot fit into the limit of open files,
// nothing is sent, and the way out is named.
func TestR20TooManyInFlightAreRefused(t *testing.T) {
	t.Parallel()
	url, seen := crowded(t)
	for limit, code := range map[int]int{200: exitUsage, 400: exitOK} {
		p := prepare(t, "run", url, "-n", "200", "-s", "pool:200", "-r", "1", "--warmup", "0")
		p.within(t, fmt.Sprintf("ulimit -n %d", limit))
		p.start(t)
		if got := p.code(t); got != code {
			t.Errorf("with %d files: exit code %d, want %d\n%s", limit, got, code, p.stderr)
		}
		if code == exitUsage && (seen.Load() != 0 || !strings.Contains(p.stderr.String(), "raise it with ulimit -n 264")) {
			t.Errorf("with %d files: the upstream saw %d requests, want none and a way out:\n%s", limit, seen.Load(), p.stderr)
		}
		seen.Store(0)
	}
}
