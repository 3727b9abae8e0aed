//go:build unix

package side_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/side"
	"github.com/fetchbench/fetchbench/results"
)

// plan is a round of four requests that are answered at once, of which a trial may
// take as long as the limit.
func plan(t *testing.T, limit time.Duration) bench.Plan {
	t.Helper()
	p, err := bench.Defaults("fast")
	if err != nil {
		t.Fatal(err)
	}
	p.Upstream.Form, p.Requests, p.Rounds, p.Warmup = bench.FormServer, 4, 1, 0
	p.Pause, p.Limits.Trial = bench.Duration(time.Millisecond), bench.Duration(limit)
	return p
}

// only is the one trial of a run of a program that acts like that, told so by what
// is set: the environment of the test is not its own.
func only(t *testing.T, p bench.Plan, act string, set ...string) results.Trial {
	t.Helper()
	argv := append([]string{"env", actVariable + "=" + act}, set...)
	c := &side.Command{Name: "head", Argv: append(argv, os.Args[0])}
	var all []results.Trial
	for trial, err := range bench.Run(context.Background(), p, c) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, trial)
	}
	if len(all) != 1 || all[0].Contender != "head" {
		t.Fatalf("trials: %+v", all)
	}
	return all[0]
}

// TestCommandFetchesTheBatch: four requests arrive, however the program got the URLs,
// and all that is known of them is what the upstream saw.
func TestCommandFetchesTheBatch(t *testing.T) {
	for _, act := range []string{"fetch", "from the file"} {
		trial := only(t, plan(t, time.Minute), act)
		if trial.Outcome != results.OK || trial.Tally.OK != 4 || trial.Tally.Attempts != 4 || trial.ElapsedNS <= 0 {
			t.Errorf("%s: %s, %+v", act, trial.Outcome, trial.Tally)
		}
		if trial.Seen == nil || trial.Seen.Requests != 4 || len(trial.Seen.Differs) > 0 || trial.Tally.Flight.Max != 1 {
			t.Errorf("%s: the upstream saw %+v, in flight %+v", act, trial.Seen, trial.Tally.Flight)
		}
	}
}

// TestR34CommandKnowsNoSecretAndNoProxy: it gets what programs are found and set up by,
// and neither a token nor what would bend what is measured.
func TestR34CommandKnowsNoSecretAndNoProxy(t *testing.T) {
	for name, value := range map[string]string{"HTTP_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "API_TOKEN": "s3cret", "JAVA_HOME": "/java"} {
		t.Setenv(name, value)
	}
	if trial := only(t, plan(t, time.Minute), "knows"); trial.Outcome != results.OK || trial.Tally.OK != 4 {
		t.Errorf("%s, %+v", trial.Outcome, trial.Tally)
	}
}

// TestCommandThatFetchesLessFails: whoever fetches less is not faster.
func TestCommandThatFetchesLessFails(t *testing.T) {
	trial := only(t, plan(t, time.Minute), "leave one out")
	if trial.Outcome != results.Failed || trial.Tally.OK != 3 || trial.Tally.Failed != 1 {
		t.Fatalf("%s, %+v", trial.Outcome, trial.Tally)
	}
	if f := trial.Tally.Failures; len(f) != 1 || f[0].Class != "not_fetched" || !strings.Contains(f[0].Text, "did not fetch") {
		t.Errorf("failures: %+v", f)
	}
}

// TestCommandThatFetchesMoreFails: so that it is not its opponent that counts as having
// done less.
func TestCommandThatFetchesMoreFails(t *testing.T) {
	trial := only(t, plan(t, time.Minute), "fetch twice")
	f := trial.Tally.Failures
	if trial.Outcome != results.Failed || trial.Tally.OK != 0 || len(f) != 1 || f[0].Class != "not_the_batch" || f[0].Count != 4 {
		t.Fatalf("%s, %+v", trial.Outcome, trial.Tally)
	}
	if differs := trial.Seen.Differs; len(differs) != 1 || differs[0] != "it made 8 of 4 requests" {
		t.Errorf("the upstream says %q", differs)
	}
}

// TestCommandThatFailsIsQuotedInShort: its exit code and its last words are there, and
// not all of its words.
func TestCommandThatFailsIsQuotedInShort(t *testing.T) {
	trial := only(t, plan(t, time.Minute), "fail")
	f := trial.Tally.Failures
	if trial.Outcome != results.Failed || len(f) != 1 || f[0].Class != "command" || f[0].Count != 4 {
		t.Fatalf("%s, %+v", trial.Outcome, f)
	}
	if !strings.Contains(f[0].Text, "exit status 3") || !strings.HasSuffix(f[0].Text, "the last word") || len(f[0].Text) > 2000 {
		t.Errorf("%d bytes: %s", len(f[0].Text), f[0].Text)
	}
}

// TestCommandThatIsMissingFailsItsTrial and no other's.
func TestCommandThatIsMissingFailsItsTrial(t *testing.T) {
	c := &side.Command{Name: "head", Argv: []string{"/nowhere/at-all"}}
	for trial, err := range bench.Run(context.Background(), plan(t, time.Minute), c) {
		if err != nil || trial.Outcome != results.Failed {
			t.Errorf("%s, %v", trial.Outcome, err)
		}
	}
}

// TestCommandLeavesNothingBehind: what a program started and left is gone with its
// trial, whether it exits by itself or is stopped at the trial's deadline, and so is the
// program.
func TestCommandLeavesNothingBehind(t *testing.T) {
	for stays, want := range map[string]results.TrialOutcome{"": results.OK, "yes": results.Timeout} {
		file := filepath.Join(t.TempDir(), "pid")
		limit := time.Minute
		if stays != "" {
			limit = 2 * time.Second
		}
		trial := only(t, plan(t, limit), "leave a child", "CHILD="+file, "STAY="+stays)
		if trial.Outcome != want {
			t.Errorf("outcome %s, want %s: %+v", trial.Outcome, want, trial.Tally)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		pid, err := strconv.Atoi(string(text))
		if err != nil {
			t.Fatal(err)
		}
		if !gone(t, pid) {
			t.Errorf("process %d is still there", pid)
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

// TestHangingCommandIsStopped at the trial's deadline.
func TestHangingCommandIsStopped(t *testing.T) {
	if trial := only(t, plan(t, 500*time.Millisecond), "hang"); trial.Outcome != results.Timeout || trial.Tally.OK != 0 {
		t.Errorf("%s, %+v", trial.Outcome, trial.Tally)
	}
}

// gone tells whether a process has ended: it is not there, or only its entry is, which
// whoever adopted it has yet to read.
func gone(t *testing.T, pid int) bool {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil && syscall.Kill(pid, 0) != nil {
			return true
		}
		if _, state, found := strings.Cut(string(stat), ") "); found && strings.HasPrefix(state, "Z") {
			return true
		}
	}
	return false
}
