package bench

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strings"
	"sync/atomic"
	"time"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/results"
)

// How long a contender may take before its trial begins, and how long to come back
// when its trial has ended.
const (
	longestSetup = time.Minute
	longestGrace = 5 * time.Second
)

// A watch keeps one trial within its limit, and what is read at its edges. A
// contender that does not come back is left behind: the trial is a timeout and the
// run goes on. HTTP/2 with strict streams hangs like that in Go 1.26
// (golang/go#70809), and so may any strategy of one's own.
type watch struct {
	limit, grace time.Duration
	startNS      atomic.Int64
	// beginning has a place for whoever begins the timed span, or sees to it that
	// nobody is about to.
	beginning chan struct{}
	// goroutines is what all did when the contender was left behind.
	goroutines string
	// What follows is only read once the contender has come back.
	machine results.Machine
	unready error
}

// edges gives the batch what it does at the edges of the timed span. The limit
// counts from there: making clients, warming connections and collecting garbage
// are not the trial's. A contender that comes to it once its trial has ended does not
// begin: the upstream counts for another trial then.
func (w *watch) edges(inside context.Context, end context.CancelCauseFunc, b *Batch, t *target, runStart time.Time) {
	var first reading
	limit := time.AfterFunc(longestSetup+w.limit, func() { end(errTrialLimit) })
	var seen *peaks
	b.edges.before = func() error {
		w.beginning <- struct{}{}
		defer func() { <-w.beginning }()
		if inside.Err() != nil {
			return context.Cause(inside)
		}
		w.unready = t.reset(inside, b.side, b.aside.round)
		runtime.GC()
		b.edges.opened = t.opened
		w.startNS.Store(time.Since(runStart).Nanoseconds())
		seen = look(inside)
		first = read()
		limit.Reset(w.limit)
		return nil
	}
	b.edges.after = func() {
		limit.Stop()
		w.machine = read().since(first)
		w.machine.Peaks = seen.end()
	}
	context.AfterFunc(inside, func() { limit.Stop() })
}

// fetch lets the contender fetch the batch and waits for it, not longer than the
// grace once the trial has ended. It reports whether the contender came back. A
// panic of it goes on here, where the run can save what it has.
func (w *watch) fetch(inside context.Context, c Contender, b *Batch) (over bool, err error) {
	back := make(chan error, 1)
	go func() {
		err := errGone
		defer func() {
			if v := recover(); v != nil {
				err = asPanic(v)
			}
			back <- err
		}()
		err = c.Fetch(inside, b)
	}()
	select {
	case err = <-back:
	case <-inside.Done():
		patience := time.NewTimer(w.grace)
		defer patience.Stop()
		select {
		case err = <-back:
		case <-patience.C:
			w.beginning <- struct{}{} // whoever began as the trial ended has done so now
			<-w.beginning
			w.goroutines = stacks()
			return false, nil
		}
	}
	var p *fetchers.Panic
	if errors.As(err, &p) {
		panic(p)
	}
	return true, err
}

// longestDump bounds what is kept of the stacks of a trial that hangs.
const longestDump = 32 << 10

// stacks is what every goroutine does, those that do the same thing together.
func stacks() string {
	var text strings.Builder
	// A profile of this name is always there, and a builder takes what is written.
	_ = pprof.Lookup("goroutine").WriteTo(&text, 1)
	if text.Len() <= longestDump {
		return text.String()
	}
	return text.String()[:longestDump] + "\n(cut)\n"
}

// errGone is the error of a contender that ended its goroutine instead of
// returning.
var errGone = errors.New("the contender ended its goroutine")

// asPanic keeps the stack of where it happened.
func asPanic(v any) *fetchers.Panic {
	if p, ok := v.(*fetchers.Panic); ok {
		return p
	}
	return &fetchers.Panic{Value: v, Stack: debug.Stack()}
}
