package child_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/child"
	"github.com/fetchbench/fetchbench/bench/process"
	"github.com/fetchbench/fetchbench/results"
)

// TestR68GrandchildrenEndWithTheChild: a child that ends and leaves another process
// with its streams open holds nobody up, and nothing of its group is left. run counts
// the group.
func TestR68GrandchildrenEndWithTheChild(t *testing.T) {
	begun := time.Now()
	m := run(t, "leaves a grandchild", patience)
	for _, trial := range m.trials["child"] {
		failed(t, "leaves a grandchild", &trial, child.ClassExit, "exit status 1")
	}
	if took := time.Since(begun); took > 30*time.Second { // its sleep is of a minute
		t.Errorf("took %v: the grandchild was waited for", took)
	}
}

// TestR70FloodsTakeNoMemory: a gibibyte on standard error neither blocks the child nor
// stays in memory, and a trial of it is as good as any.
func TestR70FloodsTakeNoMemory(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	m := run(t, "floods stderr", 2*time.Minute)
	runtime.GC()
	runtime.ReadMemStats(&after)
	for _, trial := range m.trials["child"] {
		if trial.Outcome != results.OK {
			t.Errorf("%s, %+v", trial.Outcome, trial.Tally.Failures)
		}
	}
	const most = 64 << 20
	if grown := after.Sys - before.Sys; grown > most {
		t.Errorf("%d bytes more from the system, want less than %d", grown, most)
	}
}

