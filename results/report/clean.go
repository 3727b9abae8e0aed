package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostMarks is how many accents a letter may carry. No language needs more, and
// enough of them paint over the lines above.
const mostMarks = 4

// Clean makes a text that somebody else wrote safe to print on one line of a
// terminal: every rune that does not show as itself is replaced by its number,
// as in \x1b, and every byte that is not UTF-8 likewise. That covers control
// characters (C0, C1 and DEL, so no escape sequence survives), line ends,
// spaces other than the plain one, direction overrides, all that has no width,
// and heaps of accents. Clean(Clean(s)) is Clean(s).
//
// A backslash stays as it is, so the result can not be turned back.
func Clean(s string) string {
	var out strings.Builder
	marks, kept := 0, 0 // accents in a row; bytes of s already in out
	for i, r := range s {
		if marks++; !unicode.In(r, unicode.Mn, unicode.Me) {
			marks = 0
		}
		size := utf8.RuneLen(r)
		invalid := r == utf8.RuneError && !strings.HasPrefix(s[i:], string(utf8.RuneError))
		switch {
		case invalid:
			out.WriteString(s[kept:i] + fmt.Sprintf(`\x%02x`, s[i]))
			size = 1
		case shows(r) && marks <= mostMarks:
			continue
		default:
			out.WriteString(s[kept:i] + number(r))
		}
		kept = i + size
	}
	if kept == 0 {
		return s
	}
	return out.String() + s[kept:]
}

// shows reports whether a rune is seen as itself. Unicode calls some letters and
// marks printable that nobody can see: fillers, joiners, variation selectors.
func shows(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= ' ' && r != '\x7f'
	}
	return unicode.IsPrint(r) &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// number writes a rune the way Go source does, in ASCII only, so that it shows
// everywhere and means something to those who will look it up.
func number(r rune) string {
	switch {
	case r == '\t':
		return `\t`
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r < utf8.RuneSelf:
		return fmt.Sprintf(`\x%02x`, r)
	case r <= 0xffff:
		return fmt.Sprintf(`\u%04x`, r)
	default:
		return fmt.Sprintf(`\U%08x`, r)
	}
}

// ascii writes a clean text for a terminal that knows no other characters. What
// this package writes itself has a plain form, names of others get numbers.
func ascii(s string) string {
	s = strings.NewReplacer(" · ", "; ", "–", "-", "…", "...", "µs", "us").Replace(s)
	var out strings.Builder
	for _, r := range s {
		if r < utf8.RuneSelf {
			out.WriteRune(r)
		} else {
			out.WriteString(number(r))
		}
	}
	return out.String()
}

// cut shortens a clean text to so many columns of a terminal. It cuts out the
// middle: contenders differ at the end of their name as often as at its start.
func cut(s string, width int, mark string) string {
	if columnsOf(s) <= width {
		return s
	}
	runes := []rune(s)
	// Two thirds for the start, and what a wide rune leaves of them for the end.
	room := max(width-columnsOf(mark), 0)
	head, left := take(runes, room-room/3)
	slices.Reverse(runes)
	tail, _ := take(runes, room/3+left)
	slices.Reverse(runes)
	return string(runes[:head]) + mark + string(runes[len(runes)-tail:])
}

// take returns how many of the runes fit into so many columns, and the columns
// that they leave.
func take(runes []rune, width int) (n, left int) {
	for _, r := range runes {
		w := columnsOf(string(r))
		if w > width {
			break
		}
		width -= w
		n++
	}
	return n, width
}
