package side

import (
	"os/exec"
	"syscall"
)

// alone puts a command into a group of its own, and lets it end with this process.
func alone(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
