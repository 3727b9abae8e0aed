//go:build !unix

package side

import "os/exec"

// alone does nothing where there are no groups.
func alone(*exec.Cmd) {}

// end kills the command alone.
func end(command *exec.Cmd) { _ = command.Process.Kill() }
