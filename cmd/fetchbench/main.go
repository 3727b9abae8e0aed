// Command fetchbench says what concurrency buys: it fetches the same batch of
// URLs with several strategies, interleaved round by round, and reports times,
// intervals, the speed-up and how far each strategy is from the best possible.
//
// Results go to stdout, everything else to stderr. This package is the only one
// of the project that prints, reads flags or exits; what it runs is in bench,
// what it says is in results/report.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/fetchbench/fetchbench/bench"
)

func main() {
	// net/http writes to the standard logger what upstreams send unasked, as it
	// came; nothing of theirs may reach a terminal like that.
	log.SetOutput(io.Discard)
	// A reader that goes away must not take the run with it: what is written to it
	// is then an error like others.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program: it returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	defer func() {
		if v := recover(); v != nil {
			say(stderr, "fetchbench: error: internal error: %s\n", bench.Conceal(fmt.Sprint(v)))
			say(stderr, "fetchbench: hint: please report this with what follows; the journal keeps what was measured\n%s", debug.Stack())
			code = exitInternal
		}
	}()
	root := newRoot(&streams{in: stdin, out: stdout, err: stderr})
	root.SetArgs(args)
	return tell(stderr, root.ExecuteContext(ctx))
}

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
	// quiet keeps everything but errors from err.
	quiet bool
	// tabled says that the table goes to out, with the doubts that belong to it.
	tabled bool
	// plain says that no colours are wanted on either.
	plain bool
	may   permission
	// strict makes failures of what is otherwise doubtful.
	strict bool
}

// say prints to stderr. If that fails there is nowhere left to say so.
func say(stderr io.Writer, format string, args ...any) {
	_, _ = fmt.Fprintf(stderr, format, args...)
}

// note prints a line that is neither a result nor an error.
func (s *streams) note(format string, args ...any) {
	if s.quiet {
		return
	}
	text := bench.Conceal(fmt.Sprintf(format, args...))
	if ascii() {
		text = strings.ReplaceAll(text, "·", "-")
	}
	if isTerminal(s.err) {
		text = wrapped(text, width(s.err))
	}
	say(s.err, "%s\n", text)
}

// result prints a part of what was asked for. What cannot be written is never
// passed over in silence.
func (s *streams) result(format string, args ...any) error {
	if _, err := fmt.Fprintf(s.out, format, args...); err != nil {
		return &failure{code: exitUnwritten, err: fmt.Errorf("writing stdout: %w", cause(err))}
	}
	return nil
}

// tell prints what is wrong, a line for each problem and one for the way out,
// and returns the exit code. An error without a code is one of usage.
func tell(stderr io.Writer, err error) int {
	if err == nil {
		return exitOK
	}
	var f *failure
	if !errors.As(err, &f) {
		f = usage(err)
	}
	if f.err != nil {
		for _, one := range split(f.err) {
			say(stderr, "fetchbench: error: %s\n", oneLine(one)) // which hides secrets
		}
	}
	if f.place != "" {
		say(stderr, "%s\n", f.place)
	}
	if hint := f.advice(); hint != "" {
		say(stderr, "fetchbench: hint: %s\n", bench.Conceal(hint))
	}
	return f.code
}

// advice is the hint of a failure, or the guess at a misspelt spec.
func (f *failure) advice() string {
	var spec *bench.SpecError
	if f.hint == "" && errors.As(f.err, &spec) && spec.Meant != "" {
		return fmt.Sprintf("did you mean %q?", spec.Meant)
	}
	return f.hint
}

// split returns the errors that were joined, or the error alone.
func split(err error) []error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}
