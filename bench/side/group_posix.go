//go:build unix && !linux

package side

import (
	"os/exec"
	"syscall"
)

// alone puts a command into a group of its own.
func alone(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
