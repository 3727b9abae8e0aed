package upstream

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"time"
)

// How long a child may take to serve, to end by itself, and how long its streams
// may stay open once it has ended (another process could hold them).
const (
	startLimit  = 10 * time.Second
	closeLimit  = 2 * time.Second
	streamLimit = time.Second
)

// A Process is a Server in a process of its own, so that the time it takes on the
// processor is not the harness's. The child ends when its stdin closes: with
// Close, and also when this process dies without being asked.
type Process struct {
	command *exec.Cmd
	stdin   io.Closer
	stderr  *tail
	control *control
	at      addresses
	// ended is closed once the child has been waited for; ending is the error.
	ended  chan struct{}
	ending error
	once   sync.Once
	err    error
}

// Start runs the command, which must call RunChild, and hands it the profile and the
// options. It returns when the child serves, and fails if that takes more than 10 seconds or
// the context ends first; the context has no meaning after that. A child that did
// not start is not left behind.
func Start(ctx context.Context, argv []string, p Profile, o Options) (*Process, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if len(argv) == 0 {
		return nil, errors.New("start upstream: no command")
	}
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, fmt.Errorf("no address after %v", startLimit))
	defer cancel()
	return start(ctx, argv, order{p, o})
}

// start is Start with the limit in the context.
func start(ctx context.Context, argv []string, o order) (*Process, error) {
	replies := &firstLine{lines: make(chan []byte, 1)}
	process := &Process{
		command: exec.Command(argv[0], argv[1:]...),
		stderr:  &tail{},
		ended:   make(chan struct{}),
	}
	process.command.Stdout, process.command.Stderr = replies, process.stderr
	process.command.WaitDelay = streamLimit
	// quic-go writes to stderr where the system allows small buffers only. As the
	// last words of a child that fails for another reason it would mislead.
	process.command.Env = append(inherited(), "QUIC_GO_DISABLE_RECEIVE_BUFFER_WARNING=true")
	stdin, err := process.command.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start upstream: %w", err)
	}
	process.stdin = stdin
	if err := process.command.Start(); err != nil {
		return nil, fmt.Errorf("start upstream: %w", err)
	}
	// The one goroutine of a Process; Close waits for it.
	go func() {
		process.ending = process.command.Wait()
		close(process.ended)
	}()
	if err := process.greet(ctx, stdin, replies.lines, o); err != nil {
		process.kill()
		return nil, fmt.Errorf("start upstream %q: %w%s", argv[0], err, process.stderr)
	}
	return process, nil
}

// greet sends the order and takes the addresses.
func (p *Process) greet(ctx context.Context, stdin io.Writer, replies <-chan []byte, o order) error {
	// A child that ended already breaks this pipe; how it ended says more.
	sent := json.NewEncoder(stdin).Encode(o)
	select {
	case line := <-replies:
		if err := p.accept(line, o); err != nil {
			return err
		}
		return sent
	case <-p.ended:
		return fmt.Errorf("it ended before it served: %w", describe(p.ending))
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// accept checks the addresses that the child answered with. They must lie on
// loopback: a garbled answer must not send a run to somebody else's server.
func (p *Process) accept(line []byte, o order) error {
	if err := json.Unmarshal(line, &p.at); err != nil {
		return fmt.Errorf("its answer %.60q is no address: %w", line, err)
	}
	if p.at.URLs != o.URLs {
		return fmt.Errorf("it serves %d URLs instead of %d", p.at.URLs, o.URLs)
	}
	if err := errors.Join(checkLoopback(p.at.URL, "http"), checkLoopback(p.at.Control, "http")); err != nil {
		return err
	}
	if o.Secure {
		if err := checkLoopback(p.at.Secure, "https"); err != nil {
			return err
		}
		if p.Roots() == nil {
			return fmt.Errorf("its certificate %.60q is none", p.at.CA)
		}
	} else {
		p.at.Secure, p.at.CA = "", "" // what was not asked for is not used
	}
	p.control = newControl(p.at.Control)
	return nil
}

// Addr is the base of the URLs, such as http://127.0.0.1:40001.
func (p *Process) Addr() string { return p.at.URL }

// URLs lists the endpoints.
func (p *Process) URLs() []string { return Profile{URLs: p.at.URLs}.urls(p.at.URL) }

// SecureURLs lists the endpoints over TLS: nil if they are not served.
func (p *Process) SecureURLs() []string { return Profile{URLs: p.at.URLs}.secureURLs(p.at.Secure) }

// CA is the certificate of the child's own authority in PEM, nil without TLS.
func (p *Process) CA() []byte { return []byte(p.at.CA) }

// Roots trusts the child's own authority and nothing else; it is nil without TLS.
func (p *Process) Roots() *x509.CertPool { return roots(p.CA()) }

// Counts asks the child what it saw since the last Begin.
func (p *Process) Counts(ctx context.Context) (Counts, error) {
	counts, err := p.control.counts(ctx)
	if err != nil {
		return Counts{}, fmt.Errorf("counts of the upstream: %w%s", err, p.stderr)
	}
	return counts, nil
}

// Begin asks the child to set its counts to zero for a trial of a round, to which
// requests belong that name none.
func (p *Process) Begin(ctx context.Context, round int) error {
	if err := p.control.begin(ctx, round); err != nil {
		return fmt.Errorf("reset of the upstream: %w%s", err, p.stderr)
	}
	return nil
}

// Close ends the child and waits for it: it closes the child's stdin, and kills
// the child if that has not ended it within two seconds. It returns how the child
// ended if not well. Further calls return the same.
func (p *Process) Close() error {
	p.once.Do(func() { p.err = p.end() })
	return p.err
}

// end is Close, once.
func (p *Process) end() error {
	p.control.close()
	// The pipe is closed already if the child ended on its own; its end says more.
	_ = p.stdin.Close()
	select {
	case <-p.ended:
	case <-time.After(closeLimit):
		p.kill()
		return fmt.Errorf("upstream did not end within %v of being asked, killed%s", closeLimit, p.stderr)
	}
	if p.ending != nil {
		return fmt.Errorf("upstream ended badly: %w%s", p.ending, p.stderr)
	}
	return nil
}

// kill ends the child by force and waits for it.
func (p *Process) kill() {
	_ = p.command.Process.Kill() // an error means that it has ended
	<-p.ended
}

// describe is how a process ended, in words when it ended without an error.
func describe(err error) error {
	if err == nil {
		return errors.New("exit status 0")
	}
	return err
}

var _ Upstream = (*Process)(nil)
