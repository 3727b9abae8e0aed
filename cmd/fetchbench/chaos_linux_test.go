package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// chaos is how often something is done that chance has a part in: CHAOS=50 from
// the environment, a few times in a test.
func chaos(t *testing.T, few int) int {
	t.Helper()
	text := os.Getenv("CHAOS")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("CHAOS: %v", err)
	}
	return n
}

// TestR51ChaosKillLosesNothingShown kills runs with a signal that nobody can handle,
// at moments that are drawn: once the picture has come to a round, wherever the program
// is by then. Each trial that was shown is in the journal, after at most one line
// that is torn, and no upstream is left.
func TestR51ChaosKillLosesNothingShown(t *testing.T) {
	t.Parallel()
	draw := rand.New(rand.NewPCG(51, 1))
	shown, kept, torn := 0, 0, 0
	for range chaos(t, 4) {
		p, e := prepare(t, long()...), openTerminal(t, 80)
		p.Stderr = e.line
		e.start(t, p)
		e.awaitRound(t, draw.IntN(40))
		upstream := childOf(t, p.Process.Pid)
		if err := p.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		p.code(t)
		gone(t, upstream)
		run := p.read(t)
		for name, n := range shownTrials(e.String()) {
			got := trialsOf(run, name)
			if got < n {
				t.Errorf("%d trials of %s were shown, %d are in the journal", n, name, got)
			}
			shown, kept = shown+n, kept+got
		}
		if run.Torn > 0 {
			torn++
		}
		checkKilled(t, p, run)
	}
	t.Logf("%d trials shown, %d kept, %d torn lines", shown, kept, torn)
}

// shownTrials is how many rounds of each contender the picture has counted as done.
func shownTrials(text string) map[string]int {
	done := map[string]int{}
	for _, found := range regexp.MustCompile(`(sequential|goroutines) +(\d+)/1000`).FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(found[2]) // the pattern takes digits only
		done[found[1]] = max(done[found[1]], n)
	}
	return done
}

// trialsOf counts the trials of a contender that are complete.
func trialsOf(run *results.Run, name string) (n int) {
	for i := range run.Trials {
		if run.Trials[i].Contender == name && run.Trials[i].Tally.OK == 4 {
			n++
		}
	}
	return n
}

// checkKilled holds the journal of a killed run against itself: rounds in their
// order, each trial once, and a report that says what is missing.
func checkKilled(t *testing.T, p *program, run *results.Run) {
	t.Helper()
	if run.Complete || run.Reason == "" || p.killed() != syscall.SIGKILL {
		t.Errorf("complete is %v because of %q, ended by signal %d", run.Complete, run.Reason, p.killed())
	}
	for i := range run.Trials {
		if trial := &run.Trials[i]; trial.Round != i/2 || trial.Position != i%2 {
			t.Errorf("trial %d is at position %d of round %d", i, trial.Position, trial.Round)
		}
	}
	again := p.report(t, "--format", "json")
	if code := again.code(t); code != exitIncomplete || !json.Valid([]byte(again.stdout.String())) {
		t.Errorf("the report exits with %d, want %d and JSON:\n%s%s", code, exitIncomplete, again.stdout, again.stderr)
	}
}

// TestR57ChaosSmallDisks fills disks of every size from one page on: wherever the
// journal meets the end of its disk, what was written before is whole, and the run
// ends with the code that says so, or with none if all fitted.
func TestR57ChaosSmallDisks(t *testing.T) {
	t.Parallel()
	if may, err := condition("tmpfs"); err != nil || !may {
		t.Skipf("SKIPPED: mounting a small disk is not allowed here (%v)", err)
	}
	const script = `mkdir small && mount -t tmpfs -o size=$0 tmpfs small
fetchbench run --profile fast -s sequential,pool:2 -n 100 -r 12 --pause 1ms --out small --json out.json
code=$?; cp small/*.jsonl . 2>/dev/null; exit $code`
	codes := map[int]int{}
	for size := 4; size <= 4*chaos(t, 5); size += 4 {
		p := inShell(t, "unshare", "-rm", "sh", "-c", script, fmt.Sprint(size, "k"))
		code := p.code(t)
		codes[code]++
		found, err := filepath.Glob(filepath.Join(p.dir, "*.jsonl"))
		switch {
		case code != 0 && code != exitUnwritten && code != exitUsage, err != nil, strings.Contains(p.stderr.String(), "panic"):
			t.Errorf("%d KiB: exit code %d\n%s", size, code, p.stderr)
		case code == exitUsage && len(found) > 0:
			t.Errorf("%d KiB: refused, and a journal is left", size)
		case code == exitUsage: // not even the header has room
		case len(found) != 1:
			t.Errorf("%d KiB: journals %q, want one", size, found)
		default:
			checkCut(t, size, code, found[0])
		}
	}
	t.Logf("exit codes %v", codes)
}

// checkCut reads back what a small disk took.
func checkCut(t *testing.T, size, code int, path string) {
	t.Helper()
	run, err := results.Open(path)
	if err != nil {
		t.Errorf("%d KiB: %v", size, err)
		return
	}
	if run.Complete != (code == 0) {
		t.Errorf("%d KiB: exit code %d and complete is %v", size, code, run.Complete)
	}
	for i := range run.Trials {
		if c := run.Trials[i].Tally.Count; c.Planned != 100 || c.OK != 100 {
			t.Errorf("%d KiB: a trial of %+v", size, c)
		}
	}
}

// inShell prepares and starts another program in place of fetchbench, with the same
// folder and environment; fetchbench is on its path.
func inShell(t *testing.T, args ...string) *program {
	t.Helper()
	p := prepare(t)
	path, err := exec.LookPath(args[0])
	if err != nil {
		t.Fatal(err)
	}
	p.Path, p.Args = path, args
	p.start(t)
	return p
}

// TestR20ChaosFewDescriptors lowers the limit of open files step by step, far below
// what the program itself needs: it measures, refuses before it sends anything, or
// fails with a code that says whose fault it is. It never hangs and never crashes.
func TestR20ChaosFewDescriptors(t *testing.T) {
	t.Parallel()
	const script = `ulimit -n $0 && exec fetchbench run --profile fast -s pool:8 -n 40 -r 2 --warmup 0 --json -`
	known := []int{0, exitUsage, exitInvalid, exitIncomplete, exitUnwritten}
	codes := map[int]int{}
	for limit := 10; limit <= 10+20*chaos(t, 6); limit += 20 {
		p := inShell(t, "sh", "-c", script, fmt.Sprint(limit))
		code := p.code(t)
		codes[code]++
		said := p.stderr.String()
		if !slices.Contains(known, code) || strings.Contains(said, "panic:") || strings.Contains(said, "fatal error:") || code != 0 && said == "" {
			t.Errorf("%d files: exit code %d\n%s", limit, code, said)
		}
		if out := p.stdout.String(); out != "" && !json.Valid([]byte(out)) {
			t.Errorf("%d files: stdout is no JSON: %s", limit, out)
		}
	}
	t.Logf("exit codes %v", codes)
	if codes[0] == 0 || codes[exitUsage] == 0 {
		t.Errorf("exit codes %v, want some that are refused and some that work", codes)
	}
}
