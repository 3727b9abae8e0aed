package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/results"
)

// ErrHostFails is the reason of a run that left a host in peace.
var ErrHostFails = errors.New("a host that is not private failed 20 requests in a row")

// ErrMore is the reason of a run in which a host got more than was announced.
var ErrMore = errors.New("a host that is not private got more requests than were announced")

const (
	// mostFailures is how many requests in a row a host that is not private may fail.
	mostFailures = 20
	// longestPatience bounds the pause that such a host can ask for with Retry-After.
	longestPatience = 30 * time.Second
)

// Manners are how a run treats hosts that are not private. One that fails request
// after request is left in peace, and one that asks for patience gets it: before the
// next trial, because a trial that held requests back would measure itself. Hosts
// that are private, an embedded upstream among them, want none of this: what they do
// under load is what is measured.
type manners struct {
	// keepGoing says that no number of failures ends the run.
	keepGoing bool
	// stop ends the run.
	stop context.CancelCauseFunc

	mu    sync.Mutex
	until time.Time
	pause results.Pause
}

// newManners makes the manners of a run.
func newManners(keepGoing bool) *manners {
	return &manners{keepGoing: keepGoing, stop: func(error) {}}
}

// begin returns the context of the run, which a host that keeps failing ends.
func (m *manners) begin(ctx context.Context) (context.Context, func()) {
	ctx, stop := context.WithCancelCause(ctx)
	if m != nil {
		m.stop = stop
	}
	return ctx, func() { stop(nil) }
}

// note takes the outcome of a request into account. For a private host it costs a
// look at a flag.
func (m *manners) note(n *neighbour, o *client.Outcome) {
	if n == nil || !n.foreign.Load() {
		return
	}
	if sent := n.sent.Add(int64(o.Attempts)); sent > n.most && !m.keepGoing {
		m.stop(fmt.Errorf("%w: %s got %d, redirects included", ErrMore, n.host, sent))
	}
	switch {
	case o.Class == client.ClassOK:
		n.failed.Store(0)
	case blameless(o):
	case n.failed.Add(1) >= mostFailures && !m.keepGoing:
		m.stop(fmt.Errorf("%w: %s, the last with %s", ErrHostFails, n.host, o.Class))
	}
	if o.RetryAfter > 0 {
		m.heed(n.host, o.RetryAfter)
	}
}

// blameless tells whether a request failed for reasons of this program or machine.
func blameless(o *client.Outcome) bool {
	switch o.Class {
	case client.ClassCancelled, client.ClassBreaker, client.ClassBadURL, client.ClassLocalFDs, client.ClassLocalPorts, client.ClassLocalRefused:
		return true
	}
	return false
}

// heed keeps the pause that ends last.
func (m *manners) heed(host string, asked time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if until := time.Now().Add(min(asked, longestPatience)); until.After(m.until) {
		m.until, m.pause = until, results.Pause{Host: host, AskedNS: asked.Nanoseconds()}
	}
}

// rest waits for as long as the plan says, or as a host has asked for if that is
// longer, and then returns the pause that the host got. The limit of the run bounds it.
func (m *manners) rest(ctx context.Context, planned time.Duration) (*results.Pause, error) {
	if m == nil {
		return nil, rest(ctx, planned)
	}
	m.mu.Lock()
	left, pause := time.Until(m.until), m.pause
	m.mu.Unlock()
	if left <= planned {
		return nil, rest(ctx, planned)
	}
	pause.NS = left.Nanoseconds()
	return &pause, rest(ctx, left)
}
