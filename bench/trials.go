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
		for _, round := range e.rounds() {
			waits := pauses(e.plan.Seed, round, len(e.contenders), time.Duration(e.plan.Pause))
			for position, c := range order(e.plan.Seed, round, len(e.contenders)) {
				t, err := e.trial(ctx, round, c, start)
				t.Position = position
				if err != nil {
					yield(t, err)
					return
				}
				if !yield(t, nil) {
					return
				}
				if t.Outcome != results.Aborted {
					rest(ctx, waits[position])
				}
				if ctx.Err() != nil && !e.last(round, position) || t.Outcome == results.Aborted {
					yield(results.Trial{}, fmt.Errorf("stopped: %w", context.Cause(ctx)))
					return
				}
			}
		}
	}
}

// last tells whether this is the last trial of the run, after which a cancel
// changes nothing.
func (e *Experiment) last(round, position int) bool {
	return round == e.plan.Rounds-1 && position == len(e.contenders)-1
}

// rounds lists the rounds in the order in which they are made: warm-up rounds
// count down from -1, measured ones up from 0.
func (e *Experiment) rounds() []int {
	var list []int
	for i := range e.plan.Warmup {
		list = append(list, -1-i)
	}
	for i := range e.plan.Rounds {
		list = append(list, i)
	}
	return list
}

// rest waits, or until the context is done.
func rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// trial makes one trial: one contender fetches the batch once.
func (e *Experiment) trial(ctx context.Context, round, contender int, runStart time.Time) (results.Trial, error) {
	c := e.contenders[contender]
	limit := e.plan.Limits.trial(e.n, max(1, c.Limit(e.n)))
	inside, cancel := context.WithTimeoutCause(ctx, limit, errTrialLimit)
	defer cancel()
	b := &Batch{
		Requests: e.target.batch(e.n, round, contender),
		Config:   e.target.config,
		Warm:     e.plan.Connections == Warm,
		slots:    make([]slot, e.n),
	}
	t := results.Trial{Round: round, Contender: c.String()}
	var machine reading
	var unready error
	b.before = func() {
		unready = e.target.reset(inside)
		runtime.GC()
		t.StartNS = time.Since(runStart).Nanoseconds()
		machine = read()
	}
	b.after = func() { t.Machine = read().since(machine) }
	if err := c.Fetch(inside, b); err != nil {
		return t, fmt.Errorf("contender %s, round %d: %w", c, round, err)
	}
	if unready != nil {
		return t, fmt.Errorf("embedded upstream: %w", unready)
	}
	b.fill(&t)
	t.Outcome = outcome(ctx, inside, &t, b)
	if t.Outcome == results.Aborted {
		return t, nil // cut short anywhere: there is nothing to hold it against
	}
	var err error
	t.Seen, err = e.target.seen(ctx, &t, contender)
	return t, err
}

// fill writes what the batch recorded into the trial.
func (b *Batch) fill(t *results.Trial) {
	t.ElapsedNS = b.clock.elapsed.Nanoseconds()
	t.Requests = b.records()
	t.Tally = t.Count(len(b.slots))
	t.Tally.Opened = b.opened
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

// reset clears the counts of the embedded upstream.
func (t *target) reset(ctx context.Context) error {
	if t.embedded == nil {
		return nil
	}
	return t.embedded.Reset(ctx)
}
