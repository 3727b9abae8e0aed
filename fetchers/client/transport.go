package client

import (
	"crypto/tls"
	"errors"
	"fmt"
	"math"
	"net/http"
	"time"
)

var errNoH2 = errors.New("the upstream does not offer HTTP/2 in its handshake")

// A Transport says over what requests are made. HTTP/3 and fasthttp are packages of
// their own below this one, so that only who wants them links them.
type Transport int

// The transports. H1 keeps a connection for every request that may be in flight.
// H1Default has the defaults of net/http, two idle connections to a host, which is
// what people get who do not look. H1NoKeepAlive opens a connection for each
// request. H2 is HTTP/2 over TLS and H2C is HTTP/2 without it, by prior knowledge.
const (
	H1 Transport = iota
	H1Default
	H1NoKeepAlive
	H2
	H2C
)

// String names the transport as plans write it.
func (t Transport) String() string {
	switch t {
	case H1:
		return "h1"
	case H1Default:
		return "h1-default"
	case H1NoKeepAlive:
		return "h1-nokeepalive"
	case H2:
		return "h2"
	case H2C:
		return "h2c"
	}
	return fmt.Sprintf("transport(%d)", int(t))
}

// Scheme returns the only scheme of a URL that the transport can fetch, or "" when
// it fetches both. [Client.Fetch] ends others as bad_url, with nothing sent.
func (t Transport) Scheme() string {
	switch t {
	case H2:
		return "https"
	case H2C:
		return "http"
	}
	return ""
}

// Multiplexed reports whether many requests share a connection.
func (t Transport) Multiplexed() bool { return t == H2 || t == H2C }

// A Wire is a transport that another package brings to [Over].
type Wire struct {
	// RoundTripper carries the requests. It calls the hooks of httptrace that are
	// in their contexts, because from those the outcome is made, and obeys the
	// contexts.
	RoundTripper http.RoundTripper
	// Scheme is the only one that the wire can fetch; empty means http and https.
	Scheme string
	// Multiplexed says that many requests share a connection.
	Multiplexed bool
	// Class knows the errors that only this wire has; nil, and "" for an error,
	// leave the class to the client.
	Class func(error) Class
	// Close closes what no request uses any more.
	Close func()
	// Opened counts the connections of a wire that does not dial through the
	// client; nil means that it does.
	Opened func() int64
}

// Over returns a client over a wire that open makes. It is for packages that bring a
// transport of their own; everybody else wants [New]. open is given the configuration
// with every default in its place, and in Dial a function that measures, counts and
// limits what the Dial of the caller does.
func Over(config Config, open func(Config) Wire) *Client {
	c := &Client{config: config.filled()}
	c.shared = values{[]string{c.config.UserAgent}, []string{"gzip"}, []string{"identity"}}
	if config.RoundTripper != nil { // the mock
		return c
	}
	seen := c.config
	seen.Dial = c.dial
	c.wire = new(Wire)
	*c.wire = open(seen)
	c.config.RoundTripper = c.wire.RoundTripper
	return c
}

// wire returns net/http as the configuration asks for it.
func wire(config Config) Wire {
	t := transport(config)
	w := Wire{RoundTripper: t, Scheme: config.Transport.Scheme(), Close: t.CloseIdleConnections}
	if config.Transport.Multiplexed() {
		w.Multiplexed, w.Class = true, h2Class
	}
	return w
}

// transport returns a transport without opinions: no proxy, no hidden gzip, one
// protocol, and no idle connection closed while it may still be wanted. Without the
// bound on connections, a request that waits for its dial and gets the connection of
// another leaves a spare one behind: 97 were opened for 64 in flight. A handshake,
// like a dial, may outlive its request; its bound is far enough from the deadline of
// the request that they never race for the reason.
//
// HTTP/2 has no such bound. A cold burst dials for each of its requests until the
// first handshake is done, which is what people get; the alternative in net/http,
// StrictMaxConcurrentRequests, can hang (golang/go#70809).
func transport(config Config) *http.Transport {
	t := &http.Transport{
		DialContext:            config.Dial,
		TLSClientConfig:        &tls.Config{RootCAs: config.Roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    2 * min(config.Timeout, math.MaxInt64/2),
		DisableCompression:     true,
		MaxResponseHeaderBytes: config.HeaderLimit,
		Protocols:              new(http.Protocols),
	}
	switch config.Transport {
	case H1Default:
		t.MaxIdleConns, t.IdleConnTimeout = 100, 90*time.Second // as http.DefaultTransport
	case H2:
		t.Protocols.SetHTTP2(true)
		t.TLSClientConfig.VerifyConnection = speaksH2
		return t
	case H2C:
		t.Protocols.SetUnencryptedHTTP2(true)
		return t
	default:
		t.MaxIdleConnsPerHost, t.MaxConnsPerHost = max(1, config.InFlight), config.InFlight
	}
	t.DisableKeepAlives = config.Transport == H1NoKeepAlive
	t.Protocols.SetHTTP1(true)
	return t
}

// speaksH2 ends a handshake after which net/http would fall back to HTTP/1.1.
func speaksH2(state tls.ConnectionState) error {
	if state.NegotiatedProtocol != "h2" {
		return errNoH2
	}
	return nil
}
