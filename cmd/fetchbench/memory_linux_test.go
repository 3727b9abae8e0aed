package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream/hostile"
)

// The bound of memory: so much, and so much more for each request of a trial, whose
// record is in memory until the trial has ended.
const (
	mostMemory  = 64 << 20
	mostRequest = 1 << 10
)

// soaking tells whether there is time for the long form: SOAK=10m.
func soaking() bool { return os.Getenv("SOAK") != "" }

// peak runs fetchbench and returns the most memory that its process had resident. It
// ends with one of the codes. What serves it is another process.
func peak(t *testing.T, codes []int, args ...string) int64 {
	t.Helper()
	p := prepare(t, args...)
	path, err := exec.LookPath(measuredName)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(p.dir, "peak")
	p.Path, p.Args[0], p.Env = path, measuredName, append(p.Env, peakKey+"="+file)
	p.start(t)
	select {
	case <-p.ended:
	case <-time.After(10 * hang): // a million requests take their time
		t.Fatalf("fetchbench %q did not end", args)
	}
	code, known := p.ProcessState.ExitCode(), false
	for _, want := range codes {
		known = known || code == want
	}
	if !known {
		t.Fatalf("exit code %d, want one of %v\n%s", code, codes, p.stderr)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	kib, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return kib << 10
}

// peakOf is that of a run of one trial of so many requests.
func peakOf(t *testing.T, n int) int64 {
	t.Helper()
	return peak(t, []int{0}, "run", "--profile", "fast", "-s", "pool:256", "-n", strconv.Itoa(n), "-r", "1", "--warmup", "0", "--json", "-")
}

// TestR16SoakMemoryGrowsByARecord: ten times as many requests take about 1 KiB more
// for each of those that are more, and all of them no more than is promised. About
// is a quarter: what is garbage is collected in steps. In a soak the most are a million.
func TestR16SoakMemoryGrowsByARecord(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("what 256 requests in flight take is mostly the race detector's, for each goroutine and record")
	}
	most := 100_000
	if soaking() {
		most = 1_000_000
	}
	few, all := peakOf(t, most/10), peakOf(t, most)
	t.Logf("%d requests: %d KiB; %d: %d KiB", most/10, few>>10, most, all>>10)
	if grown := all - few; grown > int64(most-most/10)*mostRequest*5/4 {
		t.Errorf("%d requests took %d KiB and %d took %d", most/10, few>>10, most, all>>10)
	}
	if all > mostMemory+int64(most)*mostRequest {
		t.Errorf("%d requests took %d KiB, more than 64 MiB and 1 KiB a request", most, all>>10)
	}
}

// large are the endpoints that send more than anybody wants, or say so.
func large() []string {
	return []string{
		"/infinite", "/huge-length?declare=1000000000000&send=1000", "/gzip-bomb?mb=2048", "/big-header?bytes=1000000",
		"/many-headers?n=100000", "/cookies?n=1000&size=4000", "/raw/endless-headers", "/raw/long-status", "/raw/endless-100",
		"/raw/chunk-ext", "/raw/endless-trailers", "/raw/huge-chunk", "/deflate-bomb",
	}
}

// allowed is what a run of the URLs may take. Short headers take ten times as many
// bytes once they are parsed: fifty answers at once that are nothing but headers, up
// to the limit of 256 KiB, take twice as much as is promised for others.
func allowed(urls []string) int64 {
	if len(urls) == 1 && (strings.Contains(urls[0], "headers") || strings.Contains(urls[0], "cookies")) {
		return 2 * mostMemory
	}
	return mostMemory
}

// TestR14SoakMemoryIsBounded: fifty at once of what a hostile upstream sends take no
// more than is promised, whatever it sends and says of its length. In a soak each
// endpoint is fetched by all fifty; otherwise all are among the fifty.
func TestR14SoakMemoryIsBounded(t *testing.T) {
	t.Parallel()
	server, err := hostile.Start(hostile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() }) // what it saw is not asked for
	var urls []string
	for _, path := range large() {
		urls = append(urls, server.URL("http")+path)
	}
	lists := [][]string{urls}
	if soaking() {
		lists = nil
		for _, url := range urls {
			lists = append(lists, []string{url})
		}
	}
	const n = 100
	for _, list := range lists {
		args := append([]string{"run", "-s", "pool:50", "-n", fmt.Sprint(n), "-r", "1", "--warmup", "0", "--timeout", "2s", "--json", "-"}, list...)
		got := peak(t, []int{0, exitInvalid}, args...)
		t.Logf("%d KiB for %d URLs, the first of which is %s", got>>10, len(list), list[0])
		most := allowed(list) + n*mostRequest
		if raced {
			most *= raceFactor
		}
		if got > most {
			t.Errorf("%q took %d KiB, more than 64 MiB and 1 KiB a request", list, got>>10)
		}
	}
}
