package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// A breakage is a call of the system that fails from a number on, or at that number
// only, counted in each thread. It is of calls for one path if there is one.
type breakage struct{ calls, reason, when, path string }

// traced runs fetchbench with the breakage, by strace(1), over an older report.
func traced(t *testing.T, b breakage) *program {
	t.Helper()
	p := prepare(t)
	if err := os.WriteFile(filepath.Join(p.dir, "out.json"), []byte(`{"old":1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	path, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal(err)
	}
	one := []string{}
	if b.path != "" {
		one = []string{"-P", filepath.Join(p.dir, b.path)}
	}
	p.Path, p.Args = path, append(append([]string{"strace"}, one...), []string{
		"-f", "-qq", "-o", "/dev/null", "-e", "trace=" + b.calls, "-e", "inject=" + b.calls + ":error=" + b.reason + ":when=" + b.when,
		"fetchbench", "run", "--profile", "fast", "-s", "sequential,pool:2", "-n", "5", "-r", "2", "--warmup", "0", "--pause", "1ms", "--json", "out.json",
	}...)
	p.start(t)
	return p
}

// mayTrace tells whether programs can be traced here.
func mayTrace() bool {
	return exec.Command("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e", "inject=fsync:error=EIO:when=1", "true").Run() == nil
}

// TestR57ChaosEveryCallFails lets the system refuse each sync, rename and opening of a
// file in turn, and all from each on. Whichever it is, the run ends with a code that
// says what is lost, the report is the old one or the whole new one, a journal that is
// there reads back, and no half of a file is left.
func TestR57ChaosEveryCallFails(t *testing.T) {
	t.Parallel()
	if !mayTrace() {
		t.Skip("SKIPPED: needs strace, and the right to trace")
	}
	codes := map[int]int{}
	for _, b := range []breakage{{"fsync", "EIO", "", ""}, {"/rename", "EROFS", "", ""}, {"openat", "EMFILE", "", ""}} {
		// A thread syncs three times and renames once; files are opened all the time.
		most := map[string]int{"fsync": 4, "/rename": 2, "openat": chaos(t, 2)}[b.calls]
		for k := 1; k <= most; k++ {
			for _, from := range []string{"", "+"} {
				b.when = fmt.Sprint(k, from)
				p := traced(t, b)
				codes[checkBroken(t, b, p)]++
			}
		}
	}
	t.Logf("exit codes %v", codes)
	if codes[exitUnwritten] == 0 || codes[exitUsage] == 0 {
		t.Errorf("exit codes %v, want some of each kind", codes)
	}
}

// TestR57ChaosFolderThatIsNotSynced: a journal whose name the disk may not have is not
// measured into, and nothing is left of it.
func TestR57ChaosFolderThatIsNotSynced(t *testing.T) {
	t.Parallel()
	if !mayTrace() {
		t.Skip("SKIPPED: needs strace, and the right to trace")
	}
	b := breakage{"fsync", "EIO", "1+", "state/fetchbench/runs"}
	if code := checkBroken(t, b, traced(t, b)); code != exitUsage {
		t.Errorf("exit code %d, want that of a run that was refused", code)
	}
}

// checkBroken holds what a run leaves that the system has failed, and returns its
// exit code.
func checkBroken(t *testing.T, b breakage, p *program) int {
	t.Helper()
	code, said := p.code(t), p.stderr.String()
	known := []int{0, exitUsage, exitInvalid, exitIncomplete, exitUnwritten}
	const unloaded = 127 // of a program whose libraries cannot be opened
	if b.calls == "openat" {
		known = append(known, unloaded)
	}
	if !slices.Contains(known, code) || strings.Contains(said, "panic:") || code != 0 && !strings.Contains(said, "error") {
		t.Errorf("%+v: exit code %d\n%s", b, code, said)
	}
	checkReport(t, b, code, filepath.Join(p.dir, "out.json"))
	journals, _ := filepath.Glob(filepath.Join(p.dir, "state", "fetchbench", "runs", "*")) // the pattern is right
	for _, path := range journals {
		if run, err := results.Open(path); err != nil || code == 0 && !run.Complete {
			t.Errorf("%+v: exit code %d, journal: %v", b, code, err)
		}
	}
	if code == exitUsage && len(journals) > 0 {
		t.Errorf("%+v: refused, and %q are left", b, journals)
	}
	return code
}

// checkReport wants the old report or all of the new one, and nothing beside it.
func checkReport(t *testing.T, b breakage, code int, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	var document struct{ Old, Schema int }
	if err != nil || json.Unmarshal(text, &document) != nil || document.Old+document.Schema != 1 {
		t.Errorf("%+v: exit code %d, and the report is %q, error %v", b, code, text, err)
	}
	if code == 0 && document.Old == 1 {
		t.Errorf("%+v: exit code 0, and the report is the old one", b)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".out*")); err != nil || len(left) > 0 {
		t.Errorf("%+v: exit code %d, and %q are left", b, code, left)
	}
}
