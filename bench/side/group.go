package side

import (
	"context"
	"os/exec"
	"syscall"

	"github.com/fetchbench/fetchbench/bench/process"
)

// watched starts a command in a group of its own and waits for its exit. When the
// context ends, and in any case when the command has exited, its group is killed.
func watched(ctx context.Context, command *exec.Cmd) error {
	command.SysProcAttr = process.Alone()
	if err := command.Start(); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() {
		_ = process.Kill(command.Process.Pid, syscall.SIGKILL) // an error means that nobody is in it any more
	})
	defer stop()
	return process.Reap(command)
}
