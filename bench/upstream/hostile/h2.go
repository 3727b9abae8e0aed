package hostile

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// h2 is a connection of HTTP/2 whose frames are written by hand. It is served by one
// goroutine, which reads a frame, does what there is to do, and reads the next.
type h2 struct {
	server *Server
	manner manner
	ctx    context.Context // of the connection
	conn   net.Conn
	from   *connection
	framer *http2.Framer
	block  bytes.Buffer // what the encoder writes
	pack   *hpack.Encoder
	// open are the streams that are not counted as ended.
	open map[uint32]*entry
	last uint32 // the stream that began last
}

// manner is how a connection behaves.
type manner struct {
	settings []http2.Setting
	// mute connections send nothing after their settings, not even for a PING.
	mute bool
	// serve does what there is to do for the stream, the nth on the connection. The
	// connection is at its end if it says so.
	serve func(h *h2, stream uint32, n int) (more bool)
}

// errNotHTTP2 ends the handshake of a client that does not speak HTTP/2.
var errNotHTTP2 = errors.New("the client does not offer h2")

// startH2 opens a listener that speaks HTTP/2 over TLS, in the given manner.
func startH2(m manner) func(*Server, listener) (net.Addr, func() error, error) {
	return func(s *Server, row listener) (net.Addr, func() error, error) {
		own, err := s.signer.Sign(upstream.Leaf(time.Now()))
		if err != nil {
			return nil, nil, err
		}
		config := &tls.Config{
			Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS12,
			NextProtos: []string{http2.NextProtoTLS},
			// A client of HTTP/1 is to fail in the handshake, before it has sent a request.
			GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
				if !slices.Contains(hello.SupportedProtos, http2.NextProtoTLS) {
					return nil, errNotHTTP2
				}
				return nil, nil
			},
		}
		return startRaw(func(ctx context.Context, c net.Conn, from *connection) {
			secure := tls.Server(c, config)
			if secure.HandshakeContext(ctx) == nil {
				serveH2(ctx, s, m, secure, from)
			}
		})(s, row)
	}
}

// serveH2 serves a connection to its end and counts what is still open on it.
func serveH2(ctx context.Context, s *Server, m manner, c *tls.Conn, from *connection) {
	h := &h2{
		server: s, manner: m, ctx: ctx, conn: c, from: from,
		framer: http2.NewFramer(c, c), open: map[uint32]*entry{},
	}
	h.framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	h.pack = hpack.NewEncoder(&h.block)
	preface := make([]byte, len(http2.ClientPreface))
	if _, err := io.ReadFull(c, preface); err != nil || string(preface) != http2.ClientPreface {
		return
	}
	if h.framer.WriteSettings(m.settings...) != nil {
		return
	}
	h.read(m.serve)
	// What the client still sends, or has sent, is read and counted: closed with
	// something unread, the connection would be reset, and what was said last be lost.
	_ = c.CloseWrite() // an error is a client that left, and may have sent more before
	_ = c.SetReadDeadline(time.Now().Add(headerTime))
	h.manner.mute = true
	h.read(func(h *h2, stream uint32, _ int) bool {
		h.end(stream, false)
		return true
	})
	for stream := range h.open {
		h.end(stream, true)
	}
}

// read handles frames until the connection is at its end. Headers on a stream that was
// there before are the trailers of a request and nothing new.
func (h *h2) read(serve func(h *h2, stream uint32, n int) bool) {
	for n, more := 0, true; more; {
		frame, err := h.framer.ReadFrame()
		if broken := new(http2.StreamError); err != nil && !errors.As(err, broken) {
			return
		}
		f, opens := frame.(*http2.MetaHeadersFrame)
		switch {
		case !opens:
			more = h.reply(frame)
		case f.StreamID > h.last:
			n++
			h.last = f.StreamID
			h.begin(f)
			more = serve(h, f.StreamID, n)
		}
	}
}

// reply does what a frame asks for that opens no stream.
func (h *h2) reply(frame http2.Frame) (more bool) {
	switch f := frame.(type) {
	case *http2.RSTStreamFrame:
		h.end(f.StreamID, true)
	case *http2.SettingsFrame:
		return f.IsAck() || h.manner.mute || h.framer.WriteSettingsAck() == nil
	case *http2.PingFrame:
		return f.IsAck() || h.manner.mute || h.framer.WritePing(true, f.Data) == nil
	}
	return true
}

// begin counts a request that arrives.
func (h *h2) begin(f *http2.MetaHeadersFrame) {
	header := map[string][]string{}
	for _, field := range f.RegularFields() {
		header[field.Name] = append(header[field.Name], field.Value)
	}
	path, query, _ := bytes.Cut([]byte(f.PseudoValue("path")), []byte("?"))
	var id, asked string
	if values, err := url.ParseQuery(string(query)); err == nil {
		asked = values.Get("id")
	}
	if own := header["x-request-id"]; len(own) > 0 {
		id = own[0]
	}
	counted, _ := identify(id, asked, "")
	h.server.book.suspect(h.from.listener, string(path), header)
	e := h.server.book.begin(h.from, string(path), counted)
	h.open[f.StreamID] = &e
	h.count(func(c *HTTP2) { c.Headers++ })
}

// end counts what became of a stream, once.
func (h *h2) end(stream uint32, left bool) {
	if e, ok := h.open[stream]; ok {
		delete(h.open, stream)
		e.left = left
		h.server.book.end(*e)
	}
}

// count changes the counts of the listener.
func (h *h2) count(change func(*HTTP2)) {
	h.server.book.note(func(seen *Stats) {
		if seen.HTTP2 == nil {
			seen.HTTP2 = map[string]HTTP2{}
		}
		counts := seen.HTTP2[h.from.listener]
		change(&counts)
		seen.HTTP2[h.from.listener] = counts
	})
}

// head sends the headers of an answer with a body of so many bytes.
func (h *h2) head(stream uint32, status, length int) bool {
	h.block.Reset()
	for _, field := range []hpack.HeaderField{
		{Name: ":status", Value: strconv.Itoa(status)},
		{Name: "content-type", Value: "text/plain"},
		{Name: "content-length", Value: strconv.Itoa(length)},
	} {
		_ = h.pack.WriteField(field) // a buffer takes everything
	}
	if e, ok := h.open[stream]; ok {
		e.status = status
	}
	return h.framer.WriteHeaders(http2.HeadersFrameParam{
		StreamID: stream, BlockFragment: h.block.Bytes(), EndHeaders: true,
	}) == nil
}

// answer sends a good answer, counted before its last frame.
func (h *h2) answer(stream uint32) bool {
	const body = "ok\n"
	if !h.head(stream, 200, len(body)) {
		return false
	}
	if e, ok := h.open[stream]; ok {
		e.sent = int64(len(body))
	}
	h.end(stream, false)
	h.count(func(c *HTTP2) { c.Answers++ })
	return h.framer.WriteData(stream, true, []byte(body)) == nil
}
