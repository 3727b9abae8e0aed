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

// UnderWay tells whether another process is writing this journal. It asks for a share
// in the lock, and gives it back at once. A file that is still empty is not asked
// about: whoever has just made it is about to take its lock.
func UnderWay(journal *os.File) bool {
	if info, err := journal.Stat(); err != nil || info.Size() == 0 {
		return false
	}
	err := syscall.Flock(int(journal.Fd()), syscall.LOCK_SH|syscall.LOCK_NB)
	if err == nil {
		_ = syscall.Flock(int(journal.Fd()), syscall.LOCK_UN)
	}
	return errors.Is(err, syscall.EWOULDBLOCK)
}
