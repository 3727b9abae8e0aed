package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
)

// TestR12ThereIsAlwaysALimit of a request and of a run: by default, and no flag takes
// it away.
func TestR12ThereIsAlwaysALimit(t *testing.T) {
	plan, err := bench.Defaults("")
	if err != nil {
		t.Fatal(err)
	}
	if got := time.Duration(plan.Limits.Timeout); got != 10*time.Second || plan.Limits.Run <= 0 {
		t.Errorf("a request has %v and a run %v, want 10s and a limit", got, time.Duration(plan.Limits.Run))
	}
	for _, flag := range []string{"--timeout=0", "--timeout=-1s", "--trial-timeout=0", "--max-time=0"} {
		var out, said bytes.Buffer
		code := run(context.Background(), []string{"run", "http://127.0.0.1:1/", flag}, strings.NewReader(""), &out, &said)
		if code != exitUsage || !strings.Contains(said.String(), "there is always a limit") {
			t.Errorf("%s: exit code %d, want %d and the reason:\n%s", flag, code, exitUsage, &said)
		}
	}
}
