package results

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"time"
)

// ErrBusy is the error of a journal that another process is writing.
var ErrBusy = errors.New("another process is writing this journal")

// Reopen opens the journal of a run that was cut short, so that it can go on, and
// reads it. It is refused with ErrBusy while the run, or another that goes on with
// it, still has it. Nothing is changed before Resume; Close gives it back.
func Reopen(path string) (*Journal, *Run, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%s: this is no file that could be continued", path)
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		return nil, nil, err
	}
	j, run, err := reopen(file)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("%s: %w", path, err), file.Close())
	}
	return j, run, nil
}

// reopen locks the journal before it reads it: what is read must not change.
func reopen(file *os.File) (*Journal, *Run, error) {
	if err := lock(file); err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, nil, err
	}
	run, err := Read(file)
	if err != nil {
		return nil, nil, err
	}
	j := &Journal{file: file, path: file.Name(), last: info.ModTime()}
	for i := range run.Trials {
		j.count(&run.Trials[i])
	}
	j.cut = func() error {
		if run.Torn == 0 {
			return nil
		}
		return file.Truncate(info.Size() - int64(run.Torn))
	}
	return j, run, nil
}

// Resume cuts off what a crash left after the last whole line, and writes that the
// run goes on with a round. Trials of this and of later rounds that the journal
// has already stay in it, and belong to no round from now on.
func (j *Journal) Resume(round int) error {
	if err := j.cut(); err != nil {
		return err
	}
	maps.DeleteFunc(j.losses, func(made, _ int) bool { return !Precedes(made, round) })
	j.line = j.line[:0]
	// The file's own time says when the run was last heard of, even if it was killed.
	// It is an instant of the wall clock, as one of another process has to be.
	now := time.Now()
	paused := max(0, now.UnixNano()-j.last.UnixNano())
	return j.put(struct {
		Type string `json:"type"`
		Resumption
	}{"resumed", Resumption{Round: round, Started: now, PausedNS: paused}})
}

// Close gives up a journal without a last line.
func (j *Journal) Close() error { return j.file.Close() }
