package bench

import (
	"context"
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
	// Seed is what policies draw from: the run's own, different in each round.
	Seed uint64

	slots []slot
	clock clock
	side  side
	edges edges
	noted noted
	aside aside
}

// Noted is what is known of a trial besides its calls, by the strategy and by whoever
// made the requests.
type noted struct {
	repeated atomic.Int64 // calls that were made more than once
	found    atomic.Int64 // the limit that it found, 0 if it looks for none
	pooled   bool         // one request may be answered by the attempt of another
	// claimed is there once the requests were made elsewhere.
	claimed *results.Claimed
	// whole says that they have to be the whole batch, and taken is a trial made
	// elsewhere as a whole.
	whole bool
	taken *results.Trial
	// route says that they are made by a web app, on behalf of one or more callers.
	route bool
	// asked is how many of them may be in flight, and ended how many had arrived when
	// the clock stopped, Unknown where nobody was asked.
	asked, ended int
}

// Edges are what the harness does at the edges of the timed span, and how it knows
// the connections opened in it. The error of before is why the span must not begin.
type edges struct {
	before func() error
	after  func()
	opened func() int
}

// An aside is what is sent for a trial and is not of its batch: the id that such
// requests carry, and how often one went out. It also names the requests of a batch
// that is repeated.
type aside struct {
	id       string
	attempts int
	name     func(i int) string
	round    int
}

// A slot is the record of one request. Only the goroutine that makes the call
// writes it.
type slot struct {
	called  atomic.Bool
	done    atomic.Bool // everything else is written, and may be read
	start   time.Duration
	end     time.Duration
	due     time.Time // its intended start, where the strategy has one
	outcome client.Outcome
}

// A clock times a trial by the monotonic clock.
type clock struct {
	start   time.Time
	elapsed time.Duration
}

// Measure makes the calls as s schedules them, each through fetch, and times
// them: the clock starts just before the strategy and stops when it returns. A
// call made again is refused and told apart from the first. A batch that is to be
// repeated is given to the strategy again as soon as it has returned. Once the trial
// has ended nothing is measured, and the error is the cause of that end.
func (b *Batch) Measure(ctx context.Context, s fetchers.Strategy, fetch client.Fetch) error {
	s = b.keyed(s)
	err := b.edges.before()
	if err != nil {
		return err
	}
	b.clock.start = time.Now()
	for first := 0; first < len(b.slots) && err == nil; first += len(b.Requests) {
		err = b.fanOut(ctx, s, fetch, first)
	}
	b.clock.elapsed = time.Since(b.clock.start)
	b.edges.after()
	return err
}

// fanOut lets the strategy make all calls once. The records begin at first.
func (b *Batch) fanOut(ctx context.Context, s fetchers.Strategy, fetch client.Fetch, first int) error {
	if r, ok := s.(fetchers.Reporter); ok {
		s = r.Reporting(b.notes(first))
	}
	return s.Run(ctx, len(b.Requests), func(inner context.Context, i int) error {
		// Whatever the strategy does, nothing starts once the trial is over.
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return b.call(inner, first, i, fetch)
	})
}

// keyed gives a strategy that asks for a key the host of each request.
func (b *Batch) keyed(s fetchers.Strategy) fetchers.Strategy {
	k, ok := s.(fetchers.Keyed)
	if !ok {
		return s
	}
	hosts := make([]string, len(b.Requests))
	for i, r := range b.Requests {
		hosts[i] = origin(r.URL)
	}
	return k.ByKey(func(i int) string { return hosts[i] })
}

// notes is where a strategy tells what it finds out.
func (b *Batch) notes(first int) fetchers.Notes {
	return fetchers.Notes{
		Limit: func(limit int) { b.noted.found.Store(int64(limit)) },
		Intended: func(i int, at time.Time) {
			if s := &b.slots[first+i]; !s.called.Load() {
				s.due = at
			}
		},
	}
}

// call makes request i and records it. Two readings of the clock, two atomics and
// the copy of the outcome are what the harness costs a fetch.
func (b *Batch) call(ctx context.Context, first, i int, fetch client.Fetch) error {
	s := &b.slots[first+i]
	if s.called.Swap(true) {
		b.noted.repeated.Add(1)
		return errRepeated
	}
	s.start = time.Since(b.clock.start)
	s.outcome = fetch(ctx, b.request(first, i))
	s.end = time.Since(b.clock.start)
	s.done.Store(true)
	b.side.note(i, &s.outcome)
	return s.outcome.Failed()
}

// late is how long after its intended start a call was made.
func (b *Batch) late(s *slot) time.Duration {
	if s.due.IsZero() {
		return 0
	}
	return max(0, s.start-s.due.Sub(b.clock.start))
}

// request is request i of the fan-out whose records begin at first: the same as in
// every fan-out, under an id of its own.
func (b *Batch) request(first, i int) client.Request {
	r := b.Requests[i]
	if first > 0 && r.ID != "" {
		r.ID = b.aside.name(first + i)
	}
	r.Draw += uint64(first)
	return r
}

// spare is how many attempts of request i were given up for another.
func (b *Batch) spare(i int) int {
	if s := &b.slots[i]; s.done.Load() {
		return s.outcome.Wasted
	}
	return 0
}

// Opened says how many connections the contender opened in the timed span. It
// is for those that do not dial as Config says: those dials are counted here.
func (b *Batch) Opened(connections int) { b.edges.opened = func() int { return connections } }

// connect makes one request to each host before the clock starts, so that the
// names are known and a connection is open. It is counted with the warm-up, and
// made only where the batch has a request that asks for nothing to be done.
func (b *Batch) connect(ctx context.Context, fetch client.Fetch) {
	asked := map[string]bool{}
	for _, r := range b.Requests {
		harmless := r.Method == "" || r.Method == http.MethodGet || r.Method == http.MethodHead
		if origin := origin(r.URL); harmless && !asked[origin] {
			asked[origin] = true
			r.ID = b.aside.id
			b.aside.attempts += fetch(ctx, r).Attempts // the trial will show what is wrong
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
				BodyNS: o.Phases.Body.Nanoseconds(), LateNS: b.late(s).Nanoseconds(),
			},
		}
	}
	return out
}
