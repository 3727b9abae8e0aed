package process

import (
	"strings"
	"sync"
)

// ringSize is how much is kept of what a program writes.
const ringSize = 64 << 10

// A Ring keeps the end of what is written to it, and never grows: a program may flood it.
type Ring struct {
	mu   sync.Mutex
	text [ringSize]byte
	next int // where the next byte goes
	full bool
}

// Write implements io.Writer and never fails.
func (r *Ring) Write(p []byte) (int, error) {
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

// Lines is what is kept, line by line. It is text of others: whoever shows it cleans it.
func (r *Ring) Lines() []string {
	r.mu.Lock()
	text := string(r.text[:r.next])
	if r.full {
		text = string(r.text[r.next:]) + text
	}
	r.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(strings.ToValidUTF8(text, "?")), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], "\r")
	}
	return lines
}
