package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/fetchbench/fetchbench/results/report"
)

// A vt is a terminal as far as this program uses one. It interprets what is written
// and knows what a person sees then; what it does not know is refused, so that no
// sequence comes into use unseen.
type vt struct {
	columns, rows int
	reflow        bool // lines are broken anew when it is resized, as most do it; else cut
	tmux          bool // as tmux does it, whose screen ends with its last row, used or not
	lines         []vtLine
	top           int // the first line on the screen
	row, column   int // of the cursor; the row counts from the first line ever
	broken        int // lines that were longer than the terminal is wide
	strange       []string
}

// A vtLine is a row of cells; the second cell of a wide character holds nothing.
type vtLine struct {
	cells []rune
	wraps bool // goes on in the next
}

// newVT is an empty terminal.
func newVT(columns, rows int) *vt { return &vt{columns: columns, rows: rows, lines: []vtLine{{}}} }

// Write interprets text. A sequence is never split between two writes.
func (v *vt) Write(p []byte) (int, error) {
	for text := p; len(text) > 0; {
		r, size := utf8.DecodeRune(text)
		switch r {
		case '\r':
			v.column = 0
		case '\n':
			v.down()
		case '\x1b':
			size = v.sequence(text)
		default:
			v.put(r)
		}
		text = text[size:]
	}
	return len(p), nil
}

// down moves the cursor a line down, which may scroll.
func (v *vt) down() {
	v.row++
	for len(v.lines) <= v.row {
		v.lines = append(v.lines, vtLine{})
	}
	v.top = max(v.top, v.row-v.rows+1)
}

// put writes one character where the cursor is.
func (v *vt) put(r rune) {
	width := report.Columns(string(r))
	if v.column+width > v.columns {
		v.broken++
		v.lines[v.row].wraps = true
		v.column = 0
		v.down()
	}
	line := &v.lines[v.row]
	for len(line.cells) < v.column+width {
		line.cells = append(line.cells, ' ')
	}
	line.cells[v.column] = r
	for i := 1; i < width; i++ {
		line.cells[v.column+i] = 0
	}
	v.column += width
}

// sequence obeys an escape sequence and returns its length.
func (v *vt) sequence(text []byte) int {
	end := slices.IndexFunc(text, func(b byte) bool { return b >= '@' && b <= '~' && b != '[' })
	if end < 0 {
		v.strange = append(v.strange, fmt.Sprintf("%q", text))
		return len(text)
	}
	argument := strings.TrimPrefix(string(text[1:end]), "[")
	switch kind := text[end]; {
	case kind == 'm':
	case argument == "" && strings.IndexByte("KJC", kind) >= 0:
		v.plain(kind)
	case kind == 'A':
		v.up(argument)
	default:
		v.strange = append(v.strange, fmt.Sprintf("%q", text[:end+1]))
	}
	return end + 1
}

// erase empties the line from the cursor on.
func (v *vt) erase() {
	line := &v.lines[v.row]
	line.cells, line.wraps = line.cells[:min(v.column, len(line.cells))], false
}

// plain obeys a sequence that has no argument.
func (v *vt) plain(kind byte) {
	switch kind {
	case 'K':
		v.erase()
	case 'J':
		v.eraseBelow()
	default:
		v.column = min(v.column+1, v.columns-1)
	}
}

// eraseBelow empties the screen from the cursor on.
func (v *vt) eraseBelow() {
	if v.tmux && v.row == v.top && v.column == 0 {
		v.strange = append(v.strange, "erasing from the first cell on, which keeps all for who scrolls back")
	}
	v.lines = v.lines[:v.row+1]
	v.erase()
}

// up moves the cursor up, at most to the top of the screen.
func (v *vt) up(lines string) {
	n, err := strconv.Atoi(lines)
	if err != nil || v.row-n < v.top {
		v.strange = append(v.strange, fmt.Sprintf("up %q from row %d of the screen", lines, v.row-v.top))
	}
	v.row = max(v.top, v.row-n)
}

// resize gives the terminal another size, as the person at it does.
func (v *vt) resize(columns, rows int) {
	if v.tmux {
		v.shorten(rows)
	}
	if v.reflow {
		v.rebreak(columns)
	} else {
		for i := range v.lines {
			v.lines[i].cells = v.lines[i].cells[:min(columns, len(v.lines[i].cells))]
		}
	}
	v.columns, v.rows, v.column = columns, rows, min(v.column, columns-1)
	if v.tmux {
		v.push()
		return
	}
	v.top = max(min(v.top, v.row), v.row-rows+1)
	v.lines = v.lines[:min(len(v.lines), v.top+rows)] // what is below the screen is lost
}

// shorten takes rows from below the cursor, and then from the top, which can be scrolled
// back to. The screen is all there is: rows below the last line count.
func (v *vt) shorten(rows int) {
	for len(v.lines) < v.top+v.rows {
		v.lines = append(v.lines, vtLine{})
	}
	needed := max(0, v.rows-rows)
	below := min(needed, v.top+v.rows-1-v.row)
	v.lines = v.lines[:v.top+v.rows-below]
	v.top += needed - below
	for ; v.rows < rows; v.rows++ {
		v.lines = append(v.lines, vtLine{})
	}
}

