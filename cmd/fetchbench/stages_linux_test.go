package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A stage is how far a run is when a signal comes.
type stage struct {
	name string
	args []string
	// reach returns once the run is there.
	reach func(t *testing.T, p *program, e *terminal)
	// complete tells whether the run is by then.
	complete bool
}

// stages are the phases of a run; none of them would end within the hour.
func stages(t *testing.T) []stage {
	t.Helper()
	arrived := make(chan struct{}, 9)
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-r.Context().Done()
	}))
	t.Cleanup(hanging.Close)
	forever := []string{"-s", "sequential", "--warmup", "0", "-r", "2", "--json", "out.json", "--timeout", "1h", "--trial-timeout", "1h", "--max-time", "1h"}
	return []stage{
		{
			name: "dial", args: append([]string{"run", "http://" + deaf(t) + "/"}, forever...),
			reach: func(t *testing.T, _ *program, e *terminal) { e.await(t, `0/2`) },
		},
		{
			name: "hang", args: append([]string{"run", hanging.URL}, forever...),
			reach: func(*testing.T, *program, *terminal) { <-arrived },
		},
		{
			name: "between trials", args: append([]string{"run", "--profile", "fast", "--pause", "1h"}, forever...),
			reach: func(t *testing.T, _ *program, e *terminal) { e.await(t, ` 1/2 `) },
		},
		{
			name: "report writing", args: append([]string{"run", "--profile", "fast", "--csv", "pipe"}, forever...), complete: true,
			reach: func(t *testing.T, p *program, _ *terminal) {
				guard := time.Now().Add(hang)
				for !ended(p) { // the pipe has no reader yet, so the report waits
					if <-time.After(time.Millisecond); time.Now().After(guard) {
						t.Fatal("the journal has no end")
					}
				}
			},
		},
	}
}

// ended tells whether the journal of a program has its last line.
func ended(p *program) bool {
	found, _ := filepath.Glob(filepath.Join(p.dir, "state", "fetchbench", "runs", "*")) // the pattern is fine
	if len(found) != 1 {
		return false
	}
	text, err := os.ReadFile(found[0])
	return err == nil && strings.Contains(string(text), `"type":"end"`)
}

// deaf is the address of a listener whose queue is full: the system answers no
// more handshakes, and a dial waits.
func deaf(t *testing.T) string {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	err = errors.Join(syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}), syscall.Listen(fd, 0))
	if err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	at, _ := name.(*syscall.SockaddrInet4)
	fill(t, at)
	return "127.0.0.1:" + strconv.Itoa(at.Port)
}

// fill makes connections that nobody accepts until there is no room for more.
func fill(t *testing.T, at *syscall.SockaddrInet4) {
	t.Helper()
	for range 4 {
		fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = syscall.Close(fd) })
		if err := syscall.Connect(fd, at); err != nil && !errors.Is(err, syscall.EINPROGRESS) {
			t.Fatal(err)
		}
	}
}

// TestR53EverySignalInEveryPhase: the exit code is the signal's, the journal has
// its end, and so has the JSON, marked as not complete unless it is.
func TestR53EverySignalInEveryPhase(t *testing.T) {
	t.Parallel()
	for signal, code := range map[syscall.Signal]int{syscall.SIGHUP: 129, syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		for _, at := range stages(t) {
			t.Run(signal.String()+" while "+at.name, func(t *testing.T) { interrupt(t, at, signal, code) })
		}
	}
}

// interrupt sends a signal to a run that has come to a stage, and looks at what it
// leaves.
func interrupt(t *testing.T, at stage, signal syscall.Signal, code int) {
	p, e := prepare(t, at.args...), openTerminal(t, 80)
	p.Stderr = e.line
	pipe := filepath.Join(p.dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	e.start(t, p)
	at.reach(t, p, e)
	if err := p.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	if at.complete {
		settle(t, p.Process.Pid)       // else it may end before it takes the signal
		text, err := os.ReadFile(pipe) // a reader comes at last
		if err != nil || !strings.HasPrefix(string(text), "round,") {
			t.Errorf("the report is %q, %v", text, err)
		}
	}
	if got := p.code(t); got != code {
		t.Errorf("exit code %d (signal %d), want %d\n%s", got, p.killed(), code, e)
	}
	marked(t, p, at.complete)
}

// settle returns once a process has taken the signals that it was sent, and waits for
// somebody else: none is pending, and all of its threads sleep. They may hand work to
// each other while they are looked at one by one, so that has to be seen five times.
func settle(t *testing.T, pid int) {
	t.Helper()
	guard := time.Now().Add(hang)
	for seen := 0; seen < 5; seen++ {
		if !asleep(pid) {
			seen = -1
		}
		if <-time.After(time.Millisecond); time.Now().After(guard) {
			t.Fatal("the program does not come to rest")
		}
	}
}

// asleep tells whether all threads of a process sleep and have no signal to take.
func asleep(pid int) bool {
	threads, _ := filepath.Glob(filepath.Join("/proc", strconv.Itoa(pid), "task", "*", "status")) // the pattern is fine
	for _, name := range threads {
		text, err := os.ReadFile(name)
		nothing := ":\t" + strings.Repeat("0", 16) + "\n"
		for _, want := range []string{"State:\tS", "SigPnd" + nothing, "ShdPnd" + nothing} {
			if err != nil || !strings.Contains(string(text), want) {
				return false
			}
		}
	}
	return len(threads) > 0
}

// marked wants the journal and the JSON to say alike whether the run is complete,
// and if it is not, why.
func marked(t *testing.T, p *program, complete bool) {
	t.Helper()
	run := p.read(t)
	if run.Complete != complete || run.Torn > 0 {
		t.Errorf("complete %v (%s), torn %d", run.Complete, run.Reason, run.Torn)
	}
	if !complete && !strings.Contains(run.Reason, "stopped by SIG") {
		t.Errorf("the reason is %q", run.Reason)
	}
	var report struct {
		Complete *bool  `json:"complete"`
		Reason   string `json:"reason"`
	}
	text, err := os.ReadFile(filepath.Join(p.dir, "out.json"))
	if err == nil {
		err = json.Unmarshal(text, &report)
	}
	if err != nil || report.Complete == nil || *report.Complete != complete || report.Reason != run.Reason {
		t.Errorf("the JSON says %+v, %v; the journal %v, %q", report, err, run.Complete, run.Reason)
	}
}
