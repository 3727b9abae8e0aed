package child

import (
	"strings"
	"sync"

	"github.com/fetchbench/fetchbench/results/report"
)

// ringSize is how much is kept of what a child writes to its standard error.
const ringSize = 64 << 10

// A ring keeps the end of what is written to it, and never grows: a child may flood it.
type ring struct {
	mu   sync.Mutex
	text [ringSize]byte
	next int // where the next byte goes
	full bool
}

// Write implements io.Writer and never fails.
func (r *ring) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for rest := p[max(0, len(p)-ringSize):]; len(rest) > 0; {
		n := copy(r.text[r.next:], rest)
		rest = rest[n:]
		if r.next += n; r.next == ringSize {
			r.next, r.full = 0, true
		}
	}
	return len(p), nil
}

// String is what is kept, line by line, with nothing in it that could move the cursor
// of a terminal.
func (r *ring) String() string {
	r.mu.Lock()
	text := string(r.text[:r.next])
	if r.full {
		text = string(r.text[r.next:]) + text
	}
	r.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(strings.ToValidUTF8(text, "?")), "\n")
	for i := range lines {
		lines[i] = report.Clean(strings.TrimRight(lines[i], "\r"))
	}
	return strings.Join(lines, "\n")
}
