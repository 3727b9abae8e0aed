package fetchers

import (
	"context"
	"sync"
)

// Adaptive finds out by itself how many calls to have in flight. It begins with
// Start, doubles every round trip until latencies grow, and then holds a limit at
// which calls queue upstream for about half of the time that they take. Where an
// error answers [Overloaded] it halves the limit and starts nothing during a pause:
// what the error's RetryAfter() time.Duration names, else a jittered one that grows
// from a round trip to 10 s while the trouble lasts. No slot is held during a pause, and
// a call that waits with [Park] gives its slot to another. The law and its sources
// are in law.go.
//
// It protects an upstream whose size nobody knows. It does not make one short batch
// faster: with as many calls as a good pool has workers, beginning with 10 costs
// log2(workers/10) round trips more. It costs about 1 µs and four allocations a
// call, so on calls that take no time any other strategy is cheaper.
type Adaptive struct {
	// Start is the limit to begin with. Unset it is 10, the initial window of TCP
	// (RFC 6928, whose reasons hold here: few servers mind ten at once, and less
	// makes short batches slow).
	Start int
	// Most is never exceeded. Unset it is 1000, about as many connections as a process
	// may have open by default.
	Most int

	notes Notes
}

// Reporting returns the strategy, with Notes.Limit told the limit at the start of a
// run and whenever it changes. It is told in order, and the next call waits for it.
func (a Adaptive) Reporting(to Notes) Strategy {
	a.notes = to
	return a
}

// Limit is what the limit may grow to in a batch of n.
func (a Adaptive) Limit(n int) int { return min(or(a.Most, 1000), n) }

// or is the number, or the default for one that is not set.
func or(number, unset int) int {
	if number < 1 {
		return unset
	}
	return number
}

// Run starts a goroutine for each call when there is a slot for it.
func (a Adaptive) Run(ctx context.Context, n int, call Call) error {
	var calls sync.WaitGroup
	run := NewGuard(n, call)
	g := newGate(newLaw(or(a.Start, 10), a.Limit(n)), a.notes.Limit)
	defer g.close()
	defer context.AfterFunc(ctx, g.wake)()
	for i := 0; i < n && !run.Stopped(ctx); i++ {
		if !g.enter(ctx, false) {
			break
		}
		calls.Go(func() {
			l := &loan{gate: g, ctx: ctx}
			l.take()
			var err error
			defer func() { l.end(err) }()
			err = run.Call(lending(ctx, l), i)
		})
	}
	calls.Wait()
	return run.End(ctx)
}
