package bench

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/results"
)

// A target is what is fetched from: the requests, how the client reaches them
// and, for an embedded upstream, who counts what arrives.
type target struct {
	requests []Request
	config   client.Config
	dials    dials
	// opened tells how many connections were opened since the last reset, and
	// accepted is the number of all for which the upstream has confirmed that.
	opened   func() int
	accepted int64
	// embedded is nil for real endpoints.
	embedded upstream.Upstream
	profile  upstream.Profile
	form     string
}

// open finds or starts what the plan fetches from.
func (p Plan) open(ctx context.Context, userAgent string) (*target, error) {
	t := &target{requests: p.URLs, config: p.Limits.config(userAgent)}
	t.dials.open, t.config.Dial = new(net.Dialer).DialContext, t.dials.dial
	t.opened = t.dials.since()
	if p.Upstream.Profile == "" {
		return t, nil
	}
	var err error
	if t.profile, err = p.Upstream.profile(); err != nil {
		return nil, err
	}
	urls, err := t.serve(ctx, p.Upstream)
	if err != nil {
		return nil, fmt.Errorf("embedded upstream: %w", err)
	}
	for _, u := range urls {
		t.requests = append(t.requests, Request{URL: u})
	}
	return t, nil
}

// serve starts the embedded upstream in the form that is asked for.
func (t *target) serve(ctx context.Context, u Upstream) ([]string, error) {
	t.form = u.Form
	if t.form == "" {
		t.form = FormServer
		if len(u.Command) > 0 {
			t.form = FormProcess
		}
	}
	switch t.form {
	case FormMock:
		mock := upstream.Mock(t.profile)
		t.embedded, t.config.RoundTripper = mock, mock.Transport()
		return mock.URLs(), nil
	case FormMemory:
		memory := upstream.NewMemory(t.profile)
		t.embedded, t.dials.open = memory, memory.Dial
		return memory.URLs(), nil
	}
	t.dials.open = dialLoopback
	if t.form == FormServer {
		server, err := upstream.Serve("", t.profile, upstream.Options{})
		if err != nil {
			return nil, err
		}
		t.embedded = server
		return server.URLs(), nil
	}
	process, err := upstream.Start(ctx, u.Command, t.profile, upstream.Options{})
	if err != nil {
		return nil, err
	}
	t.embedded = process
	return process.URLs(), nil
}

// close ends the embedded upstream.
func (t *target) close() error {
	if t.embedded == nil {
		return nil
	}
	return t.embedded.Close()
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

// batch lists the requests of one trial.
func (t *target) batch(n, round, contender int) []client.Request {
	out := make([]client.Request, n)
	for i := range out {
		out[i] = t.requests[i%len(t.requests)].live(t.id(round, contender, i))
	}
	return out
}

// id names a request to the embedded upstream. Others are sent none: to them it
// would be a header that browsers and services do not send.
func (t *target) id(round, contender, i int) string {
	if t.embedded == nil {
		return ""
	}
	return upstream.RequestID(round, contender, i)
}

// describe is what the header says of the target.
func (t *target) describe(n int) results.Target {
	out := results.Target{Requests: n, Embedded: t.profile.Name, Form: t.form, Scale: t.profile.Scale, Cold: t.profile.Latency.Cold > 1}
	for _, r := range t.requests {
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
