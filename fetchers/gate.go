package fetchers

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

// A gate lets calls in while the law has slots for them and no pause is on.
type gate struct {
	mu        sync.Mutex
	changed   sync.Cond
	law       law
	busy      int // slots held
	returning int // calls that were parked and want a slot again
	until     time.Time
	opens     *time.Timer // wakes the waiting at until
	told      func(limit int)
}

func newGate(l law, told func(int)) *gate {
	g := &gate{law: l, told: told}
	g.changed.L = &g.mu
	g.tell(0)
	return g
}

// close ends a pause that nobody waits for any more.
func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.opens != nil {
		g.opens.Stop()
	}
}

// wake lets everybody who waits look again.
func (g *gate) wake() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.changed.Broadcast()
}

// enter waits for a slot and tells whether there is one: not if ctx ends before.
// Calls that return from being parked go first, as they have begun already.
func (g *gate) enter(ctx context.Context, returning bool) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if returning {
		g.returning++
		defer func() { g.returning--; g.changed.Broadcast() }()
	}
	for ctx.Err() == nil && (g.busy >= g.law.slots() || g.paused() || !returning && g.returning > 0) {
		g.changed.Wait()
	}
	if ctx.Err() != nil {
		return false
	}
	g.busy++
	return true
}

// paused tells whether a pause is on.
func (g *gate) paused() bool { return !g.until.IsZero() && time.Now().Before(g.until) }

// pause lets no call in for so long, or until a longer pause is over.
func (g *gate) pause(now time.Time, long time.Duration) {
	until := now.Add(long)
	if !until.After(g.until) {
		return
	}
	g.until = until
	if g.opens == nil {
		g.opens = time.AfterFunc(long, g.wake)
	} else {
		g.opens.Reset(long)
	}
}

// judge lets the law learn from an attempt that came back.
func (g *gate) judge(a attempt, err error) {
	before, now := g.law.slots(), time.Now()
	if err == nil {
		g.law.took(a.round, now.Sub(a.began))
		g.tell(before)
		return
	}
	g.law.lost(a.round)
	if o, ok := errors.AsType[Overloaded](err); ok && o.Overloaded() {
		g.pause(now, g.law.overloaded(a.began, now, retryAfter(err), rand.Float64()))
	}
	g.tell(before)
}

// tell reports the limit if it is not what it was.
func (g *gate) tell(before int) {
	if limit := g.law.slots(); g.told != nil && limit != before {
		g.told(limit)
	}
}

// retryAfter is the pause that an error names, 0 if it names none.
func retryAfter(err error) time.Duration {
	type named interface {
		error
		RetryAfter() time.Duration
	}
	if e, ok := errors.AsType[named](err); ok {
		return max(0, e.RetryAfter())
	}
	return 0
}

// An attempt is what the law is told of when it comes back.
type attempt struct {
	began time.Time
	round int
}

// next is the attempt that begins now.
func (g *gate) next() attempt { return attempt{began: time.Now(), round: g.law.begin(g.busy)} }

// A loan is the slot of one call. The mutex of its gate guards it.
type loan struct {
	gate *gate
	ctx  context.Context
	held bool
	attempt
}

// take begins an attempt with a slot that enter has got.
func (l *loan) take() {
	l.gate.mu.Lock()
	defer l.gate.mu.Unlock()
	l.held, l.attempt = true, l.gate.next()
}

// give gives the slot back, if it is held, and tells whether it was.
func (l *loan) give() bool {
	if !l.held {
		return false
	}
	l.held = false
	l.gate.busy--
	l.gate.changed.Broadcast()
	return true
}

// end gives the slot back and lets the law learn from the call's last attempt,
// unless the run was stopped: then it says nothing of the upstream.
func (l *loan) end(err error) {
	l.gate.mu.Lock()
	defer l.gate.mu.Unlock()
	if l.give() && l.ctx.Err() == nil {
		l.gate.judge(l.attempt, err)
	}
}

// park is what Park does with a slot that is lent. Of attempts that a call makes
// side by side one can park at a time; another waits without a slot to give.
func (l *loan) park(wait func()) {
	l.gate.mu.Lock()
	given := l.give()
	if given {
		l.gate.law.lost(l.round)
		l.round = 0
	}
	l.gate.mu.Unlock()
	wait()
	if given && l.gate.enter(l.ctx, true) {
		l.take()
	}
}

// heed is what Heed does.
func (l *loan) heed(err error) {
	l.gate.mu.Lock()
	defer l.gate.mu.Unlock()
	if err != nil && l.ctx.Err() == nil {
		l.gate.judge(l.attempt, err)
		l.attempt = l.gate.next()
	}
}
