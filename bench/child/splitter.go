package child

import (
	"bytes"
	"fmt"
	"io"
	"sync"

	"github.com/fetchbench/fetchbench/bench"
)

// longestLine bounds a line of a child, its end included.
const longestLine = 1 << 20

// A splitter makes lines of what a child writes, and hands each on. It holds at most
// one line and what one read brought: where nobody takes the lines, the child waits.
type splitter struct {
	lines  chan []byte
	closed chan struct{} // nobody will take a line any more
	over   chan struct{} // closed once the child has closed its output
	once   sync.Once
	mu     sync.Mutex
	part   []byte // of the line that has not ended
	fault  error  // why what follows is not read
}

// newSplitter returns a splitter that runs ahead of its reader by a few lines.
func newSplitter() *splitter {
	const ahead = 64
	return &splitter{lines: make(chan []byte, ahead), closed: make(chan struct{}), over: make(chan struct{})}
}

// ReadFrom implements io.ReaderFrom, by which os/exec hands over an output: its end is
// told at once, and not only with that of the child. It is for one output.
func (s *splitter) ReadFrom(r io.Reader) (int64, error) {
	defer close(s.over)
	return io.Copy(struct{ io.Writer }{s}, r)
}

// Write implements io.Writer and never fails: a child that is not listened to any more
// writes into the void, so that it can come to its end.
func (s *splitter) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		end := bytes.IndexByte(p, '\n')
		if !s.add(p, end) || end < 0 {
			return n, nil
		}
		line := s.take()
		select {
		case s.lines <- line:
		case <-s.closed:
			return n, nil
		}
		p = p[end+1:]
	}
	return n, nil
}

// add takes what belongs to the line under way; it reports false once there is a fault.
func (s *splitter) add(p []byte, end int) bool {
	if end < 0 {
		end = len(p)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault == nil && len(s.part)+end >= longestLine {
		s.fault = &bench.Broken{Class: ClassLongLine, Err: fmt.Errorf("it wrote a line of more than %d bytes: %s", longestLine, excerpt(append(s.part, p[:end]...)))}
		s.part = nil
		close(s.lines) // what came before it may still be read
	}
	if s.fault != nil {
		return false
	}
	s.part = append(s.part, p[:end]...)
	return true
}

// take returns the line that has ended.
func (s *splitter) take() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	line := bytes.Clone(s.part)
	s.part = s.part[:0]
	return line
}

// wrong is the line that was begun, and why no line follows; both are for after the
// lines have come to an end.
func (s *splitter) wrong() (half []byte, fault error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.part), s.fault
}

// close ends the wait of whoever writes.
func (s *splitter) close() { s.once.Do(func() { close(s.closed) }) }
