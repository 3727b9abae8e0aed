package main

import (
	"context"
	"io"
	"log"
	"os"
	"strings"
)

// The name under which the test binary is the program and measures itself, and where
// that says which file takes the most memory that it had resident, in KiB.
const (
	measuredName = "fetchbench-measured"
	peakKey      = "FETCHBENCH_TEST_PEAK"
)

// measured is main, followed by a look at its own memory. What the system tells of a
// process that has ended includes what its parent had when it was started, and a
// test has a lot.
func measured() {
	log.SetOutput(io.Discard)
	code := run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	status, err := os.ReadFile("/proc/self/status")
	if path := os.Getenv(peakKey); err == nil && path != "" && os.Args[1] == "run" { // its upstream is not measured
		for line := range strings.Lines(string(status)) {
			if rest, is := strings.CutPrefix(line, "VmHWM:"); is {
				kib := strings.TrimSuffix(strings.TrimSpace(rest), " kB")
				err = os.WriteFile(path, []byte(kib), 0o600)
			}
		}
	}
	if err != nil {
		log.Print(err)
	}
	os.Exit(code)
}
