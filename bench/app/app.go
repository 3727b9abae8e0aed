// Package app starts the web apps whose routes are measured, waits until they answer,
// and ends them with all of their process groups.
//
//	plan.Launcher = app.Launcher()
//
// An app is started without a shell, with few variables of the environment and these:
// FETCHBENCH_UPSTREAM is the base of the URLs of the embedded upstream, FETCHBENCH_URLS
// the path of a file with the URLs of the batch, one a line, and FETCHBENCH_N how many
// they are. The package measures nothing. Sizes are bytes.
package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/process"
	"github.com/fetchbench/fetchbench/results/report"
)

// The classes of an app that broke. They begin like those of children, with which they
// share what follows for the run.
const (
	ClassExit    = "app_exit"    // it ended by itself
	ClassUnready = "app_unready" // it did not answer in time
)

// How long an app gets to end when it is told, how often it is asked whether it is
// ready, and how long its streams may stay open once its group has ended.
const (
	patience = 2 * time.Second
	often    = 50 * time.Millisecond
	streams  = time.Second
)

// An App is a program that runs.
type App struct {
	command *exec.Cmd
	output  *process.Ring
	said    string // the command as it was typed
	list    string // path of the file with the URLs, empty for none
	// ended is closed once the program and its group are gone.
	ended chan struct{}
}

// Launcher starts apps for bench.
func Launcher() bench.Launcher {
	return bench.Launcher{
		Check: func(s bench.Start) error {
			_, _, err := found(s)
			return err
		},
		Launch: func(ctx context.Context, s bench.Start, told bench.Told) (bench.App, error) {
			a, err := Start(ctx, s, told)
			if err != nil {
				return nil, err
			}
			return a, nil
		},
	}
}

// found is the program of a command, and its words.
func found(s bench.Start) (path string, argv []string, err error) {
	if argv, err = process.Words(s.Command); err != nil {
		return "", nil, err
	}
	path, err = process.Find(argv[0])
	return path, argv, err
}

// Start starts an app and waits until it answers. Where that comes to nothing, nothing
// of it is left. It is refused where somebody answers at its address already: what was
// measured would be theirs.
func Start(ctx context.Context, s bench.Start, told bench.Told) (*App, error) {
	path, argv, err := found(s)
	if err != nil {
		return nil, err
	}
	if taken(ctx, s.Ready) {
		return nil, fmt.Errorf("something else answers at %s already", bench.Conceal(s.Ready))
	}
	a := &App{output: &process.Ring{}, said: s.Command, ended: make(chan struct{})}
	if len(told.URLs) > 0 {
		if a.list, err = process.List(told.URLs); err != nil {
			return nil, fmt.Errorf("list of URLs: %w", err)
		}
	}
	a.command = &exec.Cmd{
		Path: path, Args: argv, Env: process.Environ(a.variables(told)...), SysProcAttr: process.Alone(),
		Stdout: a.output, Stderr: a.output, WaitDelay: streams,
	}
	if err := a.command.Start(); err != nil {
		return nil, errors.Join(err, a.forget())
	}
	go func() {
		defer close(a.ended)
		_ = process.Reap(a.command) // how it ended is in its state
	}()
	if err := a.await(ctx, s.Ready, told.Within); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// variables are what the app is told.
func (a *App) variables(told bench.Told) []string {
	var out []string
	if told.Upstream != "" {
		out = append(out, "FETCHBENCH_UPSTREAM="+told.Upstream)
	}
	if a.list != "" {
		out = append(out, process.URLsVariable+"="+a.list, "FETCHBENCH_N="+strconv.Itoa(len(told.URLs)))
	}
	return out
}

// taken tells whether anybody listens at the address of a URL.
func taken(ctx context.Context, at string) bool {
	u, err := url.Parse(at)
	if err != nil {
		return false
	}
	port := u.Port()
	if port == "" {
		port = u.Scheme
	}
	dialer := net.Dialer{Timeout: patience}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return false
	}
	_ = conn.Close() // nothing was said
	return true
}

// await asks until the app answers with less than 500. Its certificate, which may be
// its own, is nobody's business here: who is asked is on loopback, and of the answer
// only the status is believed. The requests that are measured do verify it.
func (a *App) await(ctx context.Context, at string, within time.Duration) error {
	ctx, cancel := context.WithTimeoutCause(ctx, within, &bench.Broken{Class: ClassUnready, Err: fmt.Errorf("no answer below 500 at %s within %v", bench.Conceal(at), within)})
	defer cancel()
	transport := &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	defer transport.CloseIdleConnections()
	for {
		if answers(ctx, transport, at) {
			return nil
		}
		rest := time.NewTimer(often)
		select {
		case <-rest.C:
		case <-a.ended:
			rest.Stop()
			return a.ending()
		case <-ctx.Done():
			rest.Stop()
			return a.telling(context.Cause(ctx))
		}
	}
}

// answers asks once.
func answers(ctx context.Context, over http.RoundTripper, at string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return false
	}
	response, err := over.RoundTrip(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close() // its status was all
	return response.StatusCode < http.StatusInternalServerError
}

// Ended waits no longer than within for the app to end by itself, and returns how it
// did; nil if it runs.
func (a *App) Ended(within time.Duration) error {
	if !a.within(within) {
		return nil
	}
	return a.ending()
}

// ending is how the app ended by itself.
func (a *App) ending() error {
	return a.telling(&bench.Broken{Class: ClassExit, Err: fmt.Errorf("the app ended by itself (%v)", a.command.ProcessState)})
}

// telling adds to an error what the app last wrote.
func (a *App) telling(err error) error {
	var broken *bench.Broken
	if !errors.As(err, &broken) {
		return err
	}
	lines := a.output.Lines()
	for i, line := range lines {
		lines[i] = report.Clean(bench.ConcealSaid(a.said, line))
	}
	return &bench.Broken{Class: broken.Class, Err: broken.Err, Said: strings.Join(lines, "\n")}
}

// within reports whether the app ends in time.
func (a *App) within(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-a.ended:
		return true
	case <-timer.C:
		return false
	}
}

// Close ends the app and all of its process group: it is told, then killed. It does not
// return before they are gone.
func (a *App) Close() error {
	select {
	case <-a.ended: // and the number of its group may be somebody else's by now
		return a.forget()
	default:
	}
	pid := a.command.Process.Pid
	_ = process.Kill(pid, syscall.SIGTERM) // an error means that nobody is there
	if !a.within(patience) {
		_ = process.Kill(pid, syscall.SIGKILL)
		<-a.ended
	}
	return a.forget()
}

// forget removes the list of URLs.
func (a *App) forget() error {
	if a.list == "" {
		return nil
	}
	list := a.list
	a.list = ""
	return os.Remove(list)
}

var _ bench.App = (*App)(nil)
