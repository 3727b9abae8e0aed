package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

var (
	errUpgrade  = errors.New("the upstream switched protocols unasked")
	errUnasked  = errors.New("the upstream answered before it was asked, so this is no answer to this request")
	errNoAnswer = errors.New("the round tripper returned neither an answer nor an error")
)

// A redirect is where an answer points to, and from where.
type redirect struct {
	from     *url.URL
	location string
}

// exchange sends the request once and reads the answer to its end. It reports true
// with the target when a redirect came that a caller may follow.
//
// A pooled connection that died before a byte was written is replaced. Each turn
// takes one dead connection out of the pool, so the loop ends.
func (c *Client) exchange(ctx context.Context, stop context.CancelFunc, r *Request, o *Outcome) (redirect, bool) {
	for {
		req, s, err := c.request(ctx, stop, r)
		if err != nil {
			o.fail(ClassBadURL, err)
			return redirect{}, false
		}
		if ctx.Err() != nil {
			o.failAt(ctx, stageStart, ctx.Err())
			return redirect{}, false
		}
		if s == nil {
			o.Attempts++
		}
		resp, err := c.config.RoundTripper.RoundTrip(req)
		if err != nil && s != nil && s.stale() && ctx.Err() == nil {
			continue
		}
		to := c.settle(ctx, resp, err, s, o)
		c.account(s, o)
		return redirect{req.URL, to}, to != ""
	}
}

// request builds the request and, on the wire, the span that watches it. The span has
// to come first, because it is the context of the request.
func (c *Client) request(ctx context.Context, stop context.CancelFunc, r *Request) (*http.Request, *span, error) {
	var s *span
	if c.wire != nil {
		s = c.wire.span(ctx, stop, strings.HasPrefix(r.URL, "https"))
		ctx = s
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, nil)
	if err != nil {
		return nil, nil, parseError(r.URL, err)
	}
	if err := checkURL(r.URL, req.URL); err != nil {
		return nil, nil, err
	}
	if c.wire != nil && c.wire.Scheme != "" && c.wire.Scheme != req.URL.Scheme {
		return nil, nil, fmt.Errorf("%s cannot be fetched over a transport for %s only", show(r.URL), c.wire.Scheme)
	}
	c.setHeader(req, r)
	c.setBody(req, r.Body)
	return req, s, nil
}

// setHeader sets the headers: those of the caller first, ours where it has none. A
// header that the caller sets to nothing at all is not sent. The map is new for each
// request, the values in it are shared and never written to.
func (c *Client) setHeader(req *http.Request, r *Request) {
	h := req.Header
	for key, values := range r.Header {
		h[http.CanonicalHeaderKey(key)] = values
	}
	if host := h.Get("Host"); host != "" {
		req.Host = host
	}
	if r.ID != "" {
		h["X-Request-Id"] = []string{r.ID}
	}
	if _, ok := h["User-Agent"]; !ok {
		h["User-Agent"] = c.shared.agent
	}
	if _, ok := h["Accept-Encoding"]; !ok {
		h["Accept-Encoding"] = c.shared.gzip
	}
}

// emptyBody is a body without content that is not nil. It writes itself, because
// the transport would otherwise allocate 32 KiB to copy nothing, which halves the
// requests per second.
type emptyBody struct{}

func (emptyBody) Read([]byte) (int, error)         { return 0, io.EOF }
func (emptyBody) WriteTo(io.Writer) (int64, error) { return 0, nil }
func (emptyBody) Close() error                     { return nil }

