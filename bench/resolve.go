package bench

import (
	"cmp"
	"fmt"
	"math"
	"net/url"

	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/fetchers/policy"
)

// Resolve validates the plan and makes its contenders. What is wrong with the plan
// or with one of its specs, and what cannot work together, is an error: nothing has
// been sent. It asks neither the network nor the disk.
func (p Plan) Resolve() ([]Contender, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	for _, s := range p.Start {
		if err := p.Launcher.Check(s); err != nil {
			return nil, &FieldError{"start", fmt.Errorf("start %s: %w", Conceal(s.Command), err)}
		}
	}
	var list []Contender
	for _, spec := range p.Contenders {
		if own, err := p.made(spec); own != nil || err != nil {
			if err != nil {
				return nil, err
			}
			list = append(list, own)
			continue
		}
		c, err := parseContender(spec)
		if err != nil {
			return nil, err
		}
		c.strategy = p.keyed(c.strategy)
		if err := p.suits(c); err != nil {
			return nil, err
		}
		if p.Sweep && c.size() == 0 {
			return nil, &SpecError{Spec: c.name, Reason: "a sweep is of sizes, and this has none"}
		}
		list = append(list, c)
	}
	return list, nil
}

// made is the contender of a maker that recognises the spec; nil where none does.
func (p Plan) made(spec string) (Contender, error) {
	for _, m := range append([]Maker{routeMaker()}, p.Makers...) {
		switch {
		case !m.Is(spec):
			continue
		case p.Sweep:
			return nil, &SpecError{Spec: Conceal(spec), Reason: "a sweep is of sizes of a strategy"}
		case p.AA && cmp.Or(p.Baseline, p.Contenders[0]) == spec:
			return nil, &SpecError{Spec: Conceal(spec), Reason: "only a strategy can be measured against itself"}
		}
		return m.Make(spec, p)
	}
	return nil, nil
}

// routeMaker makes whole routes.
func routeMaker() Maker {
	return Maker{Is: IsRoute, Make: func(spec string, p Plan) (Contender, error) {
		r, err := newRoute(spec, p)
		if err != nil {
			return nil, err
		}
		return r, nil
	}}
}

// suits refuses a contender that cannot fetch what the plan wants fetched.
func (p Plan) suits(c *scheduled) error {
	for _, check := range []func(*scheduled) error{p.carries, p.repeats, p.onTime, p.descriptors} {
		if err := check(c); err != nil {
			return err
		}
	}
	return nil
}

// carries refuses a transport that does not speak the scheme of the URLs, or that
// has no upstream of its kind.
func (p Plan) carries(c *scheduled) error {
	refuse := func(reason, meant string) error {
		return &SpecError{Spec: c.name, Reason: reason, Meant: meant}
	}
	name := c.words.transport
	if p.Upstream.Profile != "" {
		return p.serves(c, refuse)
	}
	if c.over.Mock {
		return refuse("@"+name+" is for a profile of the embedded upstream, and there are URLs", "")
	}
	for _, r := range p.URLs {
		u, err := url.Parse(r.URL)
		if err == nil && c.over.Scheme != "" && u.Scheme != c.over.Scheme {
			return refuse(fmt.Sprintf("@%s needs %s URLs, got %s", name, c.over.Scheme, shown(r.URL)), instead(c.words))
		}
	}
	return nil
}

// serves refuses a transport that the embedded upstream does not serve in its form.
func (p Plan) serves(c *scheduled, refuse func(reason, meant string) error) error {
	switch {
	case p.Upstream.Form == FormMock && c.words.carried && !c.over.Mock:
		return refuse("the plan is on the in-process mock, which has no transports", c.words.without())
	case p.Upstream.Form == FormMemory && c.over.Scheme == "https":
		return refuse(fmt.Sprintf("the form %s has no TLS", FormMemory), c.words.without())
	case p.Upstream.TLS && c.over.Scheme == "http":
		return refuse("@"+c.words.transport+" speaks no TLS, and the plan wants it", "")
	}
	return nil
}

// instead is the same contender over the transport of the other scheme.
func instead(words composition) string {
	switch words.transport {
	case "h2":
		words.transport = "h2c"
	case "h2c":
		words.transport = "h2"
	default:
		return words.without()
	}
	return words.String()
}

// repeats refuses to send twice what the plan does not say can be sent twice.
func (p Plan) repeats(c *scheduled) error {
	if !c.hedged() {
		return nil
	}
	for _, r := range p.URLs {
		if live := r.live(""); !policy.Idempotent(live) {
			return &SpecError{Spec: c.name, Reason: fmt.Sprintf(
				"a hedge may send a request twice, and %s %s does not say that this is harmless: give it an Idempotency-Key header, or drop the hedge", live.Method, shown(r.URL))}
		}
	}
	return nil
}

// spareFiles are what a run needs besides its connections.
const spareFiles = 64

// descriptors refuses a contender that may open more connections than this process
// may have files. An upstream served in the same process has the other ends.
func (p Plan) descriptors(c *scheduled) error {
	limit := fdLimit()
	if c.over.Mock || c.over.Shared || p.Upstream.Form == FormMock || p.Upstream.Form == FormMemory || limit == 0 {
		return nil
	}
	n := p.Batch()
	need := c.attempts(n)
	if at := c.rate(); at > 0 { // no more can be under way than begin within a deadline
		most := math.Ceil(at*p.Limits.Timeout.or(defaultTimeout).Seconds()) + 1
		if c.hedged() {
			most *= 2
		}
		need = int(min(float64(need), most))
	}
	most := need
	if p.Upstream.Profile != "" && p.Upstream.form() == FormServer {
		need *= 2
	}
	if need += spareFiles; uint64(need) > limit {
		return &SpecError{Spec: c.name, Reason: fmt.Sprintf(
			"%d in flight need %d open files, and the limit is %d: raise it with ulimit -n %d, or ask for less", most, need, limit, need)}
	}
	return nil
}

// Batch is how many requests a fan-out of the plan has.
func (p Plan) Batch() int {
	switch {
	case p.Requests > 0:
		return p.Requests
	case len(p.URLs) > 0:
		return len(p.URLs)
	}
	profile, err := p.Upstream.profile()
	if err != nil {
		return 1 // which Validate has refused
	}
	return profile.URLs
}

// seeded gives the policies that draw what they draw from.
func seeded(list []policy.Policy, seed uint64) []policy.Policy {
	out := make([]policy.Policy, len(list))
	for i, p := range list {
		if r, is := p.(policy.Retry); is {
			r.Seed = seed
			p = r
		}
		out[i] = p
	}
	return out
}

// transport is what a contender's calls go over.
func transport(c Contender) Transport {
	if s, ok := c.(*scheduled); ok {
		return s.over
	}
	return Transport{}
}

var _ fetcher = (*client.Client)(nil)
