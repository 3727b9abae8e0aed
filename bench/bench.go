// Package bench runs the experiment: every contender fetches the same batch in
// every round, in an order drawn anew for each round, and one trial after the
// other is handed to the caller, who writes it down before the next begins.
//
//	for trial, err := range bench.Run(ctx, plan) {
//		...
//	}
//
// It prints nothing, and judges nothing but when a run is precise enough and its
// own error (Selftest): results judges, the command line prints. It turns what the
// client says of a request, with errors and instants, into the numbers and words of
// the journal, so that the format of a file cannot change by accident.
//
// Timing is the monotonic clock's, from before the first call to after the last
// byte of the last body was read and checked. Collecting garbage, opening the
// upstream, pausing and asking the upstream what it saw lie outside.
package bench

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// ErrRunLimit is the reason of a run that reached its time limit.
var ErrRunLimit = errors.New("the run reached its time limit")

// An Experiment is a plan with everything it names found and started: the
// contenders, the upstream and the seed.
type Experiment struct {
	plan       Plan
	contenders []Contender
	target     *target
	header     results.Header
	n          int
	veil       veil
	// reached says why the run ended before its last round, if precision did it.
	reached string
	// grace is how long a contender may take to come back.
	grace  time.Duration
	outset outset
	// apps are the programs that the plan starts.
	apps []App
}

// Tool names the program that measures: for the journal, and as User-Agent.
type Tool struct {
	Name      string // "fetchbench 1.2.3"
	UserAgent string
	// Agreed is what was said and, where that is needed, agreed to before the run.
	// Without it Open looks up the hosts of heavy loads and refuses those that are
	// not private with ErrNoConsent.
	Agreed *Footprint
	// Key is what secrets are hashed with in all that is written down; runs under one
	// key can be compared in them. Without one a key is drawn for this run.
	Key []byte
	// Makers and Launcher are those of a plan that is read from a journal.
	Makers   []Maker
	Launcher Launcher
}

// or fills in what an experiment without a name says of itself.
func (t Tool) or() Tool {
	if t.Name == "" {
		t.Name = "fetchbench"
	}
	if t.UserAgent == "" {
		t.UserAgent = "fetchbench (+https://github.com/fetchbench/fetchbench)"
	}
	return t
}