// push moves the first rows off the screen if lines that were broken have made it
// longer, and the cursor stays on it. Rows below the cursor that are pushed off too are
// out of anybody's reach, and left out here so that the rest can be looked at.
func (v *vt) push() {
	v.top = max(0, len(v.lines)-v.rows)
	if v.row < v.top {
		v.lines = slices.Delete(v.lines, v.row, v.top)
		v.top, v.column = v.row, 0
	}
}

// rebreak breaks all lines at another width. The cursor stays at its character, which
// here is always the first of a line.
func (v *vt) rebreak(columns int) {
	var broken []vtLine
	row := v.row
	var whole []rune
	for i, line := range v.lines {
		if i == v.row {
			row = len(broken) + len(whole)/columns
		}
		if whole = append(whole, line.cells...); line.wraps {
			continue
		}
		for len(whole) > columns {
			broken = append(broken, vtLine{whole[:columns:columns], true})
			whole = whole[columns:]
		}
		broken, whole = append(broken, vtLine{cells: whole}), nil
	}
	v.lines, v.row = broken, row
}

// text is all that can be seen by who scrolls back, without blanks at line ends.
func (v *vt) text() string {
	var out []string
	for _, line := range v.lines {
		out = append(out, strings.TrimRight(strings.ReplaceAll(string(line.cells), "\x00", ""), " "))
	}
	return strings.Join(out, "\n")
}

// check reports what no program of ours may do to a terminal.
func (v *vt) check(t *testing.T) {
	t.Helper()
	if len(v.strange) > 0 {
		t.Errorf("the terminal got %s", strings.Join(v.strange, ", "))
	}
}

// The model is held against what terminals do, for it is what other tests believe.
func TestTerminalModel(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, written, want string
		broken, strange     int
	}{
		{"lines", "ab\r\ncd", "ab\ncd", 0, 0},
		{"over what was there", "abc\rx", "xbc", 0, 0},
		{"erased to the end of the line", "abc\rx\x1b[K", "x", 0, 0},
		{"erased to the end of the screen", "a\r\nbc\r\nd\x1b[1A\r\x1b[J", "a\n", 0, 0},
		{"up", "a\r\nb\r\nc\r\x1b[2Ax", "x\nb\nc", 0, 0},
		{"up beyond the screen", "a\r\nb\r\nc\r\nd\r\x1b[3Ax", "a\nx\nc\nd", 0, 1},
		{"too long", "abcdef", "abcde\nf", 1, 0},
		{"as long as can be", "abcde\r\nf", "abcde\nf", 0, 0},
		{"wide", "a世界b", "a世界\nb", 1, 0},
		{"colours", "\x1b[31ma\x1b[0m", "a", 0, 0},
		{"a column on, at most to the last", "ab\r\x1b[Cx\x1b[C\x1b[C\x1b[C\x1b[Cy", "ax  y", 0, 0},
		{"a hidden cursor", "\x1b[?25l", "", 0, 1},
	} {
		v := newVT(5, 3)
		if _, err := v.Write([]byte(c.written)); err != nil {
			t.Fatal(err)
		}
		if v.text() != c.want || v.broken != c.broken || len(v.strange) != c.strange {
			t.Errorf("%s: %q, %d broken, strange: %q; want %q, %d and %d", c.name, v.text(), v.broken, v.strange, c.want, c.broken, c.strange)
		}
	}
	v := newVT(5, 3)
	v.reflow = true
	_, _ = v.Write([]byte("abcde\r\nfg\r")) // which never fails
	v.resize(3, 3)
	if got, want := v.text(), "abc\nde\nfg"; got != want || v.row != 2 {
		t.Errorf("narrower: %q and row %d, want %q and 2", got, v.row, want)
	}
	v.resize(9, 3)
	if got, want := v.text(), "abcde\nfg"; got != want || v.row != 1 {
		t.Errorf("wider: %q and row %d, want %q and 1", got, v.row, want)
	}
}

// TestTerminalModelOfTmux: a screen of three rows is made three columns wide. What is
// broken pushes rows off it, used or not: one, with the cursor in the row that is the
// first then; two, of which the cursor was in the first; or none.
func TestTerminalModelOfTmux(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		written, want string
		row           int
	}{{"a\r\nbcde\r\x1b[C", "a\nbcd\ne\n", 1}, {"abcd\r\nefgh\r\x1b[1A", "efg\nh\n", 0}, {"ab\r\ncd", "ab\ncd\n", 1}} {
		v := newVT(4, 3)
		v.reflow, v.tmux = true, true
		_, _ = v.Write([]byte(c.written)) // which never fails
		v.resize(3, 3)
		if v.text() != c.want || v.row != c.row {
			t.Errorf("%q: %q and row %d, want %q and %d", c.written, v.text(), v.row, c.want, c.row)
		}
		_, _ = v.Write([]byte("\r\x1b[J"))
		if kept := len(v.strange) > 0; kept != (v.row == v.top) {
			t.Errorf("%q: erasing keeps what was there (%v), with the cursor in row %d of the screen", c.written, kept, v.row-v.top)
		}
	}
}