// TestR71DeathHasItsName: a child that is killed from outside says so with the signal
// and what it held, one that cannot get memory ends by itself, and what they last wrote
// is kept, without what could move a cursor.
func TestR71DeathHasItsName(t *testing.T) {
	m := run(t, "is killed", patience)
	for _, trial := range m.trials["child"] {
		failed(t, "is killed", &trial, child.ClassKilled, "signal 9 (killed) ended it")
		// It held no more than whoever started it, whose memory it begins with.
		if text := trial.Tally.Failures[0].Text; strings.Contains(text, "MiB") {
			t.Errorf("%s", text)
		}
	}
	m = run(t, "is killed large", patience)
	for _, trial := range m.trials["child"] {
		failed(t, "is killed large", &trial, child.ClassKilled, "MiB at most")
	}
	m = run(t, "exits", patience)
	for _, trial := range m.trials["child"] {
		failed(t, "exits", &trial, child.ClassExit, "exit status 3")
	}
	if said := m.trials["child"][0].Claimed.Said; !strings.HasSuffix(said, "No module named 'aiohttp'") {
		t.Errorf("it said %q", said)
	}
	if said := m.trials["child"][1].Claimed.Said; said != "" {
		t.Errorf("it is told again: %q", said)
	}
	// A child with less memory than its runtime needs.
	script := filepath.Join(t.TempDir(), "small")
	text := "#!/bin/sh\nulimit -v 20000\nexec '" + os.Args[0] + "' " + childArg + " good\n"
	if err := os.WriteFile(script, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	m = runSpec(t, "exec:'"+script+"'", patience)
	for _, trial := range m.trials["child"] {
		if trial.Outcome != results.Failed || trial.Claimed.Broken != child.ClassExit && trial.Claimed.Broken != child.ClassKilled {
			t.Errorf("without memory: %s, %+v", trial.Outcome, trial.Claimed)
		}
	}
}

// TestR72LiesAreRefuted: by the upstream that saw nothing or something else, and by the
// clock of the harness.
func TestR72LiesAreRefuted(t *testing.T) {
	for _, c := range []struct{ kind, differs, says string }{
		{"sends nothing", "10 requests were reported and never arrived", ""},
		{"more bytes", "bytes were reported, ", ""},
		{"one byte less", "bytes were reported of answers with", ""},
		{"stretches time", "", "it says that it took 1m0."},
	} {
		m := run(t, c.kind, patience)
		for _, trial := range m.trials["child"] {
			if trial.Outcome != results.Failed || trial.Claimed.Broken != results.ClassLying || trial.Tally.OK != 0 {
				t.Errorf("%s: %s, %+v, %+v", c.kind, trial.Outcome, trial.Tally, trial.Claimed)
			}
			if differs := strings.Join(trial.Seen.Differs, "; "); !strings.Contains(differs, c.differs) || (c.differs == "") != (differs == "") {
				t.Errorf("%s: the upstream says %q, want %q", c.kind, differs, c.differs)
			}
			if f := trial.Tally.Failures; len(f) != 1 || f[0].Class != results.ClassLying || !strings.Contains(f[0].Text, c.says) {
				t.Errorf("%s: failures %+v", c.kind, f)
			}
		}
	}
}

// TestR72BlockedLoopIsSeen: a child that says that all its requests were under way at
// once, and sends one after the other, has one in flight by what the upstream saw.
func TestR72BlockedLoopIsSeen(t *testing.T) {
	m := run(t, "one after the other", patience)
	for _, trial := range m.trials["child"] {
		if f := trial.Tally.Flight; f.Max != 1 || f.Mean > 1 {
			t.Errorf("in flight %+v, want what the upstream saw", f)
		}
	}
	judged := results.Judge(&results.Run{Header: m.header, Trials: m.list, Complete: true})
	blocked := slices.ContainsFunc(judged.Warnings, func(w results.Warning) bool {
		return w.Code == results.WarnBlocked && strings.Contains(w.Text, "asked for 10 in flight, got 1.0: the fetcher blocks its event loop")
	})
	if !blocked {
		t.Errorf("warnings %+v", judged.Warnings)
	}
}

// TestR73NoShell: a command is words and nothing else of a shell; what would need one
// is refused, and no file comes of it.
func TestR73NoShell(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, command := range []string{
		"true; touch pwned", "true && touch pwned", "true | touch pwned", "true > pwned", "true & touch pwned", "touch pwned; true",
	} {
		if _, err := child.New("exec:"+command, plan(t)); err == nil || !strings.Contains(err.Error(), "no shell") {
			t.Errorf("%s: %v", command, err)
		}
	}
	// Arguments of a program that is there: what a shell would have put something else
	// in the place of is refused.
	for _, argument := range []string{"`touch pwned`", "$(touch pwned)", "$HOME", "${HOME}", `"$HOME"`, "\"`touch pwned`\"", `x"a'$HOME'"`, "a$1", "$$"} {
		if _, err := child.New("exec:echo "+argument, plan(t)); err == nil || !strings.Contains(err.Error(), "no shell") {
			t.Errorf("%s: %v", argument, err)
		}
	}
	if _, err := os.Stat("pwned"); !os.IsNotExist(err) {
		t.Errorf("there is a file (%v)", err)
	}
}

// TestR73QuotedIsItself: what a shell would have left alone arrives as it is written.
func TestR73QuotedIsItself(t *testing.T) {
	for argument, want := range map[string]string{
		"'$HOME'": "$HOME", "'`touch pwned`'": "`touch pwned`", `\$HOME`: "$HOME", "~/x": "~/x", "*": "*", "5$": "5$", "'it'\\''s $x'": "it's $x", "$": "$", `"a $ b"`: "a $ b",
	} {
		argv, err := process.Words("printf %s " + argument)
		if err != nil || len(argv) != 3 || argv[2] != want {
			t.Errorf("%s: %q, %v", argument, argv, err)
			continue
		}
		if said, err := exec.Command(argv[0], argv[1:]...).Output(); err != nil || string(said) != want {
			t.Errorf("%s: said %q, %v", argument, said, err)
		}
	}
}

// TestR73EnvironmentIsAList: a child sees the variables that it needs, none of the
// others, and no proxy.
func TestR73EnvironmentIsAList(t *testing.T) {
	t.Setenv("SHOP_TOKEN", "geheim")
	t.Setenv("HTTP_PROXY", "http://proxy.invalid")
	t.Setenv("https_proxy", "http://proxy.invalid")
	t.Setenv("PYTHONPATH", "/somewhere")
	m := run(t, "tells its environment", patience)
	got := strings.Split(m.header.Contenders[0].Process.Library, "\n")
	for _, want := range []string{"PYTHONPATH=/somewhere", "NO_PROXY=*", "PYTHONUNBUFFERED=1", "PATH=" + os.Getenv("PATH")} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is not among %q", want, got)
		}
	}
	for _, line := range got {
		if strings.Contains(line, "geheim") || strings.Contains(line, "proxy.invalid") {
			t.Errorf("the child sees %s", line)
		}
	}
}

// A trial that reaches its limit takes nothing from the child: it gives its plan up and
// goes on with the next.
func TestCancelledChildEndsWithTheRun(t *testing.T) {
	p := plan(t)
	p.Rounds, p.Limits.Trial = 1, bench.Duration(200*time.Millisecond)
	c, err := child.Hasty(5*time.Second).Make(spec("never finishes"), p)
	if err != nil {
		t.Fatal(err)
	}
	var list []results.Trial
	for trial, err := range bench.Run(context.WithoutCancel(t.Context()), p, c) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, trial)
	}
	if len(list) != 1 || list[0].Outcome == results.OK || list[0].Tally.OK > 0 {
		t.Errorf("%+v", list)
	}
}
