package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"golang.org/x/sys/unix"
)

// long is a run that nobody waits for to end, with an upstream of its own.
func long() []string {
	return []string{"run", "--profile", "constant", "--scale", "0.1", "-n", "4", "-r", "1000", "--warmup", "0", "--pause", "1ms"}
}

// underWay starts a long run in front of a terminal, with stdout elsewhere, and
// returns when its first round is complete.
func underWay(t *testing.T) (*program, *terminal) {
	t.Helper()
	p, e := prepare(t, long()...), openTerminal(t, 80)
	p.Stderr = e.line
	e.start(t, p)
	e.awaitRound(t, 2)
	return p, e
}

// childOf returns a descriptor of the only child of a process, the upstream.
func childOf(t *testing.T, pid int) int {
	t.Helper()
	found, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		t.Fatal(err)
	}
	var children []string
	for _, path := range found {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		children = append(children, strings.Fields(string(text))...)
	}
	if len(children) != 1 {
		t.Fatalf("children %v, want one", children)
	}
	number, err := strconv.Atoi(children[0])
	if err != nil {
		t.Fatal(err)
	}
	descriptor, err := unix.PidfdOpen(number, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = unix.PidfdSendSignal(descriptor, syscall.SIGKILL, nil, 0) // if the test failed
		_ = unix.Close(descriptor)
	})
	return descriptor
}

// gone waits until the process of a descriptor has ended.
func gone(t *testing.T, descriptor int) {
	t.Helper()
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(descriptor), Events: unix.POLLIN}}, int(hang.Milliseconds()))
		switch {
		case errors.Is(err, syscall.EINTR):
		case err != nil:
			t.Fatal(err)
		case n == 0:
			t.Fatal("the upstream outlives its run")
		default:
			return
		}
	}
}

// checkKept checks what a run leaves that was ended from outside: whole rounds,
// marked as not all, and judged again to the same table.
func checkKept(t *testing.T, p *program, reason string) {
	t.Helper()
	run := p.read(t)
	if run.Complete || !strings.Contains(run.Reason, reason) {
		t.Errorf("complete is %v because of %q, want false and %q", run.Complete, run.Reason, reason)
	}
	rounds := len(run.Rounds())
	if rounds < 1 {
		t.Errorf("no whole round in %d trials", len(run.Trials))
	}
	again := p.report(t)
	if code := again.code(t); code != exitIncomplete {
		t.Errorf("report exits with %d, want %d", code, exitIncomplete)
	}
	for _, want := range []string{fmt.Sprintf("incomplete: %d of 1000 rounds done", rounds), reason, "\nsequential ", "\ngoroutines "} {
		if !strings.Contains(again.stdout.String(), want) {
			t.Errorf("the report has no %q:\n%s", want, again.stdout)
		}
	}
}

// TestR53SignalsKeepWhatIsDone sends each signal twice at once, as timeout(1) does
// and a terminal that closes: that is one wish.
func TestR53SignalsKeepWhatIsDone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		signal syscall.Signal
		code   int
		name   string
	}{{syscall.SIGHUP, 129, "SIGHUP"}, {syscall.SIGINT, 130, "SIGINT"}, {syscall.SIGTERM, 143, "SIGTERM"}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, e := underWay(t)
			upstream := childOf(t, p.Process.Pid)
			for range 2 {
				// The first may have ended it before the second is sent.
				if err := p.Process.Signal(c.signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
					t.Fatal(err)
				}
			}
			if got := p.code(t); got != c.code {
				t.Fatalf("exit code %d (signal %d), want %d\n%s", got, p.killed(), c.code, e)
			}
			gone(t, upstream)
			checkKept(t, p, "stopped by "+c.name)
			if got, want := p.stdout.String(), p.report(t).stdout.String(); got != want {
				t.Errorf("the run printed\n%s\nand its report\n%s", got, want)
			}
		})
	}
}

// TestGroupSignalKeepsWhatIsDone signals the upstream with the run, as a service
// manager does. The upstream gets its signals first, and goes on: the run, which
// may ask it for counts yet, is who ends it.
func TestGroupSignalKeepsWhatIsDone(t *testing.T) {
	t.Parallel()
	p, e := underWay(t)
	upstream := childOf(t, p.Process.Pid)
	for _, signal := range []syscall.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM} {
		if err := unix.PidfdSendSignal(upstream, signal, nil, 0); err != nil {
			t.Fatal(err)
		}
	}
	e.awaitRound(t, 7)
	if err := syscall.Kill(-p.Process.Pid, syscall.SIGTERM); err != nil { // it leads its session
		t.Fatal(err)
	}
	if got := p.code(t); got != 143 {
		t.Fatalf("exit code %d, want 143\n%s", got, e)
	}
	gone(t, upstream)
	checkKept(t, p, "stopped by SIGTERM")
}

// TestR51KilledRunReadsBack kills with a signal that nobody can handle: all trials
// but the one under way are in the journal, and the upstream ends by itself.
func TestR51KilledRunReadsBack(t *testing.T) {
	t.Parallel()
	p, _ := underWay(t)
	upstream := childOf(t, p.Process.Pid)
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	p.code(t)
	if p.killed() != syscall.SIGKILL {
		t.Fatalf("the run ended by %v", p.ProcessState)
	}
	gone(t, upstream)
	checkKept(t, p, "the run was killed")
	for _, trial := range p.read(t).Trials {
		if trial.Outcome != results.OK || trial.Tally.OK != 4 {
			t.Errorf("trial of %s in round %d is %s with %d ok", trial.Contender, trial.Round, trial.Outcome, trial.Tally.OK)
		}
	}
}

// TestR53SecondSignalEndsAtOnce stops a run whose result then waits for a reader
// that never comes. The journal has its end before anything else is written.
func TestR53SecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	p := prepare(t, "run", server.URL, "-s", "sequential", "--warmup", "0", "--csv", "pipe")
	if err := syscall.Mkfifo(filepath.Join(p.dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.start(t)
	<-arrived
	if err := p.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	p.stderr.await(t, `(?m)^sequential: 0 rounds`)
	for guard := time.Now().Add(hang); p.Process.Signal(syscall.SIGINT) == nil; {
		select {
		case <-p.ended:
		case <-time.After(sameWish): // signals that come sooner are the first
			if time.Now().After(guard) {
				t.Fatal("no second signal ends it")
			}
		}
	}
	p.code(t)
	if p.killed() != syscall.SIGINT {
		t.Errorf("the run ended by %v, want SIGINT", p.ProcessState)
	}
	if run := p.read(t); !strings.Contains(run.Reason, "stopped by SIGINT") {
		t.Errorf("the journal ends with %q", run.Reason)
	}
}
