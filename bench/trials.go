package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/results"
)

// Trials yields the trials of all rounds, warm-up rounds first. The loop's body
// runs between trials, never inside a timed span; leaving the loop ends the run.
//
// When ctx ends or the run reaches its limit, the trial under way is cut short
// and yielded as aborted, and the last thing yielded is an error that wraps the
// cause. Any other error means that the run cannot go on.
func (e *Experiment) Trials(ctx context.Context) iter.Seq2[results.Trial, error] {
	return func(yield func(results.Trial, error) bool) {
		ctx, cancel := context.WithTimeoutCause(ctx, e.plan.Limits.Run.or(defaultRun), ErrRunLimit)
		defer cancel()
		manners := e.target.plain.manners
		ctx, leave := manners.begin(ctx)
		defer leave()
		start := time.Now().Add(-e.outset.clock)
		stop := newStop(e.plan, e.header)
		if e.reached = stop.all(e.outset.made); e.reached != "" {
			return
		}
		for next := range e.turns {
			t, pause, err := results.Trial{}, (*results.Pause)(nil), error(nil)
			if pause, err = manners.rest(ctx, next.pause); err == nil {
				t, err = e.trial(ctx, next, start)
			}
			t.Pause = pause
			if err != nil && len(t.Requests) > 0 && !yield(t, nil) {
				return // the caller has left, and asks for no reason
			}
			if err != nil {
				yield(results.Trial{}, err)
				return
			}
			if !yield(t, nil) {
				return
			}
			if ctx.Err() != nil && t.Outcome == results.Aborted {
				yield(results.Trial{}, stopped(ctx))
				return
			}
			if e.reached = stop.after(&t); e.reached != "" {
				return
			}
		}
	}
}

// rest waits. Its error says why the run ended, if it did.
func rest(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	if ctx.Err() != nil {
		return stopped(ctx)
	}
	return nil
}

// stopped is the error of a run that ended before its last trial.
func stopped(ctx context.Context) error { return fmt.Errorf("stopped: %w", context.Cause(ctx)) }

// trial makes one trial: one contender fetches the batch once. What the upstream
// cannot be asked about any more comes with the error, as aborted.
func (e *Experiment) trial(ctx context.Context, at turn, runStart time.Time) (results.Trial, error) {
	c := e.contenders[at.contender]
	w := &watch{limit: e.limit(c), grace: e.grace, beginning: make(chan struct{}, 1)}
	inside, end := context.WithCancelCause(ctx)
	defer end(nil)
	b := e.batch(at)
	b.noted.asked = c.Limit(len(b.slots))
	w.edges(inside, end, b, e.target, runStart)
	over, err := w.fetch(inside, c, b)
	t := results.Trial{Round: at.round, Position: at.position, Contender: c.String(), StartNS: w.startNS.Load()}
	// That the context ended is for the records to show, whoever noticed it, and that a
	// contender broke for its trial.
	var broken *Broken
	if inside.Err() == nil && err != nil && !errors.As(err, &broken) {
		return t, e.veil.error(fmt.Errorf("contender %s, round %d: %w", c, at.round, err))
	}
	t.Requests = b.records()
	if !over {
		t.ElapsedNS, t.Outcome, t.Goroutines = w.limit.Nanoseconds(), results.Timeout, w.goroutines
		b.fill(&t, e.veil.reason)
		return t, nil // what it still does belongs to nothing
	}
	if inside.Err() == nil && w.unready != nil {
		return t, fmt.Errorf("embedded upstream: %w", w.unready)
	}
	t.ElapsedNS, t.Machine, t.Warming = b.clock.elapsed.Nanoseconds(), w.machine, b.aside.attempts
	b.fill(&t, e.veil.reason)
	b.elsewhere(&t, err, e.veil.reason)
	if b.noted.taken != nil {
		return b.taken(t), nil
	}
	t.Tally.Opened, t.Found = b.edges.opened(), int(b.noted.found.Load())
	t.Outcome = outcome(ctx, inside, &t, b)
	if t.Outcome == results.Aborted {
		return t, nil // cut short anywhere: there is nothing to hold it against
	}
	if t.Seen, err = e.target.seen(ctx, &t, at.contender, b); err != nil {
		t.Outcome = results.Aborted
	}
	refute(&t)
	return t, err
}

