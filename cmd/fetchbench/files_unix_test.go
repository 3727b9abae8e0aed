//go:build unix

package main

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/rogpeppe/go-internal/testscript"
)

// runScripts runs some of the scripts, by which a promise is kept.
func runScripts(t *testing.T, names ...string) {
	t.Helper()
	p := scriptParams()
	p.Dir = ""
	for _, name := range names {
		p.Files = append(p.Files, filepath.Join("testdata", "script", name+".txtar"))
	}
	testscript.Run(t, p)
}

// TestR55OutputPathsAreCheckedBeforeAnythingIsSent, and nothing is truncated.
func TestR55OutputPathsAreCheckedBeforeAnythingIsSent(t *testing.T) {
	runScripts(t, "refused_outputs")
}

// TestR56NoDeviceIsReplacedByAFile, nor a pipe, nor a link.
func TestR56NoDeviceIsReplacedByAFile(t *testing.T) { runScripts(t, "special_files", "device") }

// TestR57FullDiskLosesNothing that was written before, and says so.
func TestR57FullDiskLosesNothing(t *testing.T) { runScripts(t, "full_disk", "unwritten") }

// TestR58ClosedStdoutLosesNothing, nor a closed stderr.
func TestR58ClosedStdoutLosesNothing(t *testing.T) { runScripts(t, "closed_stdout") }

// TestR60DamagedAndNewerJournalsAreRefused one by one, with the reason; what is cut
// short is read as far as it goes.
func TestR60DamagedAndNewerJournalsAreRefused(t *testing.T) {
	runScripts(t, "refused_runs", "incomplete", "refused_resume")
}

// TestR60EveryJournalIsListed, whatever lies beside it.
func TestR60EveryJournalIsListed(t *testing.T) { runScripts(t, "history_damaged") }

// TestR59RunsAtOnceKeepApart begins twenty runs at the same time in one folder: each
// has a journal of its own, complete, under an id that no other has.
func TestR59RunsAtOnceKeepApart(t *testing.T) {
	t.Parallel()
	const many = 20
	first := prepare(t, "run", "--profile", "constant", "--scale", "0.1", "--mock", "-n", "4", "-r", "3", "--warmup", "0", "--pause", "1ms")
	all := []*program{first}
	for range many - 1 {
		p := prepare(t, first.Args[1:]...)
		p.dir, p.Dir, p.Env = first.dir, first.Dir, first.Env
		all = append(all, p)
	}
	for _, p := range all {
		p.start(t)
	}
	for _, p := range all {
		if code := p.code(t); code != exitOK {
			t.Errorf("exit code %d\n%s", code, p.stderr)
		}
	}
	found, err := filepath.Glob(filepath.Join(first.dir, "state", "fetchbench", "runs", "*"))
	if err != nil || len(found) != many {
		t.Fatalf("%d journals, %v, want %d", len(found), err, many)
	}
	for _, path := range found {
		run, err := results.Open(path)
		if err != nil || !run.Complete || len(run.Trials) != 6 || run.ID+journalSuffix != filepath.Base(path) {
			t.Errorf("%s: %+v, %v", path, run, err)
		}
	}
}

// TestR54FileIsOldOrNewWheneverTheProcessDies: at each point of a replacement, and
// wherever a signal from outside meets it, ten times.
func TestR54FileIsOldOrNewWheneverTheProcessDies(t *testing.T) {
	t.Parallel()
	for point, want := range map[string]int{atBegin: 2, atHalf: 2, atWritten: 2, atReplace: 3} {
		path := filepath.Join(t.TempDir(), "out.csv")
		if acknowledged := replaceUntilDead(t, path, point, 1000); acknowledged != 2 {
			t.Errorf("%s: the last acknowledged version is %d, want 2", point, acknowledged)
		}
		if got := versionOf(t, path); got != want {
			t.Errorf("%s: the file is of version %d, want %d", point, got, want)
		}
	}
	path := filepath.Join(t.TempDir(), "out.csv")
	for n := range 10 {
		acknowledged := replaceUntilDead(t, path, never, n)
		if got := versionOf(t, path); got != acknowledged && got != acknowledged+1 {
			t.Errorf("version %d was acknowledged, the file is of version %d", acknowledged, got)
		}
	}
}

// replaceUntilDead starts the program and kills it once it has acknowledged a
// version, if it has not died before. It returns the last one that was.
func replaceUntilDead(t *testing.T, path, point string, last int) int {
	t.Helper()
	child := exec.Command("replace-forever", path, point)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	acknowledged := -1
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if acknowledged, err = strconv.Atoi(lines.Text()); err != nil {
			t.Error(err)
		}
		if acknowledged == last {
			if err := child.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
	}
	if err := child.Wait(); err == nil || child.ProcessState.Exited() {
		t.Fatalf("it ended by itself: %v", err)
	}
	return acknowledged
}

// versionOf wants a file to be of one version, and whole.
func versionOf(t *testing.T, path string) int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if len(lines) != versionLines || len(slices.Compact(slices.Clone(lines))) != 1 {
		t.Fatalf("%d lines of %q", len(lines), slices.Compact(lines))
	}
	version, err := strconv.Atoi(lines[0])
	if err != nil {
		t.Fatal(err)
	}
	return version
}

// failsAt is a report in pieces, of which one cannot be written.
func failsAt(at, pieces int) writer {
	return func(w io.Writer, _ *results.Judgement, _ string) error {
		for range at {
			if _, err := io.WriteString(w, "new"); err != nil {
				return err
			}
		}
		if at < pieces {
			return syscall.ENOSPC
		}
		return nil
	}
}

// TestR57ReportThatFailsLeavesTheOldFile: whichever of its writes fails, the file is
// as it was and nothing is left beside it.
func TestR57ReportThatFailsLeavesTheOldFile(t *testing.T) {
	const pieces = 5
	for at := range pieces + 1 {
		path := filepath.Join(t.TempDir(), "out.csv")
		if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		f := save(&streams{out: io.Discard, err: io.Discard}, []output{{path, failsAt(at, pieces)}}, nil, "journal")
		want := "old"
		if at == pieces {
			want = strings.Repeat("new", pieces)
		} else if f == nil || f.code != exitUnwritten || !errors.Is(f.err, syscall.ENOSPC) || !strings.Contains(f.Error(), path) {
			t.Errorf("piece %d: %v", at, f)
		}
		text, err := os.ReadFile(path)
		left, wrong := os.ReadDir(filepath.Dir(path))
		if err = errors.Join(err, wrong); err != nil || string(text) != want || len(left) != 1 {
			t.Errorf("piece %d: %q beside %v, %v", at, text, left, err)
		}
	}
}
