//go:build unix && !linux

package process

import (
	"os"
	"os/exec"
	"syscall"
)

// Alone makes a program the first of a process group.
func Alone() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// Reap waits for the end of a program and ends what it has left of its group. The error
// is that of command.Wait.
func Reap(command *exec.Cmd) error {
	err := command.Wait()
	_ = Kill(command.Process.Pid, syscall.SIGKILL)
	return err
}

// Kill signals a process group.
func Kill(group int, s syscall.Signal) error { return syscall.Kill(-group, s) }

// Peak is not known in one unit everywhere.
func Peak(*os.ProcessState) int64 { return 0 }

// OwnPeak is not known either.
func OwnPeak() int64 { return 0 }
