//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// hang is when a test gives up waiting. Nothing here takes a tenth of it.
const hang = 30 * time.Second

// A program is fetchbench in a process of its own, so that it can be signalled.
type program struct {
	*exec.Cmd
	dir            string
	stdout, stderr *screen
	ended          chan struct{}
}

// prepare makes a command that has not been started, in a folder of its own.
func prepare(t *testing.T, args ...string) *program {
	t.Helper()
	path, err := exec.LookPath("fetchbench")
	if err != nil {
		t.Fatal(err)
	}
	p := &program{
		Cmd: exec.Command(path, args...), dir: t.TempDir(),
		stdout: newScreen(), stderr: newScreen(), ended: make(chan struct{}),
	}
	p.Dir, p.Env = p.dir, environment(p.dir)
	p.Stdout, p.Stderr = p.stdout, p.stderr
	return p
}

// start starts the command. The test ends it if it does not end by itself.
func (p *program) start(t *testing.T) {
	t.Helper()
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.Wait() // the state says all
		close(p.ended)
	}()
	t.Cleanup(func() {
		_ = p.Process.Kill() // an error means that it has ended
		<-p.ended
	})
}

// code waits for the end and returns the exit code, -1 if a signal was the end.
func (p *program) code(t *testing.T) int {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(hang):
		t.Fatalf("fetchbench did not end\n%s\n%s", p.stdout, p.stderr)
	}
	return p.ProcessState.ExitCode()
}

// killed returns the signal that was the end, 0 if it was an exit.
func (p *program) killed() syscall.Signal {
	if status, ok := p.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return status.Signal()
	}
	return 0
}

// journal returns the path of the only journal of the program.
func (p *program) journal(t *testing.T) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(p.dir, "state", "fetchbench", "runs", "*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("journals %q, %v, want one", found, err)
	}
	return found[0]
}

// read reads the journal back.
func (p *program) read(t *testing.T) *results.Run {
	t.Helper()
	run, err := results.Open(p.journal(t))
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// report runs fetchbench report on the journal.
func (p *program) report(t *testing.T, args ...string) *program {
	t.Helper()
	again := prepare(t, append([]string{"report", p.journal(t)}, args...)...)
	again.start(t)
	again.code(t)
	return again
}

// A screen collects what is written and lets a test wait for it.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{} // closed when there is more
}

func newScreen() *screen { return &screen{more: make(chan struct{})} }

// Write adds text.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.more)
	s.more = make(chan struct{})
	return s.text.Write(p)
}

// String is all that was written.
func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// await returns when the text matches the pattern.
func (s *screen) await(t *testing.T, pattern string) {
	t.Helper()
	s.until(t, pattern, regexp.MustCompile(pattern).Match)
}

// awaitRound returns when a picture says that a round of a thousand is under way, the
// given one or, since not all are drawn, a later one.
func (s *screen) awaitRound(t *testing.T, round int) {
	t.Helper()
	words := regexp.MustCompile(`round (\d+)/1000`)
	s.until(t, fmt.Sprintf("round %d", round), func(text []byte) bool {
		return slices.ContainsFunc(words.FindAllSubmatch(text, -1), func(found [][]byte) bool {
			n, _ := strconv.Atoi(string(found[1])) // the pattern takes digits only
			return n >= round
		})
	})
}

// until returns when the text is as wanted.
func (s *screen) until(t *testing.T, pattern string, wanted func([]byte) bool) {
	t.Helper()
	guard := time.After(hang)
	for {
		s.mu.Lock()
		found, more := wanted(s.text.Bytes()), s.more
		s.mu.Unlock()
		if found {
			return
		}
		select {
		case <-more:
		case <-guard:
			t.Fatalf("%s did not come:\n%s", pattern, s)
		}
	}
}

// copyFrom adds what is read from a terminal, which ends with EIO when nobody
// has it open any more.
func (s *screen) copyFrom(r io.Reader) error {
	_, err := io.Copy(s, r)
	if errors.Is(err, syscall.EIO) || errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}
