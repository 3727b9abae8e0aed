//go:build !unix

package process

import (
	"os"
	"os/exec"
	"syscall"
)

// Alone has nothing to say: there are no process groups here.
func Alone() *syscall.SysProcAttr { return nil }

// Reap waits for the end of a program.
func Reap(command *exec.Cmd) {
	_ = command.Wait() // how it ended is in its state
}

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
