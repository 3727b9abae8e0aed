package history

import (
	"errors"
	"fmt"
	"os"

	"github.com/fetchbench/fetchbench/results"
)

// Remove removes the journal of a run and the names that it was saved under, which it
// returns. A run that is under way is results.ErrBusy, and stays. With dry nothing is
// removed.
func Remove(dir, id string, dry bool) (names []string, err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	if _, err := root.Lstat(id + Suffix); err != nil {
		return nil, fmt.Errorf("%w %q in %s", ErrNone, id, dir)
	}
	if busy(root, id) {
		return nil, fmt.Errorf("run %s: %w", id, results.ErrBusy)
	}
	all, err := savedNames(root)
	if err != nil || dry {
		return all[id], err
	}
	// The names go first: one that stands for nothing is worse than a run without one.
	for _, name := range all[id] {
		if err := root.Remove(inNames(name)); err != nil {
			return nil, err
		}
	}
	return all[id], root.Remove(id + Suffix)
}

// busy tells whether somebody writes the journal. What cannot be opened is nobody's.
func busy(root *os.Root, id string) bool {
	file, err := open(root, id)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }() // it was only read
	return results.UnderWay(file)
}
