package bench

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/fetchers/policy"
	"github.com/fetchbench/fetchbench/results"
)

// A Contender is one column of the comparison. It is asked once a trial to fetch
// the batch; the batch keeps the clock and the count.
//
// A Contender that is an io.Closer is closed when the run ends.
type Contender interface {
	// String is the name of the column, unique within a run.
	String() string
	// Limit is how many of n requests it may have in flight at once.
	Limit(n int) int
	// Fetch fetches the batch. What requests come to is data; an error means
	// that there is no trial to speak of, and ends the run.
	Fetch(ctx context.Context, b *Batch) error
}

// A scheduled contender is a strategy over the client of this project: when calls
// are made, how each is made, and over what.
type scheduled struct {
	name     string
	strategy fetchers.Strategy
	policies []policy.Policy
	over     Transport
	words    composition
	// kept is the client of the trial before, for warm connections.
	kept fetcher
}

// New makes a contender of a strategy, under a name of its own. It is how a
// strategy that is in no list is measured.
func New(name string, s fetchers.Strategy) Contender { return &scheduled{name: name, strategy: s} }

// ParseContender makes the contender that a spec names: a strategy, policies in
// any order and a transport, as in "pool:8+retry:3@h2".
func ParseContender(spec string) (Contender, error) {
	c, err := parseContender(spec)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// parseContender is ParseContender with the type that it makes.
func parseContender(spec string) (*scheduled, error) {
	words := parts(spec)
	c := &scheduled{name: spec, words: words}
	if over, policies, after := strings.Cut(words.transport, "+"); after {
		words.transport = over
		words.policies = append(words.policies, strings.Split(policies, "+")...)
		return nil, &SpecError{Spec: spec, Reason: "policies come before the transport", Meant: words.String()}
	}
	var err error
	if c.strategy, err = ParseStrategy(words.strategy); err != nil {
		return nil, words.blame(&words.strategy, err)
	}
	for i, word := range words.policies {
		p, err := find("policy", Policies(), word)
		if err != nil {
			return nil, words.blame(&words.policies[i], err)
		}
		c.policies = append(c.policies, p)
	}
	if words.carried {
		if c.over, err = find("transport", Transports(), words.transport); err != nil {
			return nil, words.blame(&words.transport, err)
		}
	}
	return c, c.check()
}

// check refuses what cannot work together, whatever is fetched.
func (c *scheduled) check() error {
	if err := policy.Check(c.policies); err != nil {
		return &SpecError{Spec: c.name, Reason: err.Error()}
	}
	return nil
}

// hedged tells whether a request may have two attempts in flight.
func (c *scheduled) hedged() bool { return has[policy.Hedge](c) }

// shares tells whether a request may be answered by the attempt of another.
func (c *scheduled) shares() bool { return has[policy.Dedup](c) }

// has tells whether a contender has a policy of a kind.
func has[P policy.Policy](c *scheduled) bool {
	return slices.ContainsFunc(c.policies, func(p policy.Policy) bool {
		_, is := p.(P)
		return is
	})
}

// String is the contender's name.
func (c *scheduled) String() string { return c.name }

// Limit is the strategy's.
func (c *scheduled) Limit(n int) int { return fetchers.Limit(c.strategy, n) }

// size is the number in the name of the strategy, 0 if there is none.
func (c *scheduled) size() int {
	_, value, _ := strings.Cut(c.words.strategy, ":")
	size, err := strconv.Atoi(value)
	if err != nil {
		return 0
	}
	return size
}

// attempts is how many attempts may be in flight at once.
func (c *scheduled) attempts(n int) int {
	if c.hedged() {
		return 2 * c.Limit(n)
	}
	return c.Limit(n)
}

// tries is how often a request may be sent, and how many of those may be in flight
// together.
func (c *scheduled) tries() (tries, twice int) {
	tries, twice = 1, 1
	for _, p := range c.policies {
		switch p := p.(type) {
		case policy.Retry:
			tries = times(tries, 1+max(0, cmp.Or(p.Retries, policy.DefaultRetries)))
		case policy.Hedge:
			tries, twice = times(tries, 2), 2
		}
	}
	return tries, twice
}

// column is what the header says of the contender.
func (c *scheduled) column(n int) results.Column {
	return results.Column{Name: c.name, Asked: c.Limit(n), Transport: c.words.transport, Policies: c.words.policies}
}

// Fetch lets the strategy schedule the calls, each made by a client that has as
// many idle connections as it can have in flight.
func (c *scheduled) Fetch(ctx context.Context, b *Batch) error {
	cl := c.kept
	if cl == nil {
		config := b.Config
		config.InFlight = c.attempts(len(b.Requests))
		cl = c.over.client(config)
	}
	if b.Warm {
		c.kept = cl
		b.connect(ctx, cl.Fetch)
	}
	b.noted.pooled = c.shares()
	opened := cl.Opened()
	err := b.Measure(ctx, c.strategy, c.fetch(b, cl.Fetch))
	if c.over.Uncounted {
		b.Opened(int(cl.Opened() - opened))
	}
	if !b.Warm {
		cl.Close() // also ends dials that no request waits for
	}
	return err
}

// fetch puts the policies around the client. A client has a deadline an attempt,
// and a request has one too, however many attempts it takes.
func (c *scheduled) fetch(b *Batch, inner client.Fetch) client.Fetch {
	if len(c.policies) == 0 {
		return inner
	}
	chain := policy.Chain(seeded(c.policies, b.Seed), inner)
	return func(ctx context.Context, r client.Request) client.Outcome {
		ctx, cancel := context.WithTimeoutCause(ctx, b.Config.Timeout, client.ErrTimeout)
		defer cancel()
		return chain(ctx, r)
	}
}

// Close gives up warm connections.
func (c *scheduled) Close() error {
	if c.kept != nil {
		c.kept.Close()
		c.kept = nil
	}
	return nil
}

// errRepeated is what a strategy gets for making a call again.
var errRepeated = errors.New("this call was made before")
