//go:build !unix

package child

import (
	"os"
	"os/exec"
	"syscall"
)

// group has nothing to say: there are no process groups here.
func group() *syscall.SysProcAttr { return nil }

// reap waits for the end of a child.
func reap(command *exec.Cmd) {
	_ = command.Wait() // how it ended is in its state
}

// kill ends a process, however it is to be told.
func kill(pid int, _ syscall.Signal) error {
	process, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	return process.Kill()
}

// peak is not known.
func peak(*os.ProcessState) int64 { return 0 }
