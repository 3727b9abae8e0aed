package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/fetchbench/fetchbench/results/report"
	"golang.org/x/term"
)

// isTerminal tells whether somebody looks at what is written there.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// plainWidth is the width of a table that goes to no terminal.
const plainWidth = 80

// width is that of the terminal behind w.
func width(w io.Writer) int {
	if file, ok := w.(*os.File); ok {
		if columns, _, err := term.GetSize(int(file.Fd())); err == nil && columns > 0 {
			return columns
		}
	}
	return plainWidth
}

// options says how tables look on stdout.
func (s *streams) options(f *outputFlags) report.Options {
	return report.Options{
		Style: f.style, Cost: f.cost, Width: width(s.out), Color: colours(s.out, f.noColor), ASCII: ascii(),
		Told: !s.quiet && oneTerminal(s.out, s.err),
	}
}

// oneTerminal tells whether somebody sees both streams on the same terminal.
func oneTerminal(out, err io.Writer) bool {
	if !isTerminal(out) || !isTerminal(err) {
		return false
	}
	a, b := statOf(out), statOf(err)
	return a != nil && b != nil && os.SameFile(a, b)
}

// statOf says which file is behind a stream, nil if none is.
func statOf(w io.Writer) os.FileInfo {
	file, ok := w.(*os.File)
	if !ok {
		return nil
	}
	info, err := file.Stat()
	if err != nil {
		return nil
	}
	return info
}

// colours follows no-color.org: a terminal has them unless NO_COLOR is set to
// something, the terminal is a dumb one or the user says so; FORCE_COLOR has
// them anywhere.
func colours(w io.Writer, off bool) bool {
	switch {
	case off || os.Getenv("NO_COLOR") != "":
		return false
	case os.Getenv("FORCE_COLOR") != "":
		return true
	}
	return isTerminal(w) && os.Getenv("TERM") != "dumb"
}

// ascii tells whether the locale says that there is nothing but ASCII. Without
// any word on it UTF-8 is assumed, as most systems have it.
func ascii() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := os.Getenv(name); locale != "" {
			locale = strings.ToLower(locale)
			return !strings.Contains(locale, "utf-8") && !strings.Contains(locale, "utf8")
		}
	}
	return false
}

// knownStyle refuses a table style that there is not.
func knownStyle(style string) error {
	if slices.Contains(report.Styles(), style) {
		return nil
	}
	return meant(fmt.Errorf("unknown --style %q (have %s)", style, list(report.Styles())), style, report.Styles())
}

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// list joins words for a message.
func list(words []string) string { return strings.Join(words, ", ") }

// wrapped breaks a line between words, so that none is longer than the width;
// what goes on is indented.
func wrapped(text string, width int) string {
	const indent = "  "
	var b strings.Builder
	column := 0
	for i, word := range strings.Split(text, " ") {
		length := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column+1+length > width-1:
			b.WriteString("\n" + indent)
			column = len(indent)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += length
	}
	return b.String()
}
