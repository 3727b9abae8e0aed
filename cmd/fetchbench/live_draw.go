package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// A view keeps a picture on a terminal and replaces it in place. Between two
// drawings the cursor rests where the picture begins, so that whatever a terminal
// does to lines when it is resized, and however many rows they take then, all of the
// old picture lies behind the cursor and is erased with one sequence, but for rows that
// broken lines have pushed off a screen on which little stands above: nothing that is
// written reaches those. The cursor is never hidden and there is no other screen: a program that is killed leaves nothing
// to be put right.
type view struct {
	out io.Writer
	// size is asked at each drawing; nothing has to be told of resizes.
	size          func() (columns, rows int)
	pace          pace
	drawn         bool
	columns, rows int // when it was drawn
}

// terminalRows is the height of a terminal that does not tell it.
const terminalRows = 24

// newView is the view of a terminal; nil where nobody looks, or nothing can be
// erased.
func newView(s *streams) *view {
	file, ok := s.err.(*os.File)
	if !ok || s.quiet || !isTerminal(file) || os.Getenv("TERM") == "dumb" {
		return nil
	}
	return &view{out: file, size: func() (int, int) {
		columns, rows, err := term.GetSize(int(file.Fd()))
		if err != nil || columns < 1 || rows < 1 {
			return plainWidth, terminalRows
		}
		return columns, rows
	}}
}

// erased erases all from the beginning of the cursor's line to the end of the screen:
// the line, and then from its second column on. tmux takes the erasing of a screen from
// its first cell for a wish to clear it, and moves what was there into what can be
// scrolled back to; and its first cell is where the cursor is when lines that were
// broken have pushed the rows above off the screen.
const erased = "\x1b[K\x1b[C\x1b[J\r"

// draw replaces what is there, in one write: terminals show what came together
// together. Lines are overwritten rather than erased first, so that nothing flickers.
func (v *view) draw(lines []string, columns, rows int) {
	var b strings.Builder
	b.WriteByte('\r')
	if columns != v.columns || rows != v.rows {
		b.WriteString(erased) // lines may have been broken anywhere
	}
	for i, line := range lines {
		if i > 0 {
			b.WriteString("\r\n")
		}
		b.WriteString(line + "\x1b[K")
	}
	b.WriteString("\x1b[J\r")
	if up := len(lines) - 1; up > 0 {
		fmt.Fprintf(&b, "\x1b[%dA", up)
	}
	say(v.out, "%s", b.String())
	v.drawn, v.columns, v.rows = true, columns, rows
}

// wipe takes the picture away and leaves the cursor where it began. It does nothing
// where there is none.
func (v *view) wipe() {
	if v != nil && v.drawn {
		say(v.out, "%s", "\r"+erased)
		v.drawn = false
	}
}

// The pace of drawing: not more often than every beat, nor more than mostDrawn
// times in any second.
const (
	beat      = 100 * time.Millisecond
	mostDrawn = 10
)

// A pace remembers when the last drawings were.
type pace struct {
	times [mostDrawn]time.Time
	n     int
}

// allows tells whether it is time to draw, and takes it for granted that this is
// done. What is to stay for long may come sooner than a beat after the last:
// otherwise a contender could be waited for whose name was never shown.
func (p *pace) allows(now time.Time, lasting bool) bool {
	oldest, last := p.times[p.n%mostDrawn], p.times[(p.n+mostDrawn-1)%mostDrawn]
	switch {
	case p.n >= mostDrawn && now.Sub(oldest) < time.Second:
		return false
	case p.n > 0 && !lasting && now.Sub(last) < beat:
		return false
	}
	p.times[p.n%mostDrawn] = now
	p.n++
	return true
}
