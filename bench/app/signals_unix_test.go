//go:build unix

package app_test

import (
	"os/signal"
	"syscall"
)

// ignoreSignals makes a process end by nothing but a kill.
func ignoreSignals() { signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP) }
