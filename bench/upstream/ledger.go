package upstream

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// A Ledger counts what an upstream sees. Its zero value is ready and counts from
// the first request. All methods may be called at once; a request costs two short
// holds of one mutex, and what grows is one map entry for each id since the last
// Reset.
type Ledger struct {
	mu     sync.Mutex
	counts Counts
	// first and last are the instants of the first request and of the latest
	// start or end of any.
	first, last time.Time
	// answered is the latest instant at which the headers of an answer were ready.
	answered time.Time
	// epoch counts the resets, so that a request which was in flight during one
	// can end without being counted in a trial that it does not belong to.
	epoch int
	// stays are how long answered requests were here, the first of them.
	stays []time.Duration
}

// mostStays bounds what is kept of an upstream that is never reset.
const mostStays = 1 << 20

// A visit is a request that has begun: in which epoch, when, and how often its id
// had come before since the last Reset (0 for one without an id). Before it ends it may
// be told which endpoint it asked for, and when the headers of its answer were ready.
type visit struct {
	epoch    int
	at       time.Time
	attempt  int
	endpoint int // its number, from 1; 0 for a page
	answered time.Time
}

// decided notes what a request asked for, as far as it is served, and that its answer
// is ready.
func (v *visit) decided(r *http.Request, a answer) {
	v.answered = time.Now()
	if index, ok := Endpoint(r.URL.Path); ok && a.how != unknown {
		v.endpoint = index + 1
	}
}

// ending is what became of a request; Requests has the words for it.
type ending int

const (
	finished ending = iota
	refused         // finished with a 503 or 429 because of the profile's Slots
	unknown         // finished with a 4xx because nothing is served there
	gone
	closed
)

// Snapshot is what was counted since the last Reset. Requests in flight count as
// busy up to now.
func (l *Ledger) Snapshot() Counts {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.counts.InFlight.Now > 0 {
		l.advance()
	}
	snapshot := l.counts
	snapshot.Span = l.last.Sub(l.first)
	snapshot.Statuses = make(map[int]int, len(l.counts.Statuses))
	maps.Copy(snapshot.Statuses, l.counts.Statuses)
	snapshot.IDs = make(map[ID]int, len(l.counts.IDs))
	maps.Copy(snapshot.IDs, l.counts.IDs)
	snapshot.Endpoints = maps.Clone(l.counts.Endpoints)
	if !l.answered.IsZero() {
		snapshot.Answered = l.answered.Sub(l.first)
	}
	if n := len(l.stays); n > 0 {
		sorted := slices.Sorted(slices.Values(l.stays))
		snapshot.P99 = sorted[(99*n+99)/100-1] // nearest rank, the ceiling of 0.99 n
	}
	return snapshot
}

// Reset sets every count to zero. Requests in flight are forgotten.
func (l *Ledger) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts = Counts{}
	l.first, l.last, l.answered = time.Time{}, time.Time{}, time.Time{}
	l.stays = l.stays[:0]
	l.epoch++
}

// begin counts a request that arrives and returns the visit for its end. A nil id
// is a request without one.
func (l *Ledger) begin(id *ID) visit {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.advance()
	c := &l.counts
	c.Requests.Started++
	c.InFlight.Now++
	c.InFlight.Max = max(c.InFlight.Max, c.InFlight.Now)
	if id == nil {
		c.Requests.Unnamed++
		return visit{epoch: l.epoch, at: l.last}
	}
	if c.IDs == nil {
		c.IDs = make(map[ID]int)
	}
	attempt := c.IDs[*id]
	c.IDs[*id]++
	return visit{epoch: l.epoch, at: l.last, attempt: attempt}
}

// end counts what became of a request. One that began before the last Reset is
// counted nowhere, and a status of 0 is a request that was not answered.
func (l *Ledger) end(v visit, how ending, status, bytes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if v.epoch != l.epoch {
		return
	}
	l.advance()
	c := &l.counts
	c.InFlight.Now--
	c.Bytes += int64(bytes)
	if status != 0 {
		if c.Statuses == nil {
			c.Statuses = make(map[int]int)
		}
		c.Statuses[status]++
	}
	c.asked(v.endpoint)
	if v.answered.After(l.answered) {
		l.answered = v.answered
	}
	c.Requests.count(how)
	if how == finished && len(l.stays) < mostStays {
		l.stays = append(l.stays, l.last.Sub(v.at))
	}
}

// asked adds one request for the endpoint with this number, from 1.
func (c *Counts) asked(endpoint int) {
	if endpoint == 0 {
		return
	}
	if c.Endpoints == nil {
		c.Endpoints = make(map[int]int)
	}
	c.Endpoints[endpoint-1]++
}

// count adds one request that ended.
func (r *Requests) count(how ending) {
	switch how {
	case gone:
		r.Gone++
		return
	case closed:
		r.Closed++
		return
	case refused:
		r.Refused++
	case unknown:
		r.Unknown++
	}
	r.Finished++
}

// advance adds the time since the last event to Busy, once for each request in
// flight. The area under the number in flight equals the sum of the times in the
// upstream, and it includes those that have not ended yet. The clock is read
// under the lock: read before it, two events could run backwards.
func (l *Ledger) advance() {
	now := time.Now()
	if l.first.IsZero() {
		l.first, l.last = now, now
	}
	l.counts.Busy += time.Duration(l.counts.InFlight.Now) * now.Sub(l.last)
	l.last = now
}

// connected is the ConnState hook that counts accepted connections.
func (l *Ledger) connected(state http.ConnState) {
	if state != http.StateNew {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts.Connections.Opened++
}

// An epochKey is the key under which the context of a connection has the epoch in
// which it was accepted.
type epochKey struct{}

// dated is the context of a connection that is accepted now.
func (l *Ledger) dated(ctx context.Context) context.Context {
	l.mu.Lock()
	defer l.mu.Unlock()
	return context.WithValue(ctx, epochKey{}, l.epoch)
}

// carried counts a visit over a connection that was accepted in an earlier epoch than
// its own.
func (l *Ledger) carried(ctx context.Context, v visit) {
	epoch, dated := ctx.Value(epochKey{}).(int)
	if !dated || epoch == v.epoch {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if v.epoch == l.epoch {
		l.counts.Connections.Kept++
	}
}
