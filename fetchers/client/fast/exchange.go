package fast

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"

	"github.com/valyala/fasthttp"
)

// untilEnd is what fasthttp calls the length of a body that ends with its connection.
const untilEnd = -2

// An exchange is one request and its answer, of which it is the body as well. It is
// used again once it is closed, because fasthttp is made for that.
type exchange struct {
	wire     *wire
	host     *host
	conn     carrier
	source   source
	stop     func() bool // keeps the context from closing the connection
	reader   *bufio.Reader
	request  fasthttp.Request
	response fasthttp.Response
	body     io.Reader
	whole    bool // the answer was read to its end
}

// run sends the request and reads the headers of the answer. From the connection on,
// the end of the context closes it: that is how fasthttp is interrupted.
func (x *exchange) run(r *http.Request) error {
	ctx := r.Context()
	trace := traceOf(ctx)
	conn, err := x.host.acquire(ctx)
	if err != nil {
		return err
	}
	x.conn = conn
	if trace.GotConn != nil {
		trace.GotConn(httptrace.GotConnInfo{Conn: conn.Conn, Reused: conn.reused})
	}
	x.stop = context.AfterFunc(ctx, conn.hangUp)
	if err := x.send(r); err != nil {
		return err
	}
	if trace.WroteRequest != nil {
		trace.WroteRequest(httptrace.WroteRequestInfo{})
	}
	x.source.Conn = conn.Conn
	x.reader = x.host.pool.AcquireReader(&x.source)
	if _, err := x.reader.Peek(1); err != nil {
		return err
	}
	if trace.GotFirstResponseByte != nil {
		trace.GotFirstResponseByte()
	}
	return x.receive(r.Method)
}

// send writes the request. Its headers go out as they are: names are not changed, and
// nothing is added but the length of a body.
func (x *exchange) send(r *http.Request) error {
	h := &x.request.Header
	h.DisableNormalizing()
	h.SetNoDefaultContentType(true)
	h.SetMethod(r.Method)
	h.SetRequestURI(r.URL.RequestURI())
	h.SetHost(r.Host)
	for key, values := range r.Header {
		if key == "Host" {
			continue
		}
		for _, value := range values {
			h.Add(key, value)
		}
	}
	if r.ContentLength > 0 {
		x.request.SetBodyStream(r.Body, int(r.ContentLength))
	}
	out := x.host.pool.AcquireWriter(x.conn.Conn)
	defer x.host.pool.ReleaseWriter(out)
	if err := x.request.Write(out); err != nil {
		return err
	}
	return out.Flush()
}

// receive reads the headers of the answer, those of interim answers before it
// included. The body stays where it is.
func (x *exchange) receive(method string) error {
	if err := realStatus(x.reader); err != nil {
		return err
	}
	x.response.StreamBody, x.response.SkipBody = true, method == http.MethodHead
	if err := x.response.ReadLimitBody(x.reader, 0); err != nil {
		return err
	}
	x.body = x.response.BodyStream()
	x.whole = x.body == nil
	x.source.begin()
	return nil
}

// answer gives the client what it looks at, and no header else: to make them all into
// strings is the work that fasthttp saves.
func (x *exchange) answer(r *http.Request) *http.Response {
	out := &http.Response{
		StatusCode: x.response.StatusCode(), Proto: "HTTP/1.1", Header: make(http.Header), Body: x, Request: r,
	}
	if spoken := x.response.Header.Protocol(); string(spoken) != out.Proto {
		out.Proto = string(spoken)
	}
	for _, key := range [...]string{"Content-Encoding", "Location", "Retry-After"} {
		if value := x.response.Header.Peek(key); len(value) > 0 {
			out.Header[key] = []string{string(value)}
		}
	}
	return out
}

// Read reads the body. Only a body without a length and without chunks may end with
// its connection.
func (x *exchange) Read(p []byte) (int, error) {
	if x.whole {
		return 0, io.EOF
	}
	n, err := x.body.Read(p)
	x.source.data += int64(n)
	switch {
	case err == nil:
		return n, nil
	case x.source.full:
		return n, errNoData
	case x.source.ended && x.response.Header.ContentLength() != untilEnd:
		return n, io.ErrUnexpectedEOF
	case errors.Is(err, io.EOF):
		x.whole = true
		return n, io.EOF
	}
	return n, err
}

// Close gives the connection back if it can carry another request: the answer was
// read to its end and was not a change of protocol, nothing came after it, both sides
// mean to go on, and the context has not closed it.
func (x *exchange) Close() error {
	if x.conn.leave != nil {
		healthy := x.stop() && x.whole && x.response.StatusCode() != http.StatusSwitchingProtocols &&
			x.reader.Buffered() == 0 && !x.source.ended &&
			!x.response.ConnectionClose() && !x.request.ConnectionClose() && !x.wire.closed.Load()
		x.conn.leave(healthy)
		if healthy && x.wire.closed.Load() { // since it was found to be open
			x.host.pool.CloseIdleConnections()
		}
	}
	w, h, reader := x.wire, x.host, x.reader
	x.request.Reset()
	x.response.Reset()
	x.host, x.conn, x.source, x.stop, x.reader = nil, carrier{}, source{}, nil, nil
	x.body, x.whole = nil, false
	if reader != nil {
		h.pool.ReleaseReader(reader)
	}
	w.exchanges.Put(x)
	h.leave()
	return nil
}
