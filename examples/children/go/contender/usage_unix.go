//go:build unix

package contender

import (
	"runtime"
	"syscall"
	"time"
)

// used is what this process has used so far.
func used() usage {
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r) // which cannot fail for oneself
	largest := r.Maxrss
	if runtime.GOOS == "darwin" {
		largest /= 1024 // bytes there, KiB elsewhere
	}
	return usage{micros(r.Utime), micros(r.Stime), largest}
}

// micros is a time of the kernel in microseconds.
func micros(t syscall.Timeval) int64 {
	return time.Duration(t.Nano()).Microseconds()
}
