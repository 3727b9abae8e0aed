package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// several are so many contenders.
func several(n int) string {
	names := []string{"sequential"}
	for i := 2; i <= n; i++ {
		names = append(names, "pool:"+strconv.Itoa(i))
	}
	return strings.Join(names, ",")
}

// TestPictureOnATerminal checks what a person sees: a picture that is drawn again and
// again in one place and is gone at the end, never wide enough to wrap, and a table in
// its place.
func TestPictureOnATerminal(t *testing.T) {
	t.Parallel()
	for _, width := range []int{20, 80, 200} {
		for _, contenders := range []int{1, 3, 13} {
			t.Run(fmt.Sprint(contenders, " on ", width), func(t *testing.T) {
				t.Parallel()
				p := prepare(t, "run", "--profile", "fast", "-n", "13", "-r", "3", "--warmup", "1", "-s", several(contenders),
					"--pause", fmt.Sprint(300/contenders, "ms")) // so that there is time for pictures
				e := onTerminal(t, width, p)
				if code := p.code(t); code != 0 {
					t.Fatalf("exit code %d\n%s", code, e)
				}
				e.await(t, `next:\s+fetchbench\s+report`)
				pictures := e.pictures()
				if len(pictures) < 2 { // the first, and one for what it said was next
					t.Fatalf("%d pictures:\n%q", len(pictures), e)
				}
				for _, picture := range pictures {
					checkPicture(t, picture, width, contenders)
				}
				// The table has 40 columns at least, and is none of the picture's business.
				if screen := e.wiped(t, width); screen.broken > 0 {
					t.Errorf("%d lines are broken:\n%s", screen.broken, screen.text())
				}
				checkOver(t, e.show(t, [2]int{width, terminalHeight}))
			})
		}
	}
}

// checkPicture holds a picture against what was measured: a line for each contender, as
// wide as the terminal allows, with its round and what is left of the run.
func checkPicture(t *testing.T, picture string, width, contenders int) {
	t.Helper()
	plain := regexp.MustCompile(`\x1b\[\d*m`).ReplaceAllString(picture, "")
	lines := strings.Split(plain, "\n")
	if len(lines) != contenders+2 {
		t.Errorf("%d lines for %d contenders:\n%s", len(lines), contenders, plain)
	}
	for _, line := range lines {
		if utf8.RuneCountInString(line) >= width {
			t.Errorf("%d columns: a line of %d: %q", width, utf8.RuneCountInString(line), line)
		}
	}
	if last := lines[len(lines)-1]; !strings.Contains(last, "warm-up") && !strings.Contains(last, "/3") {
		t.Errorf("nothing says which round it is: %q", last)
	}
	if strings.Count(plain, "\n> ") > 1 {
		t.Errorf("more than one is measured:\n%s", plain)
	}
}

// checkOver looks for what a picture has left on a screen: the head of the picture is
// nowhere, that of the table is there.
func checkOver(t *testing.T, screen *vt) {
	t.Helper()
	text := screen.text()
	for _, left := range []string{"contender ", "[#", "[-", "> ", " left"} {
		if strings.Contains(text, "\n"+left) || left == " left" && strings.Contains(text, left) {
			t.Errorf("%q is still there:\n%s", left, text)
		}
	}
	if !strings.Contains(text, "\nType ") {
		t.Errorf("there is no table:\n%s", text)
	}
}

// TestPictureOfASweep says which size is measured.
func TestPictureOfASweep(t *testing.T) {
	t.Parallel()
	p := prepare(t, "sweep", "--profile", "capacity", "--scale", "0.1", "-n", "8", "-r", "2", "--pool", "1,2,8")
	e := onTerminal(t, 80, p)
	if code := p.code(t); code != 0 {
		t.Fatalf("exit code %d\n%s", code, e)
	}
	e.await(t, `next:\s+fetchbench\s+report`)
	if drawn := strings.Join(e.pictures(), "\n"); !strings.Contains(drawn, "> pool:1 ") || !strings.Contains(drawn, "> pool:2 ") {
		t.Errorf("the sizes are not named:\n%s", drawn)
	}
	if text := e.show(t, [2]int{80, terminalHeight}).text(); strings.Contains(text, "  contender") || !strings.Contains(text, "\npool ") {
		t.Errorf("this is left:\n%s", text)
	}
}

// TestResizedTerminal makes a terminal narrower and shorter in the middle of a run, and
// then wide: each time the next picture fits, and in the end nothing is left of any.
func TestResizedTerminal(t *testing.T) {
	t.Parallel()
	p := prepare(t, long()...)
	e := onTerminal(t, 80, p)
	e.awaitRound(t, 2)
	e.resize(t, 30, 10)
	e.await(t, `\x1b\[J\r  contender +median +failed\x1b`)
	e.resize(t, 200, 50)
	e.await(t, `(?s)median +failed\x1b.*\x1b\[J\r  contender +rounds +median +in flight +failed\x1b`)
	if _, err := e.keys.WriteString("\x03"); err != nil {
		t.Fatal(err)
	}
	if code := p.code(t); code != 130 {
		t.Fatalf("exit code %d, want 130\n%s", code, e)
	}
	e.await(t, `marked incomplete`)
	screen := e.show(t, [2]int{80, terminalHeight}, [2]int{30, 10}, [2]int{200, 50})
	if strings.Contains(screen.text(), "  contender") || strings.Contains(screen.text(), "[#") || !strings.Contains(screen.text(), "\nType ") {
		t.Errorf("this is left:\n%s", screen.text())
	}
}

