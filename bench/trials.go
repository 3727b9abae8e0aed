package bench

import (
	"context"
	"fmt"
	"iter"
	"runtime"
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
		start := time.Now()
		for next := range e.turns {
			t, err := results.Trial{}, rest(ctx, next.pause)
			if err == nil {
				t, err = e.trial(ctx, next, start)
			}
			if !yield(t, err) || err != nil {
				return
			}
			if t.Outcome == results.Aborted {
				yield(results.Trial{}, stopped(ctx))
				return
			}
		}
	}
}

// A turn is one place in the run: which contender fetches, and when.
type turn struct {
	round, position, contender int
	pause                      time.Duration // before it
}

// turns lists the trials in the order in which they are made: warm-up rounds
// count down from -1, measured ones up from 0. There is a pause between any two
// trials, and none before the first or after the last.
func (e *Experiment) turns(yield func(turn) bool) {
	for i := range e.plan.Warmup + e.plan.Rounds {
		round := i - e.plan.Warmup
		if round < 0 {
			round = -1 - i
		}
		waits := pauses(e.plan.Seed, round, len(e.contenders), time.Duration(e.plan.Pause))
		if i == 0 {
			waits[0] = 0
		}
		for position, contender := range order(e.plan.Seed, round, len(e.contenders)) {
			if !yield(turn{round, position, contender, waits[position]}) {
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

// trial makes one trial: one contender fetches the batch once.
func (e *Experiment) trial(ctx context.Context, at turn, runStart time.Time) (results.Trial, error) {
	c := e.contenders[at.contender]
	limit := e.plan.Limits.trial(e.n, max(1, c.Limit(e.n)))
	inside, cancel := context.WithTimeoutCause(ctx, limit, errTrialLimit)
	defer cancel()
	b := e.batch(at)
	t := results.Trial{Round: at.round, Position: at.position, Contender: c.String()}
	var machine reading
	var unready error
	b.before = func() {
		unready = e.target.reset(inside)
		runtime.GC()
		b.opened = e.target.opened
		t.StartNS = time.Since(runStart).Nanoseconds()
		machine = read()
	}
	b.after = func() { t.Machine = read().since(machine) }
	err := c.Fetch(inside, b)
	// That the context ended is for the records to show, whoever noticed it.
	if inside.Err() == nil && err != nil {
		return t, fmt.Errorf("contender %s, round %d: %w", c, at.round, err)
	}
	if inside.Err() == nil && unready != nil {
		return t, fmt.Errorf("embedded upstream: %w", unready)
	}
	b.fill(&t)
	t.Outcome = outcome(ctx, inside, &t, b)
	if t.Outcome == results.Aborted {
		return t, nil // cut short anywhere: there is nothing to hold it against
	}
	t.Seen, err = e.target.seen(ctx, &t, at.contender, b.opened)
	return t, err
}

// batch is what the contender of a turn has to fetch.
func (e *Experiment) batch(at turn) *Batch {
	return &Batch{
		Requests: e.target.batch(e.n, at.round, at.contender),
		Config:   e.target.config,
		Warm:     e.plan.Connections == Warm,
		slots:    make([]slot, e.n),
		opened:   func() int { return 0 },
		aside:    e.target.id(at.round, at.contender, e.n),
	}
}

// fill writes what the batch recorded into the trial.
func (b *Batch) fill(t *results.Trial) {
	t.ElapsedNS = b.clock.elapsed.Nanoseconds()
	t.Requests = b.records()
	t.Tally = t.Count(len(b.slots))
	t.Tally.Opened = b.opened()
	for i := range b.slots {
		o := &b.slots[i].outcome
		t.Tally.Redirects += o.Redirects
		if o.Conn.Reused {
			t.Tally.Reused++
		}
		if t.Tally.Protocol == "" {
			t.Tally.Protocol = o.Conn.Protocol
		}
	}
	for i := range t.Tally.Failures {
		f := &t.Tally.Failures[i]
		if err := b.slots[f.Request].outcome.Err; err != nil {
			f.Text = err.Error()
		}
	}
}

// errTrialLimit is the cause of requests cut off by the trial's deadline.
var errTrialLimit = fmt.Errorf("the trial reached its time limit: %w", client.ErrTimeout)

// outcome says what became of the trial. A trial in which anything was left out,
// made twice or failed is no measurement of the batch.
func outcome(run, inside context.Context, t *results.Trial, b *Batch) results.TrialOutcome {
	switch {
	case run.Err() != nil && t.Tally.OK < t.Tally.Planned:
		return results.Aborted
	case inside.Err() != nil && t.Tally.OK < t.Tally.Planned:
		return results.Timeout
	case t.Tally.OK < t.Tally.Planned, b.repeated.Load() > 0:
		return results.Failed
	}
	return results.OK
}
