package bench

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Routes are what a plan says of whole routes, and of what is read of an answer.
type Routes struct {
	// Clients is how many callers GET a route at once; 0 means one. It is an axis of its
	// own beside the size of a batch.
	Clients int `yaml:"clients" json:"clients,omitempty"`
	// Start lists the programs that serve the routes. They are started before the first
	// trial and ended after the last.
	Start []Start `yaml:"start" json:"start,omitempty"`
	// Ready is how long one of them may take to answer; 0 means 30 s.
	Ready Duration `yaml:"ready_timeout" json:"ready_timeout,omitzero"`
	// Body is read (or empty) or headers: what every contender reads of an answer.
	Body string `yaml:"body" json:"body,omitempty"`
	// Launcher starts the programs.
	Launcher Launcher `yaml:"-" json:"-"`
}

// What every contender reads of an answer: all of it, or the headers.
const (
	BodyRead    = "read"
	BodyHeaders = "headers"
)

// A Start is a program that serves routes, and the URL at which it answers once it is
// ready, with any status below 500.
type Start struct {
	Command string `yaml:"command" json:"command"`
	Ready   string `yaml:"ready" json:"ready"`
}

// A Launcher starts programs that serve routes. Check refuses what can be told to be
// wrong before that. This package starts none itself.
type Launcher struct {
	Check  func(s Start) error
	Launch func(ctx context.Context, s Start, told Told) (App, error)
}

// Told is what an app is told about the run.
type Told struct {
	// Upstream is the base of the URLs of an embedded upstream, empty without one.
	Upstream string
	// URLs are the batch; there are none where routes are all that is fetched.
	URLs []string
	// Within is how long it may take to be ready.
	Within time.Duration
}

// An App is a program that serves routes, while it runs.
type App interface {
	// Ended waits no longer than within, and returns how the app ended by itself, as
	// Broken; nil while it runs.
	Ended(within time.Duration) error
	// Close ends it and all of its process group.
	Close() error
}

// defaultReady is how long an app may take to be ready.
const defaultReady = 30 * time.Second

// alone tells whether whole routes are all that is fetched.
func (p Plan) alone() bool {
	return p.Upstream.Profile == "" && len(p.URLs) == 0 && p.routesOnly()
}

// routesOnly tells whether all contenders are whole routes.
func (p Plan) routesOnly() bool {
	return len(p.Contenders) > 0 && len(p.routes()) == len(p.Contenders)
}

// routes are the requests of the contenders that are whole routes.
func (p Plan) routes() (list []Request) {
	for _, spec := range p.Contenders {
		if IsRoute(spec) {
			list = append(list, Request{URL: strings.TrimPrefix(spec, routePrefix)})
		}
	}
	return list
}

// fetched are all requests that this process makes: those of the batch, then routes.
func (p Plan) fetched() []Request {
	return append(p.URLs[:len(p.URLs):len(p.URLs)], p.routes()...)
}

// RouteDefaults is the plan that the command line begins with for whole routes and
// nothing else: ten rounds with the first one in them, as in the published table.
func RouteDefaults() (Plan, error) {
	p, err := Defaults("")
	p.Contenders, p.Rounds, p.Warmup = nil, routeRounds, 0
	return p, err
}

// routeRounds is how often routes are fetched where nothing else is fetched.
const routeRounds = 10

// routes refuses what whole routes cannot be fetched with.
func (c *check) routes(p Plan) {
	c.say(p.Clients < 0 || p.Clients > mostRequests/max(1, p.Batch()), "clients", "clients must be at least 1, and all their requests %d at most; got %d", mostRequests, p.Clients)
	c.say(p.Clients > 1 && !p.routesOnly(), "clients", "clients are the callers of whole routes, and not all contenders are routes (route:URL)")
	c.say(p.Body != "" && p.Body != BodyRead && p.Body != BodyHeaders, "body", "body must be read or headers, got %q", p.Body)
	c.duration("ready_timeout", "ready_timeout", p.Ready)
	c.say(len(p.Start) > 0 && len(p.routes()) == 0, "start", "start is for programs that serve whole routes, and no contender is one (route:URL)")
	for i, s := range p.Start {
		err := s.check()
		c.say(err != nil, fmt.Sprintf("start[%d]", i), "%w", err)
	}
}

// starts are programs as they may be written down.
func (v veil) starts(list []Start) (out []Start) {
	for _, s := range list {
		out = append(out, Start{Conceal(s.Command), v.url(s.Ready)})
	}
	return out
}

// check refuses a program that is not on this machine, or cannot be waited for.
func (s Start) check() error {
	if strings.TrimSpace(s.Command) == "" {
		return errors.New("there is no command to start")
	}
	if err := (Request{URL: s.Ready}).Check(); err != nil {
		return fmt.Errorf("ready: %w", err)
	}
	u, err := url.Parse(s.Ready)
	if err != nil {
		return err
	}
	at, err := netip.ParseAddr(u.Hostname())
	if u.Hostname() != "localhost" && (err != nil || !at.IsLoopback()) {
		return fmt.Errorf("ready: %s is not on loopback (127.0.0.1, ::1, localhost), where a program answers that is started here", shown(s.Ready))
	}
	return nil
}

// reach gives every route what it is fetched with. A route has as long as its trial,
// since it may do all its work one after the other.
func (e *Experiment) reach(b *border, live []Request) error {
	if len(live) == 0 {
		return nil
	}
	if e.target.plain.manners == nil {
		e.target.plain.manners = newManners(e.plan.Limits.KeepGoing)
	}
	for _, c := range e.contenders {
		r, ok := c.(*Route)
		if !ok || len(live) == 0 {
			continue
		}
		r.reach.live, live = live[0], live[1:]
		list := []Request{r.reach.live}
		r.reach.side = side{requests: list, manners: e.target.plain.manners, neighbours: b.neighbours(list)}
		config := e.target.config
		config.Timeout, config.Allow = e.limit(c)+time.Second, b.allow
		if !r.alone { // what the upstream is asked about are the connections of the app
			config.Dial = b.dial
		}
		var err error
		if config.Roots, err = trusted(e.plan.Authority); err != nil {
			return err
		}
		r.reach.config = config
	}
	return nil
}

// launch starts the programs of the plan, one after the other, and says which routes
// are whose.
func (e *Experiment) launch(ctx context.Context) error {
	told := Told{Within: e.plan.Ready.or(defaultReady)}
	if based, ok := e.target.plain.embedded.(interface{ Addr() string }); ok {
		told.Upstream = based.Addr()
	}
	if !e.plan.alone() {
		for _, r := range e.target.plain.batch(e.n, 0, 0) {
			told.URLs = append(told.URLs, r.URL)
		}
	}
	for _, s := range e.plan.Start {
		app, err := e.plan.Launcher.Launch(ctx, s, told)
		if err != nil {
			return fmt.Errorf("start %s: %w", Conceal(s.Command), err)
		}
		e.apps = append(e.apps, app)
		for _, c := range e.contenders {
			if r, ok := c.(*Route); ok && origin(r.request.URL) == origin(s.Ready) {
				r.reach.app = app
			}
		}
	}
	return nil
}
