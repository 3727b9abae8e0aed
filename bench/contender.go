package bench

import (
	"context"
	"errors"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/client"
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

// A scheduled contender is a strategy over the client of this project.
type scheduled struct {
	name     string
	strategy fetchers.Strategy
	// kept is the client of the trial before, for warm connections.
	kept *client.Client
}

// New makes a contender of a strategy, under a name of its own. It is how a
// strategy that is in no list is measured.
func New(name string, s fetchers.Strategy) Contender { return &scheduled{name: name, strategy: s} }

// ParseContender makes the contender that a spec such as "pool:8" names.
func ParseContender(spec string) (Contender, error) {
	s, err := ParseStrategy(spec)
	if err != nil {
		return nil, err
	}
	return New(spec, s), nil
}

// String is the contender's name.
func (c *scheduled) String() string { return c.name }

// Limit is the strategy's.
func (c *scheduled) Limit(n int) int { return fetchers.Limit(c.strategy, n) }

// Fetch lets the strategy schedule the calls, each made by a client that has as
// many idle connections as it can have in flight.
func (c *scheduled) Fetch(ctx context.Context, b *Batch) error {
	cl := c.kept
	if cl == nil {
		config := b.Config
		config.InFlight = c.Limit(len(b.Requests))
		cl = client.New(config)
	}
	if b.Warm {
		c.kept = cl
		b.connect(ctx, cl)
	}
	err := b.Measure(ctx, c.strategy, cl.Fetch)
	if !b.Warm {
		cl.Close() // also ends dials that no request waits for
	}
	return err
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
