package bench

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/results"
)

// A Batch is what a contender has to fetch in one trial, and where the harness
// records what became of it. It keeps the clock: a strategy is handed calls, not
// requests, and cannot report a time.
type Batch struct {
	Requests []client.Request
	// Config is how the client of this trial is to be made, but for the number of
	// connections, which is the contender's.
	Config client.Config
	// Warm says that connections are to be kept from trial to trial.
	Warm bool

	slots []slot
	clock clock
	// before and after are the harness's, at the edges of the timed span.
	before, after func()
	opened        func() int
	repeated      atomic.Int64
	aside         aside
}

// An aside is what is sent for a trial and is not of its batch: the id that such
// requests carry, and how often one went out.
type aside struct {
	id       string
	attempts int
}

// A slot is the record of one request. Only the goroutine that makes the call
// writes it.
type slot struct {
	called  atomic.Bool
	done    atomic.Bool // everything else is written, and may be read
	start   time.Duration
	end     time.Duration
	outcome client.Outcome
}

// A clock times a trial by the monotonic clock.
type clock struct {
	start   time.Time
	elapsed time.Duration
}

// Measure makes the calls as s schedules them, each through fetch, and times
// them: the clock starts just before the strategy and stops when it returns. A
// call made again is refused and told apart from the first.
func (b *Batch) Measure(ctx context.Context, s fetchers.Strategy, fetch client.Fetch) error {
	b.before()
	b.clock.start = time.Now()
	err := s.Run(ctx, len(b.slots), func(inner context.Context, i int) error {
		// Whatever the strategy does, nothing starts once the trial is over.
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return b.call(inner, i, fetch)
	})
	b.clock.elapsed = time.Since(b.clock.start)
	b.after()
	return err
}

// call makes request i and records it. Two readings of the clock, one atomic and
// the copy of the outcome are what the harness costs a fetch.
func (b *Batch) call(ctx context.Context, i int, fetch client.Fetch) error {
	s := &b.slots[i]
	if s.called.Swap(true) {
		b.repeated.Add(1)
		return errRepeated
	}
	s.start = time.Since(b.clock.start)
	s.outcome = fetch(ctx, b.Requests[i])
	s.end = time.Since(b.clock.start)
	s.done.Store(true)
	if s.outcome.Class != client.ClassOK {
		return callError{&s.outcome}
	}
	return nil
}

// Opened says how many connections the contender opened in the timed span. It
// is for those that do not dial as Config says: those dials are counted here.
func (b *Batch) Opened(connections int) { b.opened = func() int { return connections } }

// A callError is how a strategy sees a request that failed. Only adaptive ones
// look, and only at whether the upstream asked for less.
type callError struct{ outcome *client.Outcome }

// Error is the class, and the reason where there is one.
func (e callError) Error() string {
	if e.outcome.Err != nil {
		return fmt.Sprintf("%s: %v", e.outcome.Class, e.outcome.Err)
	}
	return string(e.outcome.Class)
}

// Overloaded reports whether the upstream answered that it has too much to do.
func (e callError) Overloaded() bool {
	return e.outcome.Status == 429 || e.outcome.Status == 503
}

// connect makes one request to each host before the clock starts, so that the
// names are known and a connection is open. It is counted with the warm-up, and
// made only where the batch has a request that asks for nothing to be done.
func (b *Batch) connect(ctx context.Context, cl *client.Client) {
	asked := map[string]bool{}
	for _, r := range b.Requests {
		harmless := r.Method == "" || r.Method == http.MethodGet || r.Method == http.MethodHead
		if origin := origin(r.URL); harmless && !asked[origin] {
			asked[origin] = true
			r.ID = b.aside.id
			b.aside.attempts += cl.Fetch(ctx, r).Attempts // the trial will show what is wrong
		}
	}
}

// records turns the slots into the records of the journal: from here on there
// are numbers and words only.
func (b *Batch) records() []results.Request {
	out := make([]results.Request, len(b.slots))
	for i := range b.slots {
		s := &b.slots[i]
		out[i].Index = i
		switch {
		case !s.called.Load():
			continue
		case !s.done.Load(): // still under way when the trial was over
			out[i].Class = results.ClassCancelled
			continue
		}
		o := &s.outcome
		out[i] = results.Request{
			Index: i, Class: string(o.Class), Phase: o.Phase, Status: o.Status,
			Bytes: o.Bytes, WireBytes: o.WireBytes, Attempts: o.Attempts,
			StartNS: s.start.Nanoseconds(), ServiceNS: (s.end - s.start).Nanoseconds(),
			Phases: results.Phases{
				DNSNS: o.Phases.DNS.Nanoseconds(), ConnectNS: o.Phases.Connect.Nanoseconds(),
				TLSNS: o.Phases.TLS.Nanoseconds(), WaitNS: o.Phases.Wait.Nanoseconds(),
				BodyNS: o.Phases.Body.Nanoseconds(),
			},
		}
	}
	return out
}
