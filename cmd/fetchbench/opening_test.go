package main

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"

	"github.com/fetchbench/fetchbench/bench"
)

// A signal that comes while an app is awaited is what the run ended by, and not the app
// that was not ready.
func TestSignalBeforeTheFirstTrialIsItsExitCode(t *testing.T) {
	for _, c := range []struct {
		err  error
		code int
	}{
		{stopped{syscall.SIGINT}, 130},
		{stopped{syscall.SIGTERM}, 143},
		{stopped{syscall.SIGHUP}, 129},
		{&bench.Broken{Class: "app_unready", Err: context.DeadlineExceeded}, exitIncomplete},
		{errors.New("no"), exitIncomplete},
	} {
		if f := notOpened(fmt.Errorf("start sleep 77: %w", c.err)); f.code != c.code {
			t.Errorf("%v: exit code %d, want %d", c.err, f.code, c.code)
		}
	}
}
