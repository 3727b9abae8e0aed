//go:build unix && !linux

package child

import (
	"os"
	"os/exec"
	"syscall"
)

// group makes a child the first of a process group.
func group() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// reap waits for the end of a child and ends what it has left of its group.
func reap(command *exec.Cmd) {
	_ = command.Wait() // how it ended is in its state
	_ = kill(command.Process.Pid, syscall.SIGKILL)
}

// kill signals a process group.
func kill(group int, s syscall.Signal) error { return syscall.Kill(-group, s) }

// peak is not known in one unit everywhere.
func peak(*os.ProcessState) int64 { return 0 }
