package client

import (
	"context"
	"crypto/tls"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// A stage is how far an exchange has come. It only ever advances.
type stage int32

// The stages in their order. An exchange that starts is connecting until it turns
// out that a name has to be looked up first.
const (
	stageStart stage = iota
	stageDNS
	stageConnect
	stageTLS
	stageWrite
	stageWait
	stageHeaders
	stageBody
)

// String names the phase in which a timeout struck.
func (s stage) String() string {
	return [...]string{"connect", "dns", "connect", "tls", "write", "wait", "headers", "body"}[s]
}

// A span watches one exchange. It is the context of its request at the same time,
// which saves an allocation and lets the dialler find the span that asked for it.
//
// A dial outlives the request that started it and may serve another one. All that
// it can touch is therefore atomic; conn, reused and before are set by the
// goroutine that fetches, within RoundTrip, and read by the same.
type span struct {
	context.Context
	trace  httptrace.ClientTrace
	start  time.Time
	stage  atomic.Int32
	marks  marks
	conn   *conn
	reused bool
	before int64   // bytes that conn had carried before this exchange
	stream *stream // nil on a connection that carries one request at a time
	answer hearing
}

// A hearing is what a span knows of whose answer it hears. On a connection that carries one
// request at a time, what was read before the request began to be written is no answer
// to it. net/http takes it for one if the connection is used again before it has
// noticed that something is there.
type hearing struct {
	asked   int64 // how often conn had been written to before this exchange
	unasked atomic.Bool
}

// marks are nanoseconds: how long the dial of this span took in its three parts,
// and at which time since the start the exchange got a connection and a first byte.
type marks struct {
	dns, connect, tls, got, first atomic.Int64
}

// spanKey finds the span in a context that was derived from it.
type spanKey struct{}

// newSpan begins to watch an exchange under ctx. A hook is one allocation, so the
// three that every exchange needs are set, and the others only where they can fire.
func newSpan(ctx context.Context, secure bool) *span {
	s := &span{start: time.Now()}
	s.trace.GotConn = s.gotConn
	s.trace.WroteRequest = s.wroteRequest
	s.trace.GotFirstResponseByte = s.gotFirstByte
	if secure {
		s.trace.TLSHandshakeStart = s.handshakeStart
		s.trace.TLSHandshakeDone = s.handshakeDone
	}
	s.Context = httptrace.WithClientTrace(ctx, &s.trace)
	return s
}

// span begins to watch an exchange on the wire; stop ends its request. A wire that
// does not dial through the client resolves names itself.
func (w *Wire) span(ctx context.Context, stop context.CancelFunc, secure bool) *span {
	s := newSpan(ctx, secure)
	if w.Multiplexed {
		s.stream = &stream{stop: stop}
		s.stream.watch(&s.trace)
	}
	if w.Opened != nil {
		names := s.lookups()
		s.trace.DNSStart, s.trace.DNSDone = names.DNSStart, names.DNSDone
	}
	return s
}

// Value returns the span itself for its key.
func (s *span) Value(key any) any {
	if key == (spanKey{}) {
		return s
	}
	return s.Context.Value(key)
}

// now returns the nanoseconds since the span began, counted from 1, so that 0 can
// stand for "not yet". Only differences are ever used.
func (s *span) now() int64 { return 1 + int64(time.Since(s.start)) }

// advance moves to a later stage; a dial that comes too late moves nothing back.
func (s *span) advance(to stage) {
	for old := s.stage.Load(); old < int32(to); old = s.stage.Load() {
		if s.stage.CompareAndSwap(old, int32(to)) {
			return
		}
	}
}

// gotConn marks the end of waiting for a connection, by whomever it was dialled. Under
// TLS the connection that counts bytes lies below the one that the transport sees.
func (s *span) gotConn(info httptrace.GotConnInfo) {
	if s.stream != nil && s.stream.again() {
		return
	}
	s.reused = info.Reused
	c := info.Conn
	if secure, ok := c.(*tls.Conn); ok {
		c = secure.NetConn()
	}
	if k, ok := c.(*conn); ok {
		s.conn, s.before, s.answer.asked = k, k.written.Load(), k.writes.Load()
	} else if c != nil && s.stream != nil {
		// Not dialled through the client: whoever made the handshake opened it.
		s.conn, s.reused = &conn{addr: c.RemoteAddr().String()}, s.marks.tls.Load() == 0
	}
	s.marks.got.Store(s.now())
	s.advance(stageWrite)
}

// wroteRequest marks that nothing is left to send. A write that failed leaves the
// stage where it was: that is where the request came to its end.
func (s *span) wroteRequest(info httptrace.WroteRequestInfo) {
	if info.Err == nil {
		s.advance(stageWait)
	}
}

// gotFirstByte marks the first byte of whatever the upstream says, be it an interim
// answer such as 103.
func (s *span) gotFirstByte() {
	if s.stream == nil && s.conn != nil && s.conn.heard.Load() <= s.answer.asked {
		s.answer.unasked.Store(true)
	}
	s.marks.first.Store(s.now())
	s.advance(stageHeaders)
}

// handshakeStart leaves the start as a negative number, to which handshakeDone adds
// the end: the sum is the duration, and a handshake without an end counts nothing.
func (s *span) handshakeStart() {
	s.marks.tls.Store(-s.now())
	s.advance(stageTLS)
}

func (s *span) handshakeDone(tls.ConnectionState, error) { s.marks.tls.Add(s.now()) }

// lookups returns the hooks of the resolver. They are set where a connection is
// dialled and not for each request, because they cost more than all the others.
func (s *span) lookups() *httptrace.ClientTrace {
	var begun atomic.Int64
	return &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) {
			begun.Store(s.now())
			s.advance(stageDNS)
		},
		DNSDone: func(info httptrace.DNSDoneInfo) {
			s.marks.dns.Store(s.now() - begun.Load())
			if info.Err == nil { // else the lookup is where it ended
				s.advance(stageConnect)
			}
		},
	}
}

// attempts returns how often anything of the request was on the wire. One of which
// only a part went out counts, because the upstream may have acted on it. An answer
// proves that it was sent even where the hook after the write has not been scheduled
// yet.
func (s *span) attempts() int {
	sent := stage(s.stage.Load()) >= stageWait
	switch {
	case s.stream != nil:
		if n := s.stream.count(); n > 0 || !sent {
			return n
		}
		return 1
	case sent, s.conn != nil && s.conn.written.Load() > s.before:
		return 1
	}
	return 0
}

// stale reports whether a pooled connection died before a byte of the request was
// on it. Such a request may go out on another connection: nobody can have seen it.
// Where connections are shared the transport replaces them itself.
func (s *span) stale() bool {
	return s.stream == nil && s.conn != nil && s.reused && s.attempts() == 0
}

// phases returns where the time went until now. A connection that was handed over
// by another request cost this one nothing, whatever its own dial came to.
func (s *span) phases() Phases {
	p := Phases{Measured: true}
	if !s.reused {
		p.DNS = time.Duration(s.marks.dns.Load())
		p.Connect = time.Duration(s.marks.connect.Load())
		p.TLS = time.Duration(max(0, s.marks.tls.Load()))
	}
	got, first := s.marks.got.Load(), s.marks.first.Load()
	if got == 0 {
		return p
	}
	end := s.now()
	if first == 0 {
		first = end
	}
	p.Wait = time.Duration(first - got)
	p.Body = time.Duration(end - first)
	return p
}
