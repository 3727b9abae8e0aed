package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// A Journal is the file that a run appends to: JSON lines, first the header,
// then for each trial its requests and the trial itself, last an end line. What
// Append has returned nil for survives the end of this process and of the
// machine.
type Journal struct {
	file   disk
	path   string
	line   []byte
	failed error
	// cut and last are those of a journal that goes on: see Resume.
	cut  func() error
	last time.Time
	// losses are the failed requests of each measured round, which the last line adds up.
	losses map[int]int
}

// A disk is what a journal needs of its file, so that a test can let any call of
// it fail.
type disk interface {
	Write(text []byte) (int, error)
	Sync() error
	Close() error
}

// Create begins the journal of a run in a new file, which must not exist. Only
// its owner may read it: it holds addresses.
func Create(path string, h Header) (*Journal, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	_ = lock(file) // a file system without locks is no reason not to measure
	j := &Journal{file: file, path: path}
	err = j.put(struct {
		Type string `json:"type"`
		Header
	}{"run", h})
	if errors.Is(err, errLong) {
		err = fmt.Errorf("the plan or its list of URLs is too long to be written down: %w", err)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return nil, errors.Join(err, file.Close(), os.Remove(path))
	}
	return j, nil
}

// syncFolder puts the name of a new file on the disk, without which its content
// may be there and not be found. Where folders cannot be synced, as on Windows,
// there is nothing to do.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return nil // writable is enough for a journal
	}
	err = folder.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrInvalid) || errors.Is(err, fs.ErrPermission) {
		err = nil
	}
	return errors.Join(err, folder.Close())
}

// Path is where the journal is.
func (j *Journal) Path() string { return j.path }

// Append writes a trial, its requests in lines of a thousand before it, and
// returns when the disk has them. It is one write and one sync a trial, less
// than 1 µs a request, and belongs outside every timed span. The requests are
// those of the batch in its order. What is refused unwritten, requests in another
// order or a line that nobody could read back, leaves the journal as it was. Once a
// write or a sync has failed Append goes on failing: what follows half a line could
// not be read.
func (j *Journal) Append(t *Trial) error {
	for i := range t.Requests {
		if t.Requests[i].Index != i {
			return fmt.Errorf("journal: request %d in the place of request %d", t.Requests[i].Index, i)
		}
	}
	j.line = j.line[:0]
	for from := 0; from < len(t.Requests); from += requestsPerLine {
		j.line = appendBlock(j.line, t.Requests[from:min(from+requestsPerLine, len(t.Requests))])
	}
	j.count(t)
	return j.put(struct {
		Type string `json:"type"`
		*Trial
	}{"trial", t})
}

// count adds the failed requests of a trial that counts to those of its round.
func (j *Journal) count(t *Trial) {
	if t.Round >= 0 && t.Outcome != Aborted && t.Tally.Failed > 0 {
		if j.losses == nil {
			j.losses = map[int]int{}
		}
		j.losses[t.Round] += t.Tally.Failed
	}
}

// An end is the last line of a journal whose run came to an end by itself.
type end struct {
	Type     string `json:"type"`
	Complete bool   `json:"complete"`
	Reason   string `json:"reason,omitempty"`
	Reached  string `json:"reached,omitempty"`
	// Failed counts the requests of measured trials that failed, so that a list need not
	// read them.
	Failed int `json:"failed,omitempty"`
}

// End writes the last line. The reason is empty for a complete run.
func (j *Journal) End(reason string) error {
	return j.end(end{Complete: reason == "", Reason: reason})
}

// EndReached writes the last line of a run that is complete before its last
// round: what it was to reach is there.
func (j *Journal) EndReached(reached string) error {
	return j.end(end{Complete: true, Reached: reached})
}

// end writes the last line and closes the file.
func (j *Journal) end(last end) error {
	j.line = j.line[:0]
	last.Type = "end"
	for _, n := range j.losses {
		last.Failed += n
	}
	return errors.Join(j.put(last), j.file.Close())
}

// errLong says that a line would be too long to be read back.
var errLong = errors.New("a line is too long")

// put appends value to what is in line, as a line of its own, and writes both.
func (j *Journal) put(value any) error {
	if j.failed != nil {
		return j.failed
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if len(text) >= maxLine { // nobody could read it back
		return fmt.Errorf("journal: %w: %d bytes, at most %d", errLong, len(text), maxLine)
	}
	j.line = append(append(j.line, text...), '\n')
	if _, j.failed = j.file.Write(j.line); j.failed == nil {
		j.failed = j.file.Sync()
	}
	return j.failed
}