// Open validates the plan and starts its embedded upstream. Contenders given as
// values replace those that the plan names. Nothing is fetched yet. The caller
// closes the experiment.
func Open(ctx context.Context, p Plan, tool Tool, own ...Contender) (*Experiment, error) {
	e := &Experiment{plan: p, contenders: own, grace: longestGrace}
	if err := e.resolve(); err != nil {
		return nil, err
	}
	if e.plan.Seed == 0 {
		e.plan.Seed = uint64(rand.Uint32N(1<<31)) + 1
	}
	border, err := e.border(ctx, tool.Agreed)
	if err != nil {
		return nil, err
	}
	// From here on there are the plan as it is written, and the one with its secrets
	// that is fetched and never put down anywhere.
	requests, found, err := e.plan.reveal()
	if err != nil {
		return nil, err
	}
	live := e.plan
	live.URLs = requests[:len(e.plan.URLs)]
	e.veil = newVeil(tool.Key).knowing(e.plan.fetched(), requests, found.with(append(p.commands(), p.Contenders...)))
	if e.target, err = live.open(ctx, tool.or().UserAgent, border, e.contenders); err != nil {
		return nil, err
	}
	e.n = cmp.Or(e.plan.Requests, len(e.target.plain.requests), 1)
	if err = e.reach(border, requests[len(e.plan.URLs):]); err == nil {
		err = e.launch(ctx)
	}
	if err == nil {
		e.header, err = e.describe(ctx, tool.or(), found)
	}
	if err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

// resolve makes the contenders and validates the plan with their names.
func (e *Experiment) resolve() error {
	if len(e.contenders) > 0 {
		e.plan.Contenders = nil
		for _, c := range e.contenders {
			e.plan.Contenders = append(e.plan.Contenders, c.String())
		}
		return e.plan.Validate()
	}
	var err error
	if e.contenders, err = e.plan.Resolve(); err != nil || !e.plan.AA {
		return err
	}
	return e.twins()
}

// border is that of what was agreed to.
func (e *Experiment) border(ctx context.Context, agreed *Footprint) (*border, error) {
	if agreed != nil {
		return newBorder(agreed, true), nil
	}
	f := e.footprint()
	f.find(ctx, nil, Load.Heavy)
	if list := f.NeedsConsent(); len(list) > 0 {
		return nil, fmt.Errorf("%d requests, at most %d in flight, to %s: %w", list[0].Requests, list[0].InFlight, list[0].Host, ErrNoConsent)
	}
	return newBorder(f, false), nil
}

// twins leaves the baseline and makes it again under another name.
func (e *Experiment) twins() error {
	spec := cmp.Or(e.plan.Baseline, e.plan.Contenders[0])
	e.plan.Contenders, e.contenders = []string{spec}, nil
	for _, name := range []string{spec, spec + " again"} {
		c, err := parseContender(spec)
		if err != nil {
			return err
		}
		c.name, c.strategy = name, e.plan.keyed(c.strategy)
		e.contenders = append(e.contenders, c)
	}
	return nil
}

// describe is the header of the run's journal. It passes through the veil.
func (e *Experiment) describe(ctx context.Context, tool Tool, found lookup) (results.Header, error) {
	p := &e.plan
	p.Baseline = Conceal(cmp.Or(p.Baseline, p.Contenders[0]))
	p.Order = cmp.Or(p.Order, Random)
	told := e.veil.plan(*p)
	text, err := json.Marshal(told)
	h := results.Header{
		Schema: results.Schema, Started: time.Now(), Plan: text,
		Environment: environment(tool.Name),
		Target:      e.target.describe(e.n, p.Repeat),
		Design: results.Design{
			Seed: p.Seed, Rounds: p.Rounds, Warmup: p.Warmup, Order: p.Order,
			Connections: p.Connections, Baseline: p.Baseline,
			PauseNS:   time.Duration(p.Pause).Nanoseconds(),
			TimeoutNS: p.Limits.Timeout.or(defaultTimeout).Nanoseconds(),
			Judging:   results.Judging{Precision: float64(p.Precision), AA: p.AA, Sweep: p.Sweep},
		},
	}
	h.Environment.PlanHash = planHash(text)
	h.Target.References = found.digests(e.veil)
	for i, r := range told.URLs {
		h.Target.URLs[i] = r.URL
	}
	h.Target.Clients = p.Clients
	if p.Body == BodyHeaders {
		h.Design.Body = p.Body
	}
	for _, c := range e.contenders {
		if r, ok := c.(*Route); ok {
			column := r.column(e.n, e.veil)
			if h.Contenders = append(h.Contenders, column); r.alone {
				h.Target.URLs = append(h.Target.URLs, column.Route)
			}
			continue
		}
		h.Contenders = append(h.Contenders, e.veil.column(column(ctx, c, e.n, p.Sweep)))
	}
	return h, err
}

// column is what the header says of a contender. One that is elsewhere starts for it.
func column(ctx context.Context, c Contender, n int, sweep bool) results.Column {
	if apart, ok := c.(Elsewhere); ok {
		column := apart.Start(ctx)
		column.Name, column.Asked = c.String(), max(0, min(n, cmp.Or(column.Asked, max(1, c.Limit(n)))))
		return column
	}
	s, ok := c.(*scheduled)
	if !ok {
		return results.Column{Name: c.String(), Asked: min(n, max(1, c.Limit(n)))}
	}
	column := s.column(n)
	if sweep {
		column.Size = s.size()
	}
	return column
}

// Header says what is measured, before the first trial.
func (e *Experiment) Header() results.Header { return e.header }

// Reached says why the trials ended before the last round of the plan although
// nothing was wrong: the precision that was asked for is there. It is empty
// otherwise, and before the trials have ended.
func (e *Experiment) Reached() string { return e.reached }

// Close ends the upstream and gives up what contenders kept. No goroutine, no
// connection and no process is left.
func (e *Experiment) Close() error {
	var errs []error
	for _, c := range e.contenders {
		if closer, ok := c.(io.Closer); ok {
			errs = append(errs, closer.Close())
		}
	}
	for _, app := range e.apps {
		errs = append(errs, app.Close())
	}
	return errors.Join(append(errs, e.target.close())...)
}

// Run opens the plan, yields its trials and closes it: Open, Trials and Close
// for those who need no header.
func Run(ctx context.Context, p Plan, own ...Contender) iter.Seq2[results.Trial, error] {
	return func(yield func(results.Trial, error) bool) {
		e, err := Open(ctx, p, Tool{}, own...)
		if err != nil {
			yield(results.Trial{}, err)
			return
		}
		open := true
		defer func() {
			if open { // the loop was left, by whatever way: its body has what it wants
				_ = e.Close()
			}
		}()
		for t, err := range e.Trials(ctx) {
			if !yield(t, err) {
				return
			}
		}
		open = false
		if err := e.Close(); err != nil {
			yield(results.Trial{}, fmt.Errorf("closing the run: %w", err))
		}
	}
}
