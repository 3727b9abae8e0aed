//go:build linux || darwin

package results

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lock takes a journal for this process alone. The system lets go of it when the
// process ends, by whatever way, so that no crash leaves a lock behind.
func lock(file *os.File) error {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return ErrBusy
	case err != nil:
		return fmt.Errorf("locking: %w", err)
	}
	return nil
}
