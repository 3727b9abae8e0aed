package bench

import (
	"context"
	"errors"
	"math"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"github.com/fetchbench/fetchbench/fetchers"
)

// What a host that is not private gets without being asked for: this many requests
// over the whole run, and so many in flight.
const (
	mostUnasked       = 1000
	mostUnaskedFlight = 32
)

// mostWarming is how many requests a contender that is elsewhere may make before its
// first trial.
const mostWarming = 10

// longestLookup bounds how long names are looked up before a run, all together.
const longestLookup = 10 * time.Second

// ErrNoConsent is the error of a run that would ask more of a host than it may
// without somebody's consent. Nothing was sent.
var ErrNoConsent = errors.New("needs consent")

// A Footprint is what a run would ask of whom, at most: warm-up, retries and hedges
// are in it, redirects are not. Trials that end early make it less. Bytes are those
// of bodies and headers as sent, if every answer went to its limits. Time is what
// every trial may take at most, bounded by the limit of the run.
type Footprint struct {
	// Hosts are those of the URLs in their order; there are none for an embedded
	// upstream, which is on this machine.
	Hosts              []Load
	Contenders         []string
	Requests, InFlight int
	Bytes              int64
	Time               time.Duration
}

// A Load is what a run asks of one host. Foreign says that an address of it is
// neither loopback nor private nor link-local. A host without Addresses has a name
// that was not found: nothing is known of it. Unknown says that there is no such name,
// which is more than that nobody answered for it.
type Load struct {
	Host               string
	Addresses          []netip.Addr
	Foreign, Unknown   bool
	Requests, InFlight int
	// Elsewhere says that some of it comes from contenders that dial by themselves,
	// where neither the address nor the number of requests can be checked.
	Elsewhere bool
}

// Heavy tells whether the load is more than a host that is not private should get
// without somebody's consent. One that nobody here can bound always is.
func (l Load) Heavy() bool {
	return l.Elsewhere || l.Requests > mostUnasked || l.InFlight > mostUnaskedFlight
}

// Foreign lists the hosts that are not private.
func (f *Footprint) Foreign() []Load { return f.those(func(l Load) bool { return l.Foreign }) }

// Unknown lists the hosts of which there is no such name.
func (f *Footprint) Unknown() []Load { return f.those(func(l Load) bool { return l.Unknown }) }

// those lists the hosts of one kind.
func (f *Footprint) those(are func(Load) bool) []Load {
	return slices.DeleteFunc(slices.Clone(f.Hosts), func(l Load) bool { return !are(l) })
}

// NeedsConsent lists the hosts that are not private and get a heavy load.
func (f *Footprint) NeedsConsent() []Load {
	return slices.DeleteFunc(f.Foreign(), func(l Load) bool { return !l.Heavy() })
}

// A Lookup finds the addresses of a name.
type Lookup func(ctx context.Context, host string) ([]netip.Addr, error)

// Assess says what a plan would ask of whom. The hosts get nothing, but their names
// are looked up, for ten seconds at most: nil asks the resolver of the system. A
// name that is not found is no error, because its dial will fail.
func Assess(ctx context.Context, p Plan, lookup Lookup, own ...Contender) (*Footprint, error) {
	e := &Experiment{plan: p, contenders: own}
	if err := e.resolve(); err != nil {
		return nil, err
	}
	f := e.footprint()
	f.find(ctx, lookup, func(Load) bool { return true })
	return f, nil
}

// find looks up the hosts that are asked about. An address in the place of a name
// needs no lookup.
func (f *Footprint) find(ctx context.Context, lookup Lookup, asked func(Load) bool) {
	if lookup == nil {
		lookup = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, longestLookup)
	defer cancel()
	const atOnce = 8
	// Names that the time was not enough for stay unknown.
	_ = fetchers.Pool{Workers: atOnce}.Run(ctx, len(f.Hosts), func(ctx context.Context, i int) error {
		l := &f.Hosts[i]
		if address, err := netip.ParseAddr(l.Host); err == nil {
			l.Addresses = []netip.Addr{address}
		} else if asked(*l) {
			var wrong error
			var dns *net.DNSError
			l.Addresses, wrong = lookup(ctx, l.Host)
			l.Unknown = errors.As(wrong, &dns) && dns.IsNotFound
		}
		l.Foreign = slices.ContainsFunc(l.Addresses, foreign)
		return nil
	})
	f.together()
}

// together gives hosts that share an address, such as two names or two spellings of
// one, what they get together: the machine behind it gets the sum.
func (f *Footprint) together() {
	sums := make([]Load, len(f.Hosts))
	for i, a := range f.Hosts {
		for j, b := range f.Hosts {
			if i == j || a.Foreign && b.Foreign && meet(a.Addresses, b.Addresses) {
				sums[i].Requests, sums[i].InFlight = plus(sums[i].Requests, b.Requests), plus(sums[i].InFlight, b.InFlight)
			}
		}
	}
	for i := range f.Hosts {
		f.Hosts[i].Requests, f.Hosts[i].InFlight = sums[i].Requests, sums[i].InFlight
	}
}

