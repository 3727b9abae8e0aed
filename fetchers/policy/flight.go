package policy

import (
	"context"
	"sync"
	"time"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// sharing is what the requests of a trial share: the flights under way, by key.
type sharing struct {
	next    client.Fetch
	mu      sync.Mutex // for the flights and for what is in each
	flights map[string]*flight
}

// A flight is one fetch that several requests wait for.
type flight struct {
	apart
	context  sharedContext
	cancel   context.CancelCauseFunc
	done     chan struct{} // closed when the fetch has ended
	over     bool          // as done, under the lock
	waiting  int
	orphaned bool // the leader left, and nobody has taken the attempts over yet
	deadline time.Time
	unbound  bool // one of those who wait has no deadline
}

// A sharedContext ends when nobody waits any more. Its deadline is the last of those
// who wait: a retry inside wants to know which waits are worth their while.
type sharedContext struct {
	context.Context
	sharing *sharing
	flight  *flight
}

// Deadline is when the last of those who wait will have given up.
func (c *sharedContext) Deadline() (time.Time, bool) {
	c.sharing.mu.Lock()
	defer c.sharing.mu.Unlock()
	if c.flight.unbound {
		return time.Time{}, false
	}
	return c.flight.deadline, true
}

// run makes the fetch of a flight. Whoever comes after its end starts another.
func (s *sharing) run(f *flight, k string, r client.Request) {
	defer close(f.done)
	defer f.cancel(nil)
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		f.over = true
		s.forget(k, f)
	}()
	f.fetch(&f.context, r, s.next)
}

// forget removes a flight that nobody is to join any more. Its key may be another's.
func (s *sharing) forget(k string, f *flight) {
	if s.flights[k] == f {
		delete(s.flights, k)
	}
}

// leave takes the caller off a flight and reports whether it may go. It may not if the
// answer is there after all, nor if it was the last to wait: then the fetch is ended
// for the caller's reason, and nobody else is left to see it through.
func (s *sharing) leave(ctx context.Context, k string, f *flight, leads bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.over {
		return false
	}
	f.waiting--
	if f.waiting == 0 {
		s.forget(k, f)
		f.cancel(context.Cause(ctx))
		return false
	}
	f.orphaned = f.orphaned || leads
	return true
}

// share returns the outcome of a flight as it is for one of its requests. Exactly one
// of them has the attempts.
func (s *sharing) share(f *flight, leads bool) client.Outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := f.outcome
	if leads || f.orphaned {
		f.orphaned = false
		return o
	}
	o.Attempts = 0
	o.Effort = client.Effort{RetryAfter: o.RetryAfter, Shared: true}
	return o
}
