package bench

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/results"
)

// routePrefix begins the spec of a whole route: route:URL.
const routePrefix = "route:"

// A Route is a contender that is a route of a web app. A trial is one GET of it by each
// of its callers, all at once, and ends when the last of them has its answer.
//
// In a plan of routes only these GETs are the batch, with records like any other. In
// all other plans the batch is what the route fetches itself, once for each caller: an
// embedded upstream then says what there was, and a route that fetched another number
// of requests failed.
type Route struct {
	spec    string
	request Request // as it is written
	callers int
	alone   bool
	reach   reach
	kept    *client.Client // of the trial before, for warm connections
}

// A reach is how a route is fetched in a run.
type reach struct {
	live   Request // with its secrets
	config client.Config
	// side has the manners towards the app.
	side side
	app  App // nil if somebody else has started it
}

// IsRoute tells whether a spec is that of a whole route.
func IsRoute(spec string) bool { return strings.HasPrefix(spec, routePrefix) }

// newRoute makes the contender that a spec names.
func newRoute(spec string, p Plan) (*Route, error) {
	r := &Route{
		spec: Conceal(spec), request: Request{URL: strings.TrimPrefix(spec, routePrefix)},
		callers: max(1, p.Clients), alone: p.alone(),
	}
	refuse := func(format string, args ...any) (*Route, error) {
		return nil, &SpecError{Spec: r.spec, Reason: fmt.Sprintf(format, args...)}
	}
	if err := r.request.Check(); err != nil {
		return refuse("%v", err)
	}
	limit := fdLimit()
	switch {
	case p.Upstream.Form == FormMock:
		return refuse("a web app needs an upstream with sockets, and the plan is on the form %s", p.Upstream.Form)
	case p.Upstream.TLS:
		return refuse("the embedded upstream has a certificate of its own over TLS, which a web app does not trust")
	case p.Repeat > 1:
		return refuse("a trial is one GET of the route: make more --rounds in place of --repeat")
	case p.Requests > 0 && r.alone:
		return refuse("there is no batch of requests beside the route: say with --clients how many callers it has")
	case limit > 0 && uint64(r.callers)+spareFiles > limit:
		return refuse("%d callers need %d open files, and the limit is %d: raise it with ulimit -n, or have fewer", r.callers, r.callers+spareFiles, limit)
	}
	return r, nil
}

// String is the spec, without what looks like a secret.
func (r *Route) String() string { return r.spec }

// Limit is how many requests may be in flight: the callers' own, or all that the route
// fetches for them.
func (r *Route) Limit(n int) int {
	if r.alone {
		return r.callers
	}
	return times(n, r.callers)
}

// Fetch has every caller GET the route once.
func (r *Route) Fetch(ctx context.Context, b *Batch) error {
	cl := r.kept
	if cl == nil {
		config := r.reach.config
		config.InFlight = r.callers
		cl = client.New(config)
	}
	if b.Warm {
		r.kept = cl
	} else {
		defer cl.Close()
	}
	if r.alone {
		if err := b.Measure(ctx, fetchers.Goroutines{}, cl.Fetch); err != nil {
			return err
		}
		for i := range b.slots {
			if o := &b.slots[i].outcome; o.Class != client.ClassOK && ctx.Err() == nil {
				return r.gone()
			}
		}
		return nil
	}
	return r.apart(ctx, b, cl)
}

// apart is Fetch where the batch is what the route fetches itself.
func (r *Route) apart(ctx context.Context, b *Batch, cl *client.Client) error {
	b.Whole()
	b.noted.route = true
	outcomes := make([]client.Outcome, r.callers)
	err := b.Elsewhere(ctx, func(ctx context.Context) error {
		return fetchers.Goroutines{}.Run(ctx, len(outcomes), func(ctx context.Context, i int) error {
			outcomes[i] = cl.Fetch(ctx, r.reach.live.live(""))
			return nil
		})
	})
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	for i := range outcomes {
		o := &outcomes[i]
		r.reach.side.note(0, o)
		if o.Class == client.ClassOK {
			continue
		}
		if err := r.gone(); err != nil {
			return err
		}
		return &Broken{Class: string(o.Class), Err: cmp.Or(o.Err, fmt.Errorf("the route answered with status %d", o.Status))}
	}
	return err
}

// appPatience is how long an app gets that hung up, until its end can be seen.
const appPatience = 250 * time.Millisecond

// gone is the error of a route whose app has ended by itself, nil of one that runs or
// was started by somebody else.
func (r *Route) gone() error {
	if r.reach.app == nil {
		return nil
	}
	return r.reach.app.Ended(appPatience)
}

// Close gives up warm connections.
func (r *Route) Close() error {
	if r.kept != nil {
		r.kept.Close()
		r.kept = nil
	}
	return nil
}

// column is what the header says of the route.
func (r *Route) column(n int, v veil) results.Column {
	return results.Column{Name: r.spec, Asked: r.Limit(n), Route: v.url(r.request.URL)}
}

// classUnplanned is the class of requests in a trial that made more of them than the
// batch has.
const classUnplanned = "not_the_batch"

// strayed names it when a route fetched something else than the batch once for each
// caller, or a command had more good answers than the batch has requests: what failed it
// may have sent again. Who fetched more fails here; who fetched less is unfetched.
func (b *Batch) strayed(t *results.Trial, counts upstream.Counts) []string {
	made, planned, text := counts.Requests.Started, t.Tally.Planned, "the route made %d of %d upstream requests"
	if !b.noted.route {
		made, text = max(planned, counts.Statuses[http.StatusOK]), "it made %d of %d requests"
	}
	if !b.noted.whole || t.Outcome != results.OK || made == planned {
		return nil
	}
	text = fmt.Sprintf(text, made, planned)
	if made > planned {
		t.Outcome, t.Tally.OK, t.Tally.Failed = results.Failed, 0, planned
		t.Tally.Failures = []results.Failure{{Class: classUnplanned, Count: planned, AtNS: t.ElapsedNS, Text: text}}
	}
	return []string{text}
}

var _ Contender = (*Route)(nil)
