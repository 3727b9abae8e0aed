package process

import (
	"errors"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// Alone makes a program the first of a process group, and has it killed should this
// process die without having ended it. (The kernel watches the thread that started it;
// Go ends a thread only with a goroutine that was locked to it, and nothing here is.)
func Alone() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// Reap waits for the end of a program and ends what it has left of its group. Until it
// is waited for, the number of the group cannot become somebody else's. The error is
// that of command.Wait.
func Reap(command *exec.Cmd) error {
	pid := command.Process.Pid
	for errors.Is(unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil), unix.EINTR) {
	}
	_ = Kill(pid, syscall.SIGKILL)
	return command.Wait()
}

// Kill signals a process group.
func Kill(group int, s syscall.Signal) error { return syscall.Kill(-group, s) }

// Peak is the most memory that a process held, in bytes. Between its start and that of its
// program it is one with whoever started it, so that it is no less than their OwnPeak.
func Peak(state *os.ProcessState) int64 {
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		return peak(usage)
	}
	return 0
}

// OwnPeak is the most memory that this process has held so far, in bytes.
func OwnPeak() int64 {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage) // which cannot fail for oneself
	return peak(&usage)
}

// peak is the memory of a usage, which Linux counts in KiB.
func peak(usage *syscall.Rusage) int64 {
	const kib = 1 << 10
	return usage.Maxrss * kib
}