// TestCtrlCLeavesTheTerminalClean types it. The signal reaches the upstream too.
func TestCtrlCLeavesTheTerminalClean(t *testing.T) {
	t.Parallel()
	p := prepare(t, long()...)
	e := onTerminal(t, 80, p)
	e.await(t, `\(Ctrl-C keeps what is done\)`)
	e.awaitRound(t, 2)
	if _, err := e.keys.WriteString("\x03"); err != nil {
		t.Fatal(err)
	}
	if code := p.code(t); code != 130 {
		t.Fatalf("exit code %d, want 130\n%s", code, e)
	}
	e.await(t, `marked incomplete`)
	screen := e.show(t, [2]int{80, terminalHeight})
	text := screen.text()
	lines := strings.Split(text, "\n")
	e.wiped(t, 80)
	if !strings.HasPrefix(lines[len(lines)-2], "fetchbench: hint: ") || lines[len(lines)-1] != "" || screen.column != 0 {
		t.Errorf("the cursor is in no line of its own:\n%s", text)
	}
	checkKept(t, p, "stopped by SIGINT")
}

// TestPictureOfFailures counts them, in red where there are colours.
func TestPictureOfFailures(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	for _, c := range []struct{ set, arg, want string }{
		{"", "", `\n\x1b\[31m. sequential +[1-4]/4 +- +\d\.\d +[1-4]\x1b\[0m\n`},
		{"NO_COLOR=1", "", `\n. sequential +[1-4]/4 +- +\d\.\d +[1-4]\n`},
		{"", "--no-color", `\n. sequential +[1-4]/4 +- +\d\.\d +[1-4]\n`},
		{"LC_ALL=C", "", `\n\[[#-]*\] round [2-4]/4; (sequential; )?\d+s left`},
	} {
		p := prepare(t, "run", server.URL, "-r", "4", "--warmup", "0", "--pause", "120ms", "-s", "sequential")
		p.Env = append(p.Env, c.set)
		if c.arg != "" {
			p.Args = append(p.Args, c.arg)
		}
		e := onTerminal(t, 80, p)
		if code := p.code(t); code != exitInvalid {
			t.Fatalf("exit code %d, want %d\n%s", code, exitInvalid, e)
		}
		e.await(t, `saved as run`)
		drawn := strings.Join(e.pictures(), "\n")
		if !regexp.MustCompile(c.want).MatchString(drawn) {
			t.Errorf("%s%s: nothing in the pictures matches %s:\n%q", c.set, c.arg, c.want, drawn)
		}
		if strings.Contains(c.want, "x1b") != strings.Contains(drawn, "\x1b[31m") && c.set != "LC_ALL=C" {
			t.Errorf("%s%s: the colours are wrong:\n%q", c.set, c.arg, drawn)
		}
	}
}

// TestToldTrialsHaveNoPictures: where each trial is told of on the terminal, that would be
// written into the picture.
func TestToldTrialsHaveNoPictures(t *testing.T) {
	t.Setenv("TERM", "xterm")
	e := openTerminal(t, 80)
	elsewhere, err := os.CreateTemp(t.TempDir(), "out")
	if err != nil {
		t.Fatal(err)
	}
	none := func(func(int, string) bool) {}
	for _, c := range []struct {
		out           *os.File
		telling, want bool
	}{{e.line, false, true}, {e.line, true, false}, {elsewhere, true, true}} {
		p := newProgress(&streams{out: c.out, err: e.line}, standingOf("sequential"), none, c.telling)
		if got := p.view != nil; got != c.want {
			t.Errorf("told of on %s (%v): a picture is %v, want %v", c.out.Name(), c.telling, got, c.want)
		}
		p.end()
	}
	for _, file := range []*os.File{e.line, elsewhere} {
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTerminalWithoutPictures: a dumb one cannot erase, and gets lines.
func TestTerminalWithoutPictures(t *testing.T) {
	t.Parallel()
	p := prepare(t, "run", "--profile", "fast", "-n", "3", "-r", "2", "-s", "sequential")
	p.Env = append(p.Env, "TERM=dumb")
	e := onTerminal(t, 80, p)
	if code := p.code(t); code != 0 {
		t.Fatalf("exit code %d\n%s", code, e)
	}
	e.await(t, `next:\s+fetchbench\s+report`)
	if text := e.String(); strings.Contains(text, "\x1b") || !strings.Contains(text, "\nsequential: 2 rounds, 6 ok, 0 failed\r\n") {
		t.Errorf("a dumb terminal got %q", text)
	}
}
