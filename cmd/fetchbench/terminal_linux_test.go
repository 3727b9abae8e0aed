package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// A terminal is a pseudo-terminal: what a program writes to it goes through the
// screen, and what is typed reaches the program as from a keyboard.
type terminal struct {
	*screen
	keys *os.File
	line *os.File // the program's side
}

// openTerminal opens a pseudo-terminal of so many columns. Its line is closed
// once the program has it.
func openTerminal(t *testing.T, width int) *terminal {
	t.Helper()
	keys, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = keys.Close() }) // closed already where all went well
	number, err := unix.IoctlGetInt(int(keys.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(int(keys.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	line, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	size := &unix.Winsize{Col: uint16(width), Row: 40}
	if err := unix.IoctlSetWinsize(int(line.Fd()), unix.TIOCSWINSZ, size); err != nil {
		t.Fatal(err)
	}
	return &terminal{screen: newScreen(), keys: keys, line: line}
}

// start starts the program in front of the terminal: Ctrl-C reaches it and its
// children alike, as signals of the terminal do.
func (e *terminal) start(t *testing.T, p *program) {
	t.Helper()
	p.Stdin = e.line
	p.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	p.start(t)
	if err := e.line.Close(); err != nil {
		t.Fatal(err)
	}
	shown := make(chan error, 1)
	go func() { shown <- e.copyFrom(e.keys) }()
	t.Cleanup(func() {
		<-p.ended
		if err := <-shown; err != nil {
			t.Error(err)
		}
	})
}

// picture is what a person sees at the end, without colours and without the
// wrapping of long lines.
func (e *terminal) picture() (lines []string) {
	row := []rune{}
	column := 0
	text := []rune(e.String())
	for i := 0; i < len(text); i++ {
		switch r := text[i]; r {
		case '\r':
			column = 0
		case '\n':
			lines, row = append(lines, strings.TrimRight(string(row), " ")), []rune{}
		case '\x1b':
			i++
			for i++; i < len(text) && (text[i] < '@' || text[i] > '~'); i++ {
			}
			if i < len(text) && text[i] == 'K' {
				row = row[:min(column, len(row))]
			}
		default:
			row = append(row[:min(column, len(row))], r)
			column++
		}
	}
	return append(lines, string(row))
}
