//go:build !unix

package process

import (
	"os"
	"os/exec"
	"syscall"
)

// Alone has nothing to say: there are no process groups here.
func Alone() *syscall.SysProcAttr { return nil }

// Reap waits for the end of a program. The error is that of command.Wait.
func Reap(command *exec.Cmd) error { return command.Wait() }

// Kill ends a process, however it is to be told.
func Kill(pid int, _ syscall.Signal) error {
	process, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	return process.Kill()
}

// Peak is not known.
func Peak(*os.ProcessState) int64 { return 0 }

// OwnPeak is not known either.
func OwnPeak() int64 { return 0 }