// batch is what the contender of a turn has to fetch.
func (e *Experiment) batch(at turn) *Batch {
	side, n, planned := e.target.side(e.contenders[at.contender]), e.n, e.planned()
	if r, ok := e.contenders[at.contender].(*Route); ok && r.alone {
		side, n = r.reach.side, r.callers
	}
	b := &Batch{
		Requests: side.batch(n, at.round, at.contender),
		Config:   e.target.config,
		Warm:     e.plan.Connections == Warm,
		Seed:     e.plan.Seed + uint64(at.round),
		side:     side,
		slots:    make([]slot, planned),
		edges:    edges{opened: func() int { return 0 }},
	}
	b.Config.RoundTripper = side.within
	b.aside.name = func(i int) string { return side.id(at.round, at.contender, i) }
	b.aside.id, b.aside.round = b.aside.name(planned), at.round
	return b
}

// limit is the deadline of a trial of the contender: the plan's, or by its size, on
// top of what its rate takes anyway.
func (e *Experiment) limit(c Contender) time.Duration {
	if _, ok := c.(*Route); ok { // which may do one after the other
		return e.plan.deadline(c, e.n, 1)
	}
	return e.plan.deadline(c, e.planned(), c.Limit(e.n))
}

// deadline is that of a trial of n requests, of which so many may be in flight.
func (p Plan) deadline(c Contender, n, slots int) time.Duration {
	limit := p.Limits.trial(n, max(1, slots))
	if s, ok := c.(*scheduled); ok && p.Limits.Trial == 0 {
		limit += s.pace(n)
	}
	return limit
}

// planned is the number of requests of a trial.
func (e *Experiment) planned() int { return e.n * max(1, e.plan.Repeat) * max(1, e.plan.Clients) }

// fill adds up what the batch recorded. Reasons are texts of others, which hide takes
// the secrets out of.
func (b *Batch) fill(t *results.Trial, told func(class, text string) string) {
	t.Tally = t.CountFanOuts(len(b.slots), len(b.Requests))
	for i := range b.slots {
		if !b.slots[i].done.Load() {
			continue
		}
		o := &b.slots[i].outcome
		t.Tally.Redirects += o.Redirects
		t.Tally.Wasted += o.Wasted
		if o.Shared {
			t.Tally.Shared++
		}
		if o.Conn.Reused {
			t.Tally.Reused++
		}
		t.Tally.Protocol = and(t.Tally.Protocol, o.Conn.Protocol)
	}
	for i := range t.Tally.Failures {
		f := &t.Tally.Failures[i]
		if !b.slots[f.Request].done.Load() {
			continue
		}
		switch o := &b.slots[f.Request].outcome; {
		case o.Err != nil:
			f.Text = told(f.Class, o.Err.Error())
		case o.Status != 0:
			f.Text = fmt.Sprintf("status %d", o.Status)
		}
	}
}

// and adds a protocol to those of a trial, each once.
func and(protocols, one string) string {
	switch {
	case protocols == "" || one == "" || protocols == one:
		return cmp.Or(protocols, one)
	case slices.Contains(strings.Split(protocols, ", "), one):
		return protocols
	}
	return protocols + ", " + one
}

// longestStep is how far the wall clock may move against the monotonic one
// during a trial, in nanoseconds.
const longestStep = 50e6

// errTrialLimit is the cause of requests cut off by the trial's deadline.
var errTrialLimit = fmt.Errorf("the trial reached its time limit: %w", client.ErrTimeout)

// outcome says what became of the trial. A trial in which anything was left out,
// made twice or failed is no measurement of the batch.
func outcome(run, inside context.Context, t *results.Trial, b *Batch) results.TrialOutcome {
	step := t.Machine.Host.ClockStepNS
	switch {
	case step > longestStep, step < -longestStep: // the machine slept, or somebody set its clock
		return results.Aborted
	case run.Err() != nil && t.Tally.OK < t.Tally.Planned:
		return results.Aborted
	case inside.Err() != nil && t.Tally.OK < t.Tally.Planned:
		return results.Timeout
	case t.Tally.OK < t.Tally.Planned, b.noted.repeated.Load() > 0:
		return results.Failed
	}
	return results.OK
}