// meet tells whether two lists have an address in common.
func meet(a, b []netip.Addr) bool {
	return slices.ContainsFunc(a, func(x netip.Addr) bool {
		return slices.ContainsFunc(b, func(y netip.Addr) bool { return x.Unmap() == y.Unmap() })
	})
}

// foreign tells whether an address is somebody else's: neither loopback nor private
// (RFC 1918, RFC 4193) nor link-local. One of IPv4 in IPv6 is what it is in IPv4, and
// the unspecified address is this machine.
func foreign(address netip.Addr) bool {
	address = address.Unmap()
	return !address.IsLoopback() && !address.IsPrivate() && !address.IsLinkLocalUnicast() && !address.IsUnspecified()
}

// footprint adds up what the trials may ask for, without looking names up.
func (e *Experiment) footprint() *Footprint {
	p := e.plan
	n, repeat, rounds := p.Batch(), max(1, p.Repeat)*max(1, p.Clients), p.Warmup+p.Rounds
	f := &Footprint{}
	var hosts []share
	if p.Upstream.Profile == "" {
		hosts = shares(p.URLs, n)
	}
	f.Hosts = make([]Load, len(hosts))
	f.routes(p)
	var took float64
	for _, c := range e.contenders {
		tries, twice := triesOf(c)
		_, apart := c.(Elsewhere)
		route, is := c.(*Route)
		apart = apart || is && !route.alone // the app dials as it likes
		limit := c.Limit(n)
		f.Contenders = append(f.Contenders, c.String())
		f.Requests = plus(f.Requests, times(n, repeat, rounds, tries))
		if apart { // which may warm up
			f.Requests = plus(f.Requests, min(n, mostWarming))
		}
		f.InFlight = max(f.InFlight, times(limit, twice))
		slots := limit
		if is {
			slots = 1
		}
		took += float64(rounds) * (float64(p.deadline(c, times(n, repeat), slots)) + 1.5*float64(p.Pause))
		for i, host := range hosts {
			l := &f.Hosts[i]
			l.Host, l.Elsewhere = host.name, l.Elsewhere || apart
			l.Requests = plus(l.Requests, times(host.requests, repeat, rounds, tries))
			if apart {
				l.Requests = plus(l.Requests, min(n, mostWarming))
			}
			if p.Connections == Warm {
				l.Requests = plus(l.Requests, times(len(host.origins), rounds))
			}
			l.InFlight = max(l.InFlight, times(min(limit, host.requests), twice))
		}
	}
	answer := p.Limits.config("").Filled()
	f.Bytes = int64(times(f.Requests, int(answer.WireLimit+answer.HeaderLimit)))
	f.Time = time.Duration(min(took, float64(p.Limits.Run.or(defaultRun))))
	return f
}

// routes adds what the GETs of whole routes ask of their hosts.
func (f *Footprint) routes(p Plan) {
	for _, host := range shares(p.routes(), len(p.routes())) {
		f.Hosts = append(f.Hosts, Load{
			Host: host.name, InFlight: max(1, p.Clients),
			Requests: times(host.requests, max(1, p.Clients), p.Warmup+p.Rounds),
		})
	}
}

// A share is what one host gets of a fan-out.
type share struct {
	name     string
	requests int
	origins  map[string]bool
}

// shares divides a fan-out of n requests among the hosts.
func shares(urls []Request, n int) (list []share) {
	at := map[string]int{}
	for i, r := range urls[:min(n, len(urls))] {
		name := hostOf(r.URL)
		place, known := at[name]
		if !known {
			place, at[name] = len(list), len(list)
			list = append(list, share{name: name, origins: map[string]bool{}})
		}
		requests := n / len(urls)
		if i < n%len(urls) {
			requests++
		}
		list[place].requests += requests
		list[place].origins[origin(r.URL)] = true
	}
	return list
}

// hostOf is the host of an address as it is dialled, in small letters.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address // which Validate has refused
	}
	return canonical(u.Hostname())
}

// canonical is a host in small letters and without letters beyond ASCII.
func canonical(host string) string {
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	}
	return strings.ToLower(host)
}

// triesOf is how often a contender may send a request, and how many of those may be
// in flight together.
func triesOf(c Contender) (tries, twice int) {
	s, ok := c.(*scheduled)
	if !ok {
		return 1, 1
	}
	return s.tries()
}

// times multiplies numbers from 0, and stays at the largest one where there is none
// for the product: a load that overflows must not look light.
func times(factors ...int) int {
	product := 1
	for _, f := range factors {
		if f != 0 && product > math.MaxInt/f {
			return math.MaxInt
		}
		product *= f
	}
	return product
}

// plus adds likewise.
func plus(a, b int) int {
	if a > math.MaxInt-b {
		return math.MaxInt
	}
	return a + b
}
