package child_test

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/child"
	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/results"
)

// plan is one of two rounds of ten requests of 50 ms, against a server in this process.
func plan(t *testing.T) bench.Plan {
	t.Helper()
	p, err := bench.Defaults("constant")
	if err != nil {
		t.Fatal(err)
	}
	p.Upstream.Form = bench.FormServer
	p.Upstream.Scale = 0.2
	p.Rounds, p.Warmup, p.Pause, p.Seed = 2, 0, 0, 1
	p.Limits.Timeout = bench.Duration(2 * time.Second)
	return p
}

// A made run is its header, and its trials by contender.
type made struct {
	header results.Header
	trials map[string][]results.Trial
	list   []results.Trial
}

// run runs a child beside a strategy of this program, and counts what is left of the
// child's process group.
func run(t *testing.T, kind string, limit time.Duration) made {
	t.Helper()
	return runSpec(t, spec(kind), limit)
}

// runSpec is run for a child by its spec.
func runSpec(t *testing.T, kind string, limit time.Duration) made {
	t.Helper()
	p := plan(t)
	c, err := child.Hasty(limit).Make(kind, p)
	if err != nil {
		t.Fatal(err)
	}
	own, _ := c.(*child.Contender)
	e, err := bench.Open(t.Context(), p, bench.Tool{}, own, bench.New("goroutines", fetchers.Goroutines{}))
	if err != nil {
		t.Fatal(err)
	}
	m := made{header: e.Header(), trials: map[string][]results.Trial{}}
	for trial, err := range e.Trials(t.Context()) {
		if err != nil {
			t.Errorf("%s: the run ended: %v", kind, err)
			break
		}
		m.add(trial)
	}
	if err := e.Close(); err != nil {
		t.Errorf("%s: %v", kind, err)
	}
	if left := members(own.Group()); len(left) > 0 {
		t.Errorf("%s: there is left of its process group: %q", kind, left)
	}
	m.unharmed(t, kind, p.Rounds)
	return m
}

// add takes a trial.
func (m *made) add(trial results.Trial) {
	name := trial.Contender
	if name != "goroutines" {
		name = "child"
	}
	m.trials[name] = append(m.trials[name], trial)
	m.list = append(m.list, trial)
}

// unharmed checks that nothing is missing, and that the other contender went on.
func (m *made) unharmed(t *testing.T, kind string, rounds int) {
	t.Helper()
	for _, trial := range m.trials["goroutines"] {
		if trial.Outcome != results.OK || len(trial.Seen.Differs) > 0 {
			t.Errorf("%s: the other contender: %s, %v, %v", kind, trial.Outcome, trial.Tally.Failures, trial.Seen.Differs)
		}
	}
	if len(m.trials["goroutines"]) != rounds || len(m.trials["child"]) != rounds {
		t.Errorf("%s: %d trials of the child and %d of the other, want %d of each", kind, len(m.trials["child"]), len(m.trials["goroutines"]), rounds)
	}
}

// members lists what is alive in a process group, once what was killed has had the time
// to die. A zombie that nobody has waited for is dead.
func members(group int) (list []string) {
	for end := time.Now().Add(5 * time.Second); ; runtime.Gosched() {
		list = nil
		files, _ := filepath.Glob("/proc/[0-9]*/stat")
		for _, file := range files {
			text, _ := os.ReadFile(file)
			words := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:])) // state, parent, group
			if len(words) > 2 && words[0] != "Z" && words[2] == strconv.Itoa(group) {
				list = append(list, string(text))
			}
		}
		if len(list) == 0 || time.Now().After(end) {
			return list
		}
	}
}

// patience is more than any step of a child that works takes.
const patience = 20 * time.Second

// A child that keeps to the protocol is a contender like any other, and the upstream
// agrees with every number of it. Fields that nobody knows are no mistake.
func TestChildIsAContender(t *testing.T) {
	for _, kind := range []string{"good", "more fields", "stays"} {
		limit := patience
		if kind == "stays" {
			limit = time.Second
		}
		m := run(t, kind, limit)
		for i, trial := range m.trials["child"] {
			if trial.Outcome != results.OK || trial.Tally.OK != 10 || len(trial.Seen.Differs) > 0 {
				t.Errorf("%s: %s, %+v, %+v", kind, trial.Outcome, trial.Tally, trial.Seen)
			}
			claims(t, kind, &trial)
			if want := []int{10, 0}[i]; trial.Warming != want {
				t.Errorf("%s: %d requests to warm up in trial %d, want %d", kind, trial.Warming, i, want)
			}
		}
		process := m.header.Contenders[0].Process
		if process == nil || process.Program != "actor" || process.Language != "go" || process.StartedNS <= 0 {
			t.Errorf("%s: the header says %+v", kind, process)
		}
	}
}

