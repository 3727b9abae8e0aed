package side

import (
	"context"
	"os/exec"
	"runtime"
)

// watched starts a command in a group of its own and waits for its exit. When the
// context ends, and in any case when the command has exited, its group is killed.
func watched(ctx context.Context, command *exec.Cmd) error {
	// On Linux the command is to end with this process, and that is told by the thread
	// that started it: a thread of Go that ends earlier would take it along.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	alone(command)
	if err := command.Start(); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { end(command) })
	err := command.Wait()
	stop()
	end(command) // and what it left behind
	return err
}
