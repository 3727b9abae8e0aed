package upstream

import (
	"context"
	"net/http"
	"time"
)

// ServeHTTP answers one request over a connection, real or in memory. The request
// is counted before anything else is done, and ended in every way out.
func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	arrived := time.Now()
	id := identify(r)
	v := s.ledger.begin(id)
	s.ledger.carried(r.Context(), v)
	a := s.decide(r.Context(), r, arrival{id, arrived, v.attempt})
	v.decided(r, a)
	if a.status == 0 {
		s.ledger.end(v, a.how, 0, 0)
		// The documented way to close a connection unanswered, and of HTTP/2 and
		// HTTP/3 the stream.
		panic(http.ErrAbortHandler)
	}
	a.header(w.Header())
	if r.Method == http.MethodHead {
		s.ledger.end(v, a.how, a.status, 0)
		w.WriteHeader(a.status)
		return
	}
	w.WriteHeader(a.status)
	s.write(r.Context(), w, v, a)
}

// write sends the body. The request is counted as ended before its last byte
// leaves: counted after it, a client that holds the complete answer could ask for
// the counts and find its own request still in flight. Every protocol may keep bytes
// back until the handler returns and none sends the last one before it has it.
func (s *service) write(ctx context.Context, w http.ResponseWriter, v visit, a answer) {
	most := max(len(a.body)-1, 0)
	begun := 0
	if a.linger > 0 {
		begun = min(1, most)
		if !s.linger(ctx, w, a) {
			s.ledger.end(v, gone, a.status, 0)
			return
		}
	}
	if _, err := w.Write(a.body[begun:most]); err != nil {
		s.ledger.end(v, gone, a.status, 0)
		return
	}
	s.ledger.end(v, a.how, a.status, len(a.body))
	// An error here is a client that left between its last two reads; net/http
	// closes the connection, and there is nobody to tell.
	_, _ = w.Write(a.body[most:])
}

// linger sends the headers and the first byte of an answer and lets the time pass until
// the rest of it, and reports whether the client was still there. Of a body of one byte
// or none it is the headers that come first.
func (s *service) linger(ctx context.Context, w http.ResponseWriter, a answer) bool {
	at := time.Now().Add(a.linger)
	if len(a.body) > 1 {
		if _, err := w.Write(a.body[:1]); err != nil {
			return false
		}
	}
	if err := http.NewResponseController(w).Flush(); err != nil {
		return false
	}
	return s.clock.until(ctx, at)
}
