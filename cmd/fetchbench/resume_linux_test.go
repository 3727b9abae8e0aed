package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/google/go-cmp/cmp"
)

// chaosVariable says how many runs the chaos tests kill; five if it is not there.
const chaosVariable = "CHAOS"

// killings is how many runs are to be killed.
func killings(t *testing.T) int {
	t.Helper()
	text, given := os.LookupEnv(chaosVariable)
	if !given {
		return 5
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q is no number of runs", chaosVariable, text)
	}
	return n
}

// then is another command in the folder of a program that has ended.
func (p *program) then(t *testing.T, args ...string) *program {
	t.Helper()
	next := prepare(t, args...)
	next.dir, next.Dir, next.Env = p.dir, p.Dir, p.Env
	return next
}

// short is a run of about a second in which one request of ten fails, always the
// same ones.
func short() []string {
	return []string{"run", "--profile", "flaky", "--scale", "0.1", "-s", "sequential,pool:4,goroutines", "-r", "6", "--warmup", "2", "--pause", "1ms", "--seed", "52"}
}

// A number that does not measure time is one that a second run of the same seed
// has again.
type made struct {
	Round, Position     int
	Contender, Protocol string
	Outcome             results.TrialOutcome
	Count               results.Count
	Effort              results.Effort
	Attempts            int
	Requests            []answered
}

// answered is what became of a request, without its times. How many connections
// there were is not among it: whether one is free in time depends on time.
type answered struct {
	Index, Status, Attempts int
	Class                   string
	Bytes, WireBytes        int64
}

// timeless is all that a journal says but for times: its trials in their order,
// and the account of all requests.
func timeless(t *testing.T, path string) (list []made, account results.Requests) {
	t.Helper()
	run, err := results.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if !run.Complete {
		t.Fatalf("not complete: %s", run.Reason)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for trial, err := range results.Trials(file) {
		if err != nil {
			t.Fatal(err)
		}
		if trial.Seen == nil || len(trial.Seen.Differs) > 0 {
			t.Errorf("round %d of %s: the upstream saw %+v", trial.Round, trial.Contender, trial.Seen)
		}
		m := made{
			Round: trial.Round, Position: trial.Position, Contender: trial.Contender, Protocol: trial.Tally.Protocol,
			Outcome: trial.Outcome, Count: trial.Tally.Count, Effort: trial.Tally.Effort, Attempts: trial.Tally.Attempts,
		}
		for _, r := range trial.Requests {
			m.Requests = append(m.Requests, answered{r.Index, r.Status, r.Attempts, r.Class, r.Bytes, r.WireBytes})
		}
		list = append(list, m)
	}
	return list, results.Judge(run).Requests
}

// TestR52KilledAtRandomResumesToTheSameRun kills a run at a random moment with a
// signal that nobody can handle, and what goes on with it once more, and lets the
// third go to its end. Every number that does not measure time is that of a run
// that nobody disturbed. CHAOS=50 makes it fifty runs.
func TestR52KilledAtRandomResumesToTheSameRun(t *testing.T) {
	t.Parallel()
	calm := prepare(t, short()...)
	calm.start(t)
	if code := calm.code(t); code != exitInvalid {
		t.Fatalf("exit code %d, want %d: requests fail\n%s", code, exitInvalid, calm.stderr)
	}
	want, account := timeless(t, calm.journal(t))
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	draw := rand.New(rand.NewPCG(seed, 52))
	killed := 0
	for range killings(t) {
		p := prepare(t, short()...)
		killed += p.killAt(t, draw)
		if len(p.journals(t)) == 0 {
			continue // it had not begun
		}
		again := p.then(t, "resume", p.journal(t))
		killed += again.killAt(t, draw)
		last := p.then(t, "resume", p.journal(t))
		last.start(t)
		if code := last.code(t); code != exitInvalid && !strings.Contains(last.stderr.String(), "the run is complete") {
			t.Fatalf("exit code %d\n%s", code, last.stderr)
		}
		list, requests := timeless(t, p.journal(t))
		if diff := cmp.Diff(want, list); diff != "" {
			t.Errorf("trials (-undisturbed +resumed):\n%s", diff)
		}
		if diff := cmp.Diff(account, requests); diff != "" {
			t.Errorf("account (-undisturbed +resumed):\n%s", diff)
		}
	}
	if killed == 0 {
		t.Error("nothing was killed")
	}
}

// killAt starts a program and kills it within the second that it takes, and tells
// how many were killed: one, or none where it was over by then.
func (p *program) killAt(t *testing.T, draw *rand.Rand) int {
	t.Helper()
	p.start(t)
	select {
	case <-p.ended:
	case <-time.After(time.Duration(draw.Int64N(int64(1500 * time.Millisecond)))):
	}
	_ = p.Process.Kill() // an error means that it has ended
	p.code(t)
	if p.killed() == syscall.SIGKILL {
		return 1
	}
	return 0
}

// journals lists the journals of a program.
func (p *program) journals(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(p.dir, "state", "fetchbench", "runs", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestR52RunUnderWayIsNotResumed: the run has its journal for itself, and so has
// whoever goes on with it. What is refused sends nothing and changes nothing.
func TestR52RunUnderWayIsNotResumed(t *testing.T) {
	t.Parallel()
	p, _ := underWay(t)
	for _, stage := range []string{"run", "resume"} {
		other := p.then(t, "resume", p.journal(t))
		other.start(t)
		if code := other.code(t); code != exitUsage || !strings.Contains(other.stderr.String(), "another process is writing this journal") {
			t.Fatalf("%s: exit code %d\n%s", stage, code, other.stderr)
		}
		if stage == "resume" {
			break
		}
		if err := p.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		p.code(t)
		p = p.then(t, "resume", p.journal(t))
		e := openTerminal(t, 80)
		p.Stderr = e.line
		e.start(t, p)
		e.awaitRound(t, 4)
	}
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
}
