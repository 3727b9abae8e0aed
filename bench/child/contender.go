package child

import (
	"context"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results"
)

// A Contender is a child. It is started once, for all trials; when it has broken it
// stays broken, and every later trial says so.
type Contender struct {
	spec    string
	command command
	path    string
	talk    *dialogue
	broken  error
	plans   int // how many it was given
	warm    bool
	limits  limits
}

// New makes the contender that a spec names, of a plan that it suits. The program must
// be there; it is not started yet.
func New(spec string, p bench.Plan) (bench.Contender, error) {
	c := &Contender{spec: bench.Conceal(spec), limits: defaults()}
	var err error
	if c.command, err = parse(spec); err != nil {
		return nil, err
	}
	if reason := unsuited(p); reason != "" {
		return nil, &bench.SpecError{Spec: c.spec, Reason: reason}
	}
	if c.path, err = c.command.find(); err != nil {
		return nil, &bench.SpecError{Spec: c.spec, Reason: err.Error()}
	}
	return c, nil
}

// unsuited says why no child can fetch what the plan wants fetched, empty where one can.
func unsuited(p bench.Plan) string {
	switch {
	case p.Upstream.Form == bench.FormMock || p.Upstream.Form == bench.FormMemory:
		return "a child needs an upstream with sockets, and the plan is on the form " + p.Upstream.Form
	case p.Upstream.TLS:
		return "the embedded upstream has a certificate of its own over TLS, which a child does not trust"
	case p.Repeat > 1:
		return "a trial of a child is one fan-out: it cannot be repeated within"
	}
	for _, r := range p.URLs {
		if r.Body != "" {
			return "the child protocol has no request bodies"
		}
	}
	return ""
}

// String is the spec, without what looks like a secret.
func (c *Contender) String() string { return c.spec }

// Limit is how many requests it may have in flight.
func (c *Contender) Limit(n int) int { return c.command.limit(n) }

// Start starts the child and waits until it is ready. The time that this takes is
// nobody's makespan, and is told.
func (c *Contender) Start(ctx context.Context) results.Column {
	begun := time.Now()
	process, err := start(c.path, c.command.argv, c.limits)
	if err != nil {
		c.broken = &bench.Broken{Class: ClassMissing, Err: err}
		return results.Column{Process: &results.Process{}}
	}
	c.talk = &dialogue{process: process}
	was, err := c.talk.greet(ctx, c.command)
	if err != nil {
		c.talk.giveUp(err)
		c.broken = c.talk.explain(err)
	}
	return results.Column{Process: &results.Process{
		Program: was.Name, Language: was.Lang, Library: was.Lib, StartedNS: time.Since(begun).Nanoseconds(),
	}}
}

// Fetch has the child fetch the batch: it is given the plan, then the clock runs from
// the order to go to the line that says finished, then its records are read. Before the
// first batch it fetches the beginning of one, to have everything loaded.
func (c *Contender) Fetch(ctx context.Context, b *bench.Batch) error {
	if c.talk == nil && c.broken == nil {
		c.Start(ctx) // as it was made without an experiment
	}
	if c.broken != nil {
		return c.fail(ctx, b)
	}
	if !c.warm {
		c.warm, c.broken = true, c.spent(ctx, c.warmUp(ctx, b))
	}
	err := c.broken
	var order order
	if err == nil {
		c.plans++
		order = c.order(b, c.plans, b.Planned())
		err = c.talk.arm(ctx, order, b.Request)
	}
	var wall micros
	over := b.Elsewhere(ctx, func(ctx context.Context) error {
		if err == nil {
			wall, err = c.talk.run(ctx, order)
		}
		return err
	})
	if over == nil {
		over = c.hear(ctx, b, order, wall)
	}
	c.broken = mute(c.spent(ctx, over))
	return c.talk.explain(over)
}

// fail is the trial of a child that has broken before. What it last said is told once.
func (c *Contender) fail(ctx context.Context, b *bench.Batch) error {
	err := c.broken
	c.broken = mute(err)
	return b.Elsewhere(ctx, func(context.Context) error { return err })
}

// spent is the error of a child that is of no more use, nil for one that only could
// not, or did not want to, fetch this batch.
func (c *Contender) spent(ctx context.Context, err error) error {
	switch {
	case c.broken != nil:
		return c.broken
	case err == nil || usable(err):
		return nil
	case ctx.Err() != nil: // the trial ended before the child did anything wrong
		return c.talk.settle()
	}
	c.talk.giveUp(err)
	return c.talk.explain(err)
}

// warmUp has the child fetch up to ten requests that count for nothing.
func (c *Contender) warmUp(ctx context.Context, b *bench.Batch) error {
	list := harmless(b)
	if len(list) == 0 {
		return nil
	}
	c.plans++
	order := c.order(b, c.plans, len(list))
	err := c.talk.arm(ctx, order, func(i int) request { list[i].ID = b.Warming(); return list[i] })
	if err != nil {
		return err
	}
	wall, err := c.talk.run(ctx, order)
	if err != nil {
		return err
	}
	_, _, err = c.talk.records(ctx, order, wall, list)
	return err
}

// order is the plan of n requests.
func (c *Contender) order(b *bench.Batch, id, n int) order {
	redirects := b.Config.Redirects
	if redirects == 0 {
		redirects = defaultRedirects
	}
	return order{
		signal: signal{"plan", id}, N: n, Mode: c.command.mode, Concurrency: c.command.concurrency,
		TimeoutMS: max(1, b.Timeout().Milliseconds()), Redirects: max(0, redirects),
		pooling: pooling{KeepAlive: true, ReuseClient: b.Warm, ReadBody: !b.Config.HeadersOnly},
	}
}

// defaultRedirects is how many redirects are followed where the plan says nothing, as
// by the client of this project.
const defaultRedirects = 10

// hear reads the records of the batch and hands them in, unless the clocks refute them.
func (c *Contender) hear(ctx context.Context, b *bench.Batch, o order, wall micros) error {
	requests := make([]request, o.N)
	for i := range requests {
		requests[i] = b.Request(i)
	}
	claims, said, err := c.talk.records(ctx, o, wall, requests)
	if err != nil {
		return err
	}
	if err := plausible(wall, b.Elapsed()); err != nil {
		return err
	}
	b.Tell(results.Own{ElapsedNS: wall.ns(), CPUNS: said.UserUS.ns() + said.SysUS.ns(), MaxBytes: said.held()})
	return b.Claim(claims)
}

// Close ends the child, and whatever it has left in its process group.
func (c *Contender) Close() error {
	if c.talk != nil {
		c.talk.process.close()
	}
	return nil
}

var _ bench.Elsewhere = (*Contender)(nil)
