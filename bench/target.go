package bench

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/results"
)

// A target is what is fetched from: the requests, how the client reaches them
// and, for an embedded upstream, who counts what arrives.
type target struct {
	// plain is where requests go, secure the same over TLS, mock the same without
	// leaving the process. The last two are there only if a contender needs them.
	plain, secure, mock side
	config              client.Config
	dials               dials
	// opened tells how many connections were opened since the last reset, accepted
	// is the number of all for which the served upstream has confirmed that, and
	// arrived how many it had then seen since its own reset, those of HTTP/3 too.
	opened   func() int
	accepted int64
	arrived  int
	profile  upstream.Profile
	form     string
}

// A side is one way to the same endpoints. Its upstream is nil for real ones.
type side struct {
	requests []Request
	embedded upstream.Upstream
	// within answers without leaving the process; nil where requests do.
	within http.RoundTripper
	// manners are those towards hosts that are not private, and neighbours the hosts of
	// the requests; there are none of our own.
	manners    *manners
	neighbours []*neighbour
}

// note takes the outcome of request i into account, where its host is somebody's.
func (s *side) note(i int, o *client.Outcome) {
	if len(s.neighbours) > 0 {
		s.manners.note(s.neighbours[i%len(s.neighbours)], o)
	}
}

// at makes a side of the addresses of an embedded upstream.
func at(embedded upstream.Upstream, urls []string) side {
	s := side{embedded: embedded}
	for _, u := range urls {
		s.requests = append(s.requests, Request{URL: u})
	}
	return s
}

// open finds or starts what the plan fetches from.
func (p Plan) open(ctx context.Context, userAgent string, b *border, contenders []Contender) (*target, error) {
	t := &target{plain: side{requests: p.URLs}, config: p.Limits.config(userAgent)}
	t.config.HeadersOnly = p.Body == BodyHeaders
	t.dials.open, t.config.Dial = b.dial, t.dials.dial
	t.opened = t.dials.since()
	var err error
	if t.config.Roots, err = trusted(p.Authority); err != nil {
		return nil, err
	}
	if p.Upstream.Profile == "" {
		t.plain.manners, t.plain.neighbours, t.config.Allow = newManners(p.Limits.KeepGoing), b.neighbours(p.URLs), b.allow
		return t, nil
	}
	if t.profile, err = p.Upstream.profile(); err != nil {
		return nil, err
	}
	if err := t.serve(ctx, p.Upstream, contenders); err != nil {
		return nil, fmt.Errorf("embedded upstream: %w", err)
	}
	return t, nil
}

// serve starts the embedded upstream in the form that is asked for, and a mock
// beside it for contenders that name one.
func (t *target) serve(ctx context.Context, u Upstream, contenders []Contender) error {
	t.form = u.form()
	secure := u.TLS
	for _, c := range contenders {
		over := transport(c)
		secure = secure || over.Scheme == "https"
		if over.Mock || t.form == FormMock {
			mock := upstream.Mock(t.profile)
			t.mock = at(mock, mock.URLs())
			t.mock.within = mock.Transport()
		}
	}
	switch t.form {
	case FormMock:
		t.plain = t.mock
		return nil
	case FormMemory:
		memory := upstream.NewMemory(t.profile)
		t.plain, t.dials.open = at(memory, memory.URLs()), memory.Dial
		return nil
	}
	t.dials.open = dialLoopback
	up, err := t.start(ctx, u.Command, upstream.Options{Secure: secure})
	if err != nil {
		return err
	}
	t.plain = at(up, up.URLs())
	if secure {
		t.secure, t.config.Roots = at(up, up.SecureURLs()), up.Roots()
	}
	if u.TLS {
		t.plain = t.secure
	}
	return nil
}

// A served upstream is one that is fetched from over sockets.
type served interface {
	upstream.Upstream
	URLs() []string
	secured
}

// A secured upstream is served over TLS too, if it was asked to.
type secured interface {
	SecureURLs() []string
	Roots() *x509.CertPool
}

// start starts the upstream as a server, here or in a process of its own.
func (t *target) start(ctx context.Context, command []string, o upstream.Options) (served, error) {
	if t.form == FormServer {
		return upstream.Serve("", t.profile, o)
	}
	return upstream.Start(ctx, command, t.profile, o)
}

// side is the way that a contender takes.
func (t *target) side(c Contender) side {
	switch over := transport(c); {
	case over.Mock:
		return t.mock
	case over.Scheme == "https" && t.secure.embedded != nil:
		return t.secure
	}
	return t.plain
}

// close ends the embedded upstream.
func (t *target) close() error {
	var errs []error
	for _, s := range []side{t.plain, t.mock} {
		if s.embedded != nil {
			errs = append(errs, s.embedded.Close())
		}
	}
	return errors.Join(errs...)
}

// config is what the limits mean to a client.
func (l Limits) config(userAgent string) client.Config {
	return client.Config{
		Timeout: l.Timeout.or(defaultTimeout), Redirects: l.Redirects, UserAgent: userAgent,
		Limits: client.Limits{WireLimit: l.Wire, DecodedLimit: l.Decoded, HeaderLimit: l.Header},
	}
}

// trial is the deadline of a trial of n requests in so many slots.
func (l Limits) trial(n, slots int) time.Duration {
	waves := time.Duration((n + slots - 1) / slots)
	ten := 10 * min(longestTrial, l.Timeout.or(defaultTimeout))
	if waves > longestTrial/ten { // the product may be more than a Duration holds
		return l.Trial.or(longestTrial)
	}
	return l.Trial.or(waves * ten)
}

// batch lists the requests of one fan-out of a trial.
func (s side) batch(n, round, contender int) []client.Request {
	out := make([]client.Request, n)
	for i := range out {
		out[i] = s.requests[i%len(s.requests)].live(s.id(round, contender, i))
		out[i].Draw = uint64(contender)<<32 + uint64(i)
	}
	return out
}

// id names a request to the embedded upstream. Others are sent none: to them it
// would be a header that browsers and services do not send.
func (s side) id(round, contender, i int) string {
	if s.embedded == nil {
		return ""
	}
	return upstream.RequestID(round, contender, i)
}

// describe is what the header says of the target.
func (t *target) describe(n, repeat int) results.Target {
	out := results.Target{Requests: n, Embedded: t.profile.Name, Form: t.form, Scale: t.profile.Scale, Cold: t.profile.Latency.Cold > 1}
	if repeat > 1 {
		out.Repeat = repeat
	}
	for _, r := range t.plain.requests {
		out.URLs = append(out.URLs, r.URL)
	}
	return out
}

// origin is the scheme, host and port of an address.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Scheme + "://" + u.Host
}

// form is the form of the upstream, by default a process where there is a command
// for one.
func (u Upstream) form() string {
	if len(u.Command) > 0 {
		return cmp.Or(u.Form, FormProcess)
	}
	return cmp.Or(u.Form, FormServer)
}
