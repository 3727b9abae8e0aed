package upstream

import (
	"bytes"
	"strings"
	"sync"
	"unicode"
)

// tailLimit is how much of a child's stderr an error message can quote.
const tailLimit = 2 << 10

// tail keeps the end of what is written to it, so that a child which talks without
// end costs no memory.
type tail struct {
	mu   sync.Mutex
	text []byte
}

// Write implements io.Writer and never fails.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p[max(len(p)-tailLimit, 0):]...)
	if extra := len(t.text) - tailLimit; extra > 0 {
		t.text = append(t.text[:0], t.text[extra:]...)
	}
	return len(p), nil
}

// String is what to append to an error: nothing, or the text on one line in which
// nothing can move the cursor of a terminal.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	words := strings.FieldsFunc(string(t.text), func(r rune) bool { return !unicode.IsPrint(r) })
	if len(words) == 0 {
		return ""
	}
	return " (its last words: " + strings.Join(words, " ") + ")"
}

// firstLine passes on the first line that is written to it and drops the rest, so
// that a child which goes on writing is never blocked. A line beyond the limit is
// passed on cut, as no address.
type firstLine struct {
	lines chan []byte // room for one
	text  []byte
	done  bool
}

// Write implements io.Writer and never fails.
func (f *firstLine) Write(p []byte) (int, error) {
	if f.done {
		return len(p), nil
	}
	line, _, found := bytes.Cut(p, []byte{'\n'})
	f.text = append(f.text, line[:min(len(line), lineLimit-len(f.text))]...)
	if found || len(f.text) >= lineLimit {
		f.done = true
		f.lines <- f.text
	}
	return len(p), nil
}
