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

// terminalHeight is how many rows a terminal has unless a test resizes it.
const terminalHeight = 40

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
	e := &terminal{screen: newScreen(), keys: keys, line: line}
	e.resize(t, width, terminalHeight)
	return e
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

// resize gives the terminal another size, as the person at it does. The program has no
// need of the signal that this sends.
func (e *terminal) resize(t *testing.T, columns, rows int) {
	t.Helper()
	size := &unix.Winsize{Col: uint16(columns), Row: uint16(rows)}
	if err := unix.IoctlSetWinsize(int(e.keys.Fd()), unix.TIOCSWINSZ, size); err != nil {
		t.Fatal(err)
	}
}

// show is what a person saw on a terminal that had these sizes one after the other: the
// next from where the program first erased what it had drawn for the one before.
func (e *terminal) show(t *testing.T, sizes ...[2]int) *vt {
	t.Helper()
	const erased = "\r" + erased
	screen := newVT(sizes[0][0], sizes[0][1])
	screen.reflow = true
	for i, part := range strings.SplitAfter(e.String(), erased) {
		// The first erases nothing yet.
		if text, found := strings.CutSuffix(part, erased); found && i > 0 && i < len(sizes) {
			_, _ = screen.Write([]byte(text)) // which never fails
			screen.resize(sizes[i][0], sizes[i][1])
			part = erased
		}
		_, _ = screen.Write([]byte(part))
	}
	screen.check(t)
	return screen
}

// wiped is what a person saw when the last picture had been taken away and nothing had
// come in its place: what was said before the first.
func (e *terminal) wiped(t *testing.T, columns int) *vt {
	t.Helper()
	before := &terminal{screen: newScreen()}
	text := e.String()
	_, _ = before.Write([]byte(text[:strings.LastIndex(text, erased)+len(erased)])) // which never fails
	screen := before.show(t, [2]int{columns, terminalHeight})
	said := strings.Join(strings.Fields(screen.text()), " ")
	if !strings.HasSuffix(said, "(Ctrl-C keeps what is done)") || screen.column != 0 {
		t.Errorf("the picture is still there:\n%s", screen.text())
	}
	return screen
}
