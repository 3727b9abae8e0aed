package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/spf13/cobra"
)

// The exit codes. When several apply the first of 70, 8, a signal's, 7, 5, 4, 6
// wins.
const (
	exitOK         = 0
	exitUsage      = 2
	exitRefused    = 3
	exitGate       = 4
	exitInvalid    = 5
	exitUndecided  = 6
	exitIncomplete = 7
	exitUnwritten  = 8
	exitInternal   = 70
)

// exitCodes is the help topic of that name.
const exitCodes = `0    measured and valid
2    usage, plan or output path is wrong: nothing was sent
3    refused: too much for a host that is not private; nothing was sent
4    a gate (--fail-if) failed, and nothing else did
5    measured but not valid: requests failed, or the upstream saw something else
6    not decided, where --strict asked for a decision
7    incomplete: the time limit, a host that kept failing, a contender's program
     that broke, or no way to go on
8    a result could not be written; the journal is kept as far as it got
70   an error in fetchbench itself
129  hung up (SIGHUP)      what was done is kept and marked incomplete
130  interrupted (SIGINT)  what was done is kept and marked incomplete
143  terminated (SIGTERM)  what was done is kept and marked incomplete

When several apply the first of 70, 8, a signal's, 7, 5, 4, 6 is the one.`

// newExitCodes is a help topic: fetchbench help exit-codes.
func newExitCodes() *cobra.Command {
	return &cobra.Command{Use: "exit-codes", Short: "What the exit codes mean", Long: exitCodes}
}

// A failure is an error with its exit code and the way out. Without an error
// everything has been said already.
type failure struct {
	code int
	err  error
	hint string
	// place are lines that show where it is wrong, if there are any.
	place string
}

// Error is the text of what went wrong.
func (f *failure) Error() string {
	if f.err == nil {
		return fmt.Sprintf("exit code %d", f.code)
	}
	return f.err.Error()
}

// Unwrap returns what went wrong.
func (f *failure) Unwrap() error { return f.err }

// usage is a failure before anything was sent.
func usage(err error) *failure { return &failure{code: exitUsage, err: err} }

// meant is a failure of usage with a guess at what a misspelt word was to be; nil
// stays nil.
func meant(err error, word string, words []string) error {
	if err == nil {
		return nil
	}
	f := usage(err)
	if guess := bench.Closest(word, words); guess != "" {
		f.hint = fmt.Sprintf("did you mean %q?", guess)
	}
	return f
}

// worse returns the failure that wins when both apply, with what the other says
// added if they are of one kind. Nil is none.
func worse(a, b *failure) *failure {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case a.code == b.code:
		return &failure{code: b.code, err: errors.Join(append(split(b.err), split(a.err)...)...), hint: b.hint}
	case rank(b.code) > rank(a.code):
		return b
	}
	return a
}

// rank orders exit codes by how much they matter.
func rank(code int) int {
	switch code {
	case exitInternal:
		return 6
	case exitUnwritten:
		return 5
	case exitIncomplete:
		return 3
	case exitInvalid:
		return 2
	case exitGate:
		return 1
	case exitUsage, exitRefused, exitUndecided:
		return 0 // the first two come before there is anything else
	}
	return 4 // a signal's
}

// oneLine is the text of an error without line ends, control characters and what
// looks like a secret.
func oneLine(err error) string {
	return report.Clean(bench.Conceal(strings.Join(strings.Fields(err.Error()), " ")))
}

// A stopped error is the cause of a context that a signal ended.
type stopped struct{ signal syscall.Signal }

// Error names the signal as people know it.
func (s stopped) Error() string {
	names := map[syscall.Signal]string{syscall.SIGINT: "SIGINT", syscall.SIGTERM: "SIGTERM", syscall.SIGHUP: "SIGHUP"}
	return "stopped by " + names[s.signal]
}

// code is the exit code of the signal.
func (s stopped) code() int { return 128 + int(s.signal) }

// sameWish is how close together two signals are one. Nobody types as fast.
const sameWish = 250 * time.Millisecond

// untilSignal returns a context that the first SIGINT, SIGTERM or SIGHUP ends,
// with the signal as its cause. A second one ends the program at once, unless it
// comes so soon after the first that it is the same wish: timeout(1) signals the
// process and then its group, a terminal that closes does so by way of the shell.
func untilSignal(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	done := make(chan struct{})
	go func() {
		select {
		case s := <-signals:
			if number, ok := s.(syscall.Signal); ok {
				cancel(stopped{number})
			}
			rest := time.NewTimer(sameWish)
			defer rest.Stop()
			select {
			case <-rest.C:
			case <-done:
			}
		case <-done:
		}
		signal.Stop(signals)
	}()
	return ctx, func() { close(done); cancel(nil) }
}

// asStopped returns the signal in an error, if it has one.
func asStopped(err error) (stopped, bool) {
	var s stopped
	ok := errors.As(err, &s)
	return s, ok
}
