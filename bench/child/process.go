package child

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/process"
)

// limits are how long a child gets for what.
type limits struct {
	start    time.Duration // to say that it is ready
	arm      time.Duration // to take a plan, and armEach more for each request
	finish   time.Duration // for a plan, beyond what its requests may take
	records  time.Duration // for its records
	patience time.Duration // at each step of ending it: asked, told, killed
}

// defaults are the limits of the protocol.
func defaults() limits {
	return limits{
		start: 10 * time.Second, arm: 5 * time.Second, finish: 5 * time.Second,
		records: 10 * time.Second, patience: 2 * time.Second,
	}
}

// armEach is what each request of a plan adds to the time for it.
const armEach = time.Millisecond

// streamLimit is how long streams may stay open after the end of a child, where somebody
// outside of its group holds them.
const streamLimit = time.Second

// Running is a child that was started. Only the goroutine that talks to it uses it; two
// others feed its lines and wait for its end, and are gone when close returns.
type running struct {
	command *exec.Cmd
	stdin   *os.File
	lines   *splitter
	stderr  *process.Ring
	limits  limits
	ours    int64 // the most memory that this process held when it started the child
	// ended is closed once the child and all of its group are gone.
	ended chan struct{}
}

// start starts a program in a process group of its own. Its end comes with that of its
// standard input or, on Linux, with that of this process.
func start(path string, argv []string, l limits) (*running, error) {
	stdin, ours, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p := &running{
		command: &exec.Cmd{Path: path, Args: argv, Env: process.Environ(), SysProcAttr: process.Alone(), WaitDelay: streamLimit},
		stdin:   ours, lines: newSplitter(), stderr: &process.Ring{}, ended: make(chan struct{}), limits: l,
	}
	p.command.Stdin, p.command.Stdout, p.command.Stderr = stdin, p.lines, p.stderr
	err = p.command.Start()
	if err := errors.Join(err, stdin.Close()); err != nil {
		return nil, errors.Join(err, ours.Close())
	}
	p.ours = process.OwnPeak()
	go func() {
		defer close(p.ended)
		_ = process.Reap(p.command) // how it ended is in its state
	}()
	return p, nil
}

// pid is the number of the child and of its group.
func (p *running) pid() int { return p.command.Process.Pid }

// send writes to the child until the deadline: one that does not read is silent.
func (p *running) send(text []byte, deadline time.Time) error {
	if err := p.stdin.SetWriteDeadline(deadline); err != nil {
		return p.gone(deaf(err))
	}
	switch _, err := p.stdin.Write(text); {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &bench.Broken{Class: ClassSilent, Err: errors.New("it did not read what it was sent")}
	case err != nil:
		return p.gone(deaf(err))
	}
	return nil
}

// deaf is the error of a child that could not be written to.
func deaf(err error) error { return fmt.Errorf("it reads no more: %w", err) }

// gone is the fault of a child that has closed a stream: how it ended says more, if it
// did.
func (p *running) gone(err error) error {
	select {
	case <-p.ended:
		return p.ending()
	case <-time.After(p.limits.patience):
		return &bench.Broken{Class: ClassSilent, Err: err}
	}
}

// next is the next line. It waits until something is closed that says why there is
// none: err is the error then.
func (p *running) next(limit <-chan time.Time, late func() error, stop <-chan struct{}, stopped func() error) (message, error) {
	select {
	case line, more := <-p.lines.lines:
		return p.got(line, more)
	default:
	}
	select {
	case line, more := <-p.lines.lines:
		return p.got(line, more)
	case <-p.ended:
		select { // what it wrote before its end comes first
		case line, more := <-p.lines.lines:
			return p.got(line, more)
		default:
		}
		return message{}, p.ending()
	case <-p.lines.over:
		select {
		case line, more := <-p.lines.lines:
			return p.got(line, more)
		default:
		}
		return message{}, p.gone(errors.New("it closed its standard output"))
	case <-limit:
		return message{}, late()
	case <-stop:
		return message{}, stopped()
	}
}

// got reads a line.
func (p *running) got(line []byte, more bool) (message, error) {
	if !more {
		_, fault := p.lines.wrong()
		return message{}, fault
	}
	return read(line)
}

// ending is the fault of a child that has ended before it was asked to.
func (p *running) ending() error {
	state := p.command.ProcessState
	half, fault := p.lines.wrong()
	switch status, ok := state.Sys().(syscall.WaitStatus); {
	case fault != nil:
		return fault
	case ok && status.Signaled():
		return &bench.Broken{Class: ClassKilled, Err: fmt.Errorf("signal %d (%v) ended it%s", status.Signal(), status.Signal(), p.held())}
	case len(half) > 0:
		return &bench.Broken{Class: ClassHalfLine, Err: fmt.Errorf("it ended (%v) in the middle of a line: %s", state, excerpt(half))}
	}
	return &bench.Broken{Class: ClassExit, Err: fmt.Errorf("it ended by itself (%v)%s", state, p.held())}
}

// held words the most memory that an ended child held. Until it has become its program it
// counts with the memory of this process: what is about as much says nothing of it.
func (p *running) held() string {
	const mib = 1 << 20
	if bytes := process.Peak(p.command.ProcessState); bytes > p.ours+mib {
		return fmt.Sprintf("; it held %d MiB at most", (bytes+mib-1)/mib)
	}
	return ""
}

// close ends the child and everything in its group: it is asked, told, and killed. It
// does not return before all of them are gone.
func (p *running) close() {
	p.lines.close() // whatever it still says
	// A child that has ended, or reads nothing, is not asked.
	_ = p.stdin.SetWriteDeadline(time.Now().Add(p.limits.patience))
	_, _ = p.stdin.WriteString(`{"type":"bye"}` + "\n")
	_ = p.stdin.Close()
	if !p.within(p.limits.patience) {
		p.terminate()
	}
}

// terminate ends a child that does not end by itself. The number of the group of one
// that has may be somebody else's by now.
func (p *running) terminate() {
	select {
	case <-p.ended:
		return
	default:
	}
	_ = process.Kill(p.pid(), syscall.SIGTERM)
	if !p.within(p.limits.patience) {
		_ = process.Kill(p.pid(), syscall.SIGKILL)
		<-p.ended
	}
}

// within reports whether the child ends in time.
func (p *running) within(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-p.ended:
		return true
	case <-timer.C:
		return false
	}
}