// claims checks what a good child says of itself.
func claims(t *testing.T, kind string, trial *results.Trial) {
	t.Helper()
	c := trial.Claimed
	if c == nil || !c.Records || c.Broken != "" {
		t.Fatalf("%s: claimed %+v", kind, c)
	}
	if c.ElapsedNS <= 0 || c.ElapsedNS > trial.ElapsedNS+5e6 || c.CPUNS != 15e3 || c.MaxBytes != 2<<20 {
		t.Errorf("%s: claimed %+v of %d ns", kind, c, trial.ElapsedNS)
	}
}

// TestR69EveryFaultHasItsClass: each way to break the protocol has a name of its own,
// the trials of the child fail with it, and the other contender goes on.
func TestR69EveryFaultHasItsClass(t *testing.T) {
	for _, c := range []struct{ kind, class, says string }{
		{"silent", child.ClassSilent, "did not say that it is ready in time"},
		{"stops", child.ClassSilent, "did not take its plan in time"},
		{"closes its output", child.ClassSilent, "it closed its standard output"},
		{"exits", child.ClassExit, "exit status 3"},
		{"exits when armed", child.ClassExit, "exit status 0"},
		{"greets with garbage", child.ClassGarbage, `"Starting up..."`},
		{"writes a NUL", child.ClassGarbage, `\x00`},
		{"floods stdout", child.ClassLongLine, "more than 1048576 bytes"},
		{"a long line", child.ClassLongLine, "more than 1048576 bytes"},
		{"half a line", child.ClassHalfLine, `{\"type\":\"arm`},
		{"speaks v99", child.ClassVersion, "speaks v99, need v1"},
		{"speaks v0", child.ClassVersion, "speaks v0, need v1"},
		{"cannot start", child.ClassError, "no module named aiohttp"},
		{"refuses", child.ClassRefused, "it does not support --timeout 2s (timeout_ms): only per read"},
		{"has no modes", child.ClassRefused, "it has no mode concurrent (have sequential): write exec/sequential:..."},
		{"fails to arm", child.ClassError, "out of threads"},
		{"takes fewer", child.ClassBadCount, "took 1 requests of 10"},
		{"makes up a type", child.ClassGarbage, "hurrah"},
		{"of another plan", child.ClassUnknownID, "answers plan"},
		{"an unknown request", child.ClassUnknownID, "requests 0 to 9"},
		{"a request twice", child.ClassDuplicate, "request 0 has a record already"},
		{"leaves one out", child.ClassIncomplete, "9 records for 10 requests"},
		{"a negative time", child.ClassBadTime, "a time is -5"},
		{"no time", child.ClassBadTime, "NaN"},
		{"half a microsecond", child.ClassBadTime, "whole microseconds"},
		{"beyond its end", child.ClassBadTime, "do not follow each other"},
		{"a status of its own", child.ClassBadCount, "no answer has status 7"},
		{"miscounts", child.ClassBadCount, "9 of them ok"},
		{"is killed", child.ClassKilled, "signal 9 (killed)"},
		{"talks too much", child.ClassUnknownID, "answers plan 1, and 2 is under way"},
		{"finishes too soon", child.ClassUnexpected, "says finished where armed was due"},
	} {
		limit := patience
		if c.class == child.ClassSilent {
			limit = 300 * time.Millisecond
		}
		m := run(t, c.kind, limit)
		for _, trial := range m.trials["child"] {
			failed(t, c.kind, &trial, c.class, c.says)
		}
	}
}

// failed checks a trial of a child that broke.
func failed(t *testing.T, kind string, trial *results.Trial, class, says string) {
	t.Helper()
	if trial.Outcome != results.Failed || trial.Tally.Failed != 10 || len(trial.Requests) != 0 || len(trial.Tally.Failures) != 1 {
		t.Errorf("%s: %s, %+v", kind, trial.Outcome, trial.Tally)
		return
	}
	f := trial.Tally.Failures[0]
	if f.Class != class || f.Count != 10 || !strings.Contains(f.Text, says) || trial.Claimed.Broken != class {
		t.Errorf("%s: %+v, want %s with %q", kind, f, class, says)
	}
}
