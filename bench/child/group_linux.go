package child

import (
	"errors"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// group makes a child the first of a process group, and has it killed should this
// process die without having ended it. (The kernel watches the thread that started it;
// Go ends a thread only with a goroutine that was locked to it, and nothing here is.)
func group() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// reap waits for the end of a child and ends what it has left of its group. Until it
// is waited for, the number of the group cannot become somebody else's.
func reap(command *exec.Cmd) {
	pid := command.Process.Pid
	for errors.Is(unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil), unix.EINTR) {
	}
	_ = kill(pid, syscall.SIGKILL)
	_ = command.Wait() // how it ended is in its state
}

// kill signals a process group.
func kill(group int, s syscall.Signal) error { return syscall.Kill(-group, s) }

// peak is the most memory that a process held, in bytes.
func peak(state *os.ProcessState) int64 {
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		const kib = 1 << 10
		return usage.Maxrss * kib
	}
	return 0
}