// setBody gives the request its body and takes away what makes net/http send it
// twice. When a reused connection dies after the request was written, the transport
// sends it again if it is "replayable": a body that is nil, or that GetBody can make
// anew, together with a safe method or an Idempotency-Key (net/http, isReplayable).
//
//   - A GET therefore gets an empty body that is not nil. Transfer encoding
//     "identity" keeps the transport from probing that body in a goroutine of its
//     own, and from announcing the body of a TRACE as chunked.
//   - Methods for which an empty body is announced (Content-Length: 0) keep the nil
//     body; there only the key makes them replayable. Header names have no case on
//     the wire, but the transport looks for this one in canonical form.
func (c *Client) setBody(req *http.Request, body []byte) {
	if len(body) > 0 {
		req.Body = io.NopCloser(bytes.NewReader(body))
		req.ContentLength = int64(len(body))
		return
	}
	if c.wire == nil || c.wire.Multiplexed { // where streams have their own way
		return
	}
	switch req.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		req.Body = emptyBody{}
		req.TransferEncoding = c.shared.identity
	default:
		for _, key := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
			if values, ok := req.Header[key]; ok {
				delete(req.Header, key)
				req.Header[strings.ToLower(key)] = values
			}
		}
	}
}

// settle turns what came back into the outcome and returns the target of a redirect.
// The body is read to its end even where the status already decides the class: a
// connection is reused only then, and an answer that breaks off is no answer.
func (c *Client) settle(ctx context.Context, resp *http.Response, err error, s *span, o *Outcome) string {
	at := stageWait // where a mock stands when it fails
	if s != nil {
		at = stage(s.stage.Load())
	}
	if err == nil && resp == nil {
		err = errNoAnswer
	}
	if err != nil {
		c.fail(ctx, at, err, s, o)
		return ""
	}
	o.Status, o.RetryAfter = resp.StatusCode, retryAfter(resp)
	o.Conn.Protocol = protocol(resp, s)
	c.read(ctx, resp, s, o)
	if resp.Body != nil {
		// The body has been read to its end, is given up or not wanted: there is nothing
		// that a failing Close could still tell.
		_ = resp.Body.Close()
	}
	if o.Class == ClassHTTP3xx && redirects(resp.StatusCode) {
		return resp.Header.Get("Location")
	}
	return ""
}

// read reads the body of an answer and decides its class.
//
// A 101 is closed unread: its body is the raw connection, which no deadline of the
// request reaches (golang/go#44988). So is what nobody asked for, because the next
// request on the connection would get the answer to this one.
func (c *Client) read(ctx context.Context, resp *http.Response, s *span, o *Outcome) {
	switch {
	case s != nil && s.answer.unasked.Load():
		o.fail(ClassMalformed, errUnasked)
		_ = s.conn.Close() // an answer without a body is over, and its connection in the pool again
		return
	case resp.StatusCode == http.StatusSwitchingProtocols:
		o.fail(ClassUpgrade, errUpgrade)
		return
	}
	if c.config.HeadersOnly {
		o.Class = StatusClass(resp.StatusCode)
		return
	}
	if err := c.drain(resp, o); err != nil {
		c.fail(ctx, stageBody, err, s, o)
		return
	}
	o.Class = StatusClass(resp.StatusCode)
}

// fail records an error of the wire. Of a request that was kept from being sent again
// the context is done as well, and for that reason only.
func (c *Client) fail(ctx context.Context, at stage, err error, s *span, o *Outcome) {
	if s != nil && s.stream != nil && s.stream.refused.Load() {
		o.fail(c.wire.Class(ErrRefused), ErrRefused)
		return
	}
	if s != nil && s.stream != nil && at == stageWrite && ctx.Err() != nil {
		s.stream.settle()
	}
	o.failAt(ctx, at, c.known(err))
}

// protocol names what carried the answer. The name is a copy: a part of the status
// line would keep the whole line in memory for as long as the outcome lives.
func protocol(resp *http.Response, s *span) string {
	switch {
	case s == nil:
		return "mock"
	case resp.Proto == "HTTP/1.1":
		return "HTTP/1.1"
	case resp.Proto == "HTTP/2.0":
		return "HTTP/2.0"
	case resp.Proto == "HTTP/3.0":
		return "HTTP/3.0"
	}
	return strings.Clone(resp.Proto)
}

// account adds to the outcome what the span saw: attempts, phases, connection.
func (c *Client) account(s *span, o *Outcome) {
	if s == nil {
		return
	}
	o.Attempts += s.attempts()
	o.Phases.add(s.phases())
	if s.conn != nil {
		o.Conn.Reused, o.Conn.Addr = s.reused, s.conn.addr
	}
}
