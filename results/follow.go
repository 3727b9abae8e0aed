package results

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// A Follower reads a journal whose run may still be under way: what is there, and
// later what has come since. It keeps the trials without their requests, and the
// place of the last whole line; a line that is there in part is waited for.
//
// It reads less strictly than Read, which judges: lines of requests are passed over
// without a look. It belongs to one goroutine.
type Follower struct {
	file   io.ReadSeeker
	in     *bufio.Reader
	text   []byte
	run    reading
	number int   // of the lines taken
	at     int64 // where the next one begins
	ended  bool
}

// Follow begins at the beginning of a journal. It reads nothing yet.
func Follow(file io.ReadSeeker) *Follower {
	return &Follower{file: file, in: bufio.NewReaderSize(nil, 64<<10)}
}

// Run is what is known so far. It is empty while there is no header, and it changes
// with every More.
func (f *Follower) Run() *Run { return &f.run.Run }

// Ended tells whether the last line is the end of the run. It may go on after that:
// a run that was cut short can be resumed.
func (f *Follower) Ended() bool { return f.ended }

// More takes the whole lines that have come since, and tells whether the run has
// grown by them. It returns at the end of the file, at an error, or when the context
// ends. After an error it is of no more use.
func (f *Follower) More(ctx context.Context) (grown bool, err error) {
	// Every time from the last whole line on: what came after it may have been cut
	// off since, as Resume does with what a crash left.
	if _, err := f.file.Seek(f.at, io.SeekStart); err != nil {
		return false, err
	}
	f.in.Reset(f.file)
	for ctx.Err() == nil {
		f.text, err = readLine(f.in, f.text[:0])
		if errors.Is(err, io.EOF) {
			return grown, nil
		}
		more := false
		if err == nil {
			more, err = f.take()
		}
		if err != nil {
			return grown, fmt.Errorf("line %d: %w", f.number+1, err)
		}
		if !more {
			return grown, nil
		}
		grown = grown || !f.requests()
	}
	return grown, ctx.Err()
}

// requests tells whether the line is one of requests.
func (f *Follower) requests() bool {
	return bytes.HasPrefix(f.text, []byte(`{"type":"requests"`))
}

// take adds the line to the run and tells whether it could. A last line that is no
// JSON is left where it is: a crash of the machine leaves such, and a resumption
// cuts them off.
func (f *Follower) take() (bool, error) {
	l := line{number: f.number + 1, text: f.text, kind: "requests"}
	if !f.requests() {
		if !json.Valid(f.text) {
			if more(f.in) {
				return false, errors.New("this is no line of a journal")
			}
			return false, nil
		}
		l.kind = kind(f.text)
	}
	if err := f.run.take(l); err != nil {
		return false, err
	}
	f.number++
	f.at += int64(len(f.text))
	if l.kind != "requests" {
		f.ended = l.kind == "end"
	}
	return true, nil
}
