package bench_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"slices"
	"testing"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"go.uber.org/goleak"
)

// serveArg makes the test binary an upstream in a process of its own.
const serveArg = "serve-upstream"

// serveCommand is the command of that process.
func serveCommand() []string { return []string{os.Args[0], serveArg} }

// TestMain is also the door for the process that tests and benchmarks fetch from.
// No test may leave a goroutine behind; ants starts two of its own with the program,
// for a pool that nobody uses.
func TestMain(m *testing.M) {
	if slices.Equal(os.Args[1:], []string{serveArg}) {
		if err := upstream.RunChild(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	log.SetOutput(io.Discard) // net/http tells it what upstreams send unasked
	const pool = "github.com/panjf2000/ants/v2.(*poolCommon)."
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction(pool+"purgeStaleWorkers"), goleak.IgnoreTopFunction(pool+"ticktock"))
}

// long leaves out a test that takes its time, where go test -short is in a hurry: under
// the race detector, after it has run without.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: go test -short leaves out what takes its time")
	}
}
