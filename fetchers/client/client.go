// Package client makes one HTTP request on the wire and says what became of it.
//
// It exists because a benchmark may not trust a client that hides things. Here a
// body is read to its end and checked, one deadline covers dialling, headers and
// body, bytes are bounded as well as time, and what went out on the wire is
// counted: nothing is sent a second time behind the caller's back. Every outcome
// falls into the closed vocabulary of [Classes].
//
// The wire is HTTP/1.1 or HTTP/2, as [Config.Transport] says. Packages h3 and fast
// below this one bring HTTP/3 and fasthttp, with the same outcomes.
//
// It does not retry, hedge or limit rates (policies that wrap a [Fetch] do), keeps
// no cookies, uses no proxy, and follows redirects within the same origin only.
// One thing it cannot prevent: net/http tells the standard logger when an upstream
// speaks on an idle connection. A program that shows its stderr to people sends the
// standard logger elsewhere.
//
// All times are durations on the monotonic clock, all sizes bytes.
//
//	c := client.New(client.Config{InFlight: 8})
//	defer c.Close()
//	o := c.Fetch(ctx, client.Request{URL: "http://127.0.0.1:8080/"})
//	fmt.Println(o.Class, o.Status, o.Bytes)
package client

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// ErrTimeout is the cause of a context whose deadline ends a request as a timeout.
// A caller that sets a deadline of its own and wants class timeout, not cancelled,
// names it: context.WithTimeoutCause(ctx, d, client.ErrTimeout).
var ErrTimeout = errors.New("the deadline of the request passed")

// ErrNotAgreed is the error of a dial that was not to be made, of class local_refused.
var ErrNotAgreed = errors.New("nothing was sent, because nobody has agreed to it")

// A Config says how requests are made. The zero value is ready for use.
type Config struct {
	// Timeout bounds a request from its start to the last byte; 0 means 10 s.
	Timeout time.Duration
	// Transport says over what requests are made; 0 means H1.
	Transport Transport
	Limits
	// Redirects followed within the same origin; 0 means 10, below 0 none.
	Redirects int
	// InFlight is how many requests the caller will have in flight at most, those
	// of hedges included. What it means depends on the transport:
	//
	//   - over H1, H1NoKeepAlive and fasthttp no more connections than that are open
	//     to a host and a request beyond it waits for one of them; but for
	//     H1NoKeepAlive all are kept for reuse. 0 keeps one and bounds nothing;
	//   - over H1Default it means nothing, as it does not to those who use the
	//     defaults: two connections are kept and as many opened as are wanted;
	//   - over H2, H2C and HTTP/3 it means nothing, because requests share
	//     connections. HTTP/2 opens one, or up to as many as a cold burst has
	//     requests, of which all but one are closed again. HTTP/3 opens one.
	InFlight int
	// UserAgent is sent unless a request brings its own; empty means fetchbench.
	UserAgent string
	// Dial opens connections, but those of HTTP/3; nil means a net.Dialer.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Allow says why a host may not be dialled at an address, of which it is asked
	// once the name was looked up and before anything is sent. It is for HTTP/3, as
	// every Dial can decide for itself; nil allows all.
	Allow func(host, address string) error
	// RoundTripper replaces the wire by an in-process mock. Attempts are then
	// counted as it is called, and there are no phases.
	RoundTripper http.RoundTripper
	// Roots are the authorities trusted for https; nil means the system's.
	Roots *x509.CertPool
}

// Limits bound what is read of one answer.
type Limits struct {
	// WireLimit, DecodedLimit and HeaderLimit bound the body as sent, the body
	// once decoded, and the headers; 0 means 8 MiB, 32 MiB and 256 KiB.
	WireLimit, DecodedLimit, HeaderLimit int64
	// HeadersOnly returns after the headers of an answer and closes its body unread. Over
	// HTTP/1.1 that closes the connection with it, and nobody knows whether the body
	// would have been complete.
	HeadersOnly bool
}

// Filled returns the limits with every default in its place.
func (l Limits) Filled() Limits {
	return Limits{cmp.Or(l.WireLimit, 8<<20), cmp.Or(l.DecodedLimit, 32<<20), cmp.Or(l.HeaderLimit, 256<<10), l.HeadersOnly}
}

// filled returns the configuration with every default in its place.
func (c Config) filled() Config {
	c.Timeout = cmp.Or(c.Timeout, 10*time.Second)
	c.Limits = c.Filled()
	c.Redirects = cmp.Or(c.Redirects, 10)
	c.UserAgent = cmp.Or(c.UserAgent, "fetchbench")
	if c.Dial == nil {
		c.Dial = new(net.Dialer).DialContext
	}
	return c
}

// A Client makes requests over connections of its own. It is safe for use by many
// goroutines at once. Close it to leave nothing behind.
type Client struct {
	config Config
	// wire is the transport in use, nil when a mock stands in for it.
	wire   *Wire
	shared values
	gzips  sync.Pool // of *gzip.Reader
	opened atomic.Int64
	// crowd is who shares the connections of a multiplexed wire.
	crowd crowd
}

// values are header values that all requests share, because nobody writes to them.
type values struct{ agent, gzip, identity []string }

// New returns a client. Dialling begins with the first request.
func New(config Config) *Client { return Over(config, wire) }

// Fetch makes the request, follows its redirects, and returns what became of it.
// It returns once the last byte is read, the deadline has passed or ctx is done.
// Whatever ends ctx makes the outcome cancelled, unless the cause is [ErrTimeout].
func (c *Client) Fetch(ctx context.Context, r Request) Outcome {
	ctx, cancel := context.WithTimeoutCause(ctx, c.config.Timeout, ErrTimeout)
	defer cancel()
	if c.multiplexed() {
		c.crowd.enter()
		defer c.leave()
	}
	var o Outcome
	if r.Keep {
		o.Answer = &Answer{URL: r.URL}
	}
	for {
		next, ok := c.exchange(ctx, cancel, &r, &o)
		if !ok || c.config.Redirects < 0 || !c.follow(&r, next, &o) {
			return o
		}
	}
}

// Opened returns how many connections have been dialled so far.
func (c *Client) Opened() int64 {
	if c.wire != nil && c.wire.Opened != nil {
		return c.wire.Opened()
	}
	return c.opened.Load()
}

// Close closes idle connections and ends dials that nobody waits for. A request
// that is still under way finishes, and its connection is closed after it.
func (c *Client) Close() {
	switch {
	case c.wire == nil:
	case !c.multiplexed():
		c.wire.Close()
	case c.crowd.close():
		c.hangUp()
	}
}

// multiplexed reports whether requests share connections.
func (c *Client) multiplexed() bool { return c.wire != nil && c.wire.Multiplexed }

// leave ends a request on shared connections, and the connections after the last.
func (c *Client) leave() {
	if c.crowd.leave() {
		c.hangUp()
	}
}

// hangUp closes connections that no request is on.
func (c *Client) hangUp() {
	c.wire.Close()
	c.crowd.disperse()
}
