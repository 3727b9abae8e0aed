// Package client makes one HTTP/1.1 request on the wire and says what became of it.
//
// It exists because a benchmark may not trust a client that hides things. Here a
// body is read to its end and checked, one deadline covers dialling, headers and
// body, bytes are bounded as well as time, and what went out on the wire is
// counted: nothing is sent a second time behind the caller's back. Every outcome
// falls into the closed vocabulary of [Classes].
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
	"crypto/tls"
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

// A Config says how requests are made. The zero value is ready for use.
type Config struct {
	// Timeout bounds a request from its start to the last byte; 0 means 10 s.
	Timeout time.Duration
	// WireLimit, DecodedLimit and HeaderLimit bound the body as sent, the body
	// once decoded, and the headers; 0 means 8 MiB, 32 MiB and 256 KiB.
	WireLimit, DecodedLimit, HeaderLimit int64
	// Redirects followed within the same origin; 0 means 10, below 0 none.
	Redirects int
	// InFlight is how many requests the caller will have in flight at most, those
	// of hedges included. No more connections than that are open to a host, all
	// are kept for reuse, and a request beyond it waits for one of them. 0 keeps
	// one connection and bounds nothing.
	InFlight int
	// UserAgent is sent unless a request brings its own; empty means fetchbench.
	UserAgent string
	// Dial opens connections; nil means a net.Dialer.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// RoundTripper replaces the wire by an in-process mock. Attempts are then
	// counted as it is called, and there are no phases.
	RoundTripper http.RoundTripper
	// Roots are the authorities trusted for https; nil means the system's.
	Roots *x509.CertPool
}

// filled returns the configuration with every default in its place.
func (c Config) filled() Config {
	c.Timeout = cmp.Or(c.Timeout, 10*time.Second)
	c.WireLimit = cmp.Or(c.WireLimit, 8<<20)
	c.DecodedLimit = cmp.Or(c.DecodedLimit, 32<<20)
	c.HeaderLimit = cmp.Or(c.HeaderLimit, 256<<10)
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
	wire   *http.Transport
	shared values
	gzips  sync.Pool // of *gzip.Reader
	opened atomic.Int64
}

// values are header values that all requests share, because nobody writes to them.
type values struct{ agent, gzip, identity []string }

// New returns a client. Dialling begins with the first request.
func New(config Config) *Client {
	c := &Client{config: config.filled()}
	c.shared = values{[]string{c.config.UserAgent}, []string{"gzip"}, []string{"identity"}}
	if config.RoundTripper == nil {
		c.wire = c.transport()
		c.config.RoundTripper = c.wire
	}
	return c
}

// transport returns a transport without opinions: no proxy, no hidden gzip, no
// HTTP/2, and no idle connection closed while it may still be wanted. Without the
// bound on connections, a request that waits for its dial and gets the connection of
// another leaves a spare one behind: 97 were opened for 64 in flight. A handshake,
// like a dial, may outlive its request; its bound is far enough from the deadline of
// the request that they never race for the reason.
func (c *Client) transport() *http.Transport {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Transport{
		DialContext:            c.dial,
		TLSClientConfig:        &tls.Config{RootCAs: c.config.Roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    2 * c.config.Timeout,
		DisableCompression:     true,
		MaxIdleConnsPerHost:    max(1, c.config.InFlight),
		MaxConnsPerHost:        c.config.InFlight,
		MaxResponseHeaderBytes: c.config.HeaderLimit,
		Protocols:              &protocols,
	}
}

// Fetch makes the request, follows its redirects, and returns what became of it.
// It returns once the last byte is read, the deadline has passed or ctx is done.
// Whatever ends ctx makes the outcome cancelled, unless the cause is [ErrTimeout].
func (c *Client) Fetch(ctx context.Context, r Request) Outcome {
	ctx, cancel := context.WithTimeoutCause(ctx, c.config.Timeout, ErrTimeout)
	defer cancel()
	var o Outcome
	for {
		next, ok := c.exchange(ctx, &r, &o)
		if !ok || c.config.Redirects < 0 || !c.follow(&r, next, &o) {
			return o
		}
	}
}

// Opened returns how many connections have been dialled so far.
func (c *Client) Opened() int64 { return c.opened.Load() }

// Close closes idle connections and ends dials that nobody waits for. A request
// that is still under way finishes, and its connection is closed after it.
func (c *Client) Close() {
	if c.wire != nil {
		c.wire.CloseIdleConnections()
	}
}
