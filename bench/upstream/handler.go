package upstream

import (
	"net/http"
	"time"
)

// ServeHTTP answers one request over a connection, real or in memory. The request
// is counted before anything else is done, and ended in every way out.
func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	arrived := time.Now()
	id := identify(r)
	v := s.ledger.begin(id)
	a := s.decide(r.Context(), r, id, arrived)
	if a.status == 0 {
		s.ledger.end(v, a.how, 0, 0)
		panic(http.ErrAbortHandler) // the documented way to close a connection unanswered
	}
	a.header(w.Header())
	w.WriteHeader(a.status)
	if r.Method == http.MethodHead {
		s.ledger.end(v, a.how, a.status, 0)
		return
	}
	s.write(w, v, a)
}

// write sends the body. The request is counted as ended before its last byte
// leaves: counted after it, a client that holds the complete answer could ask for
// the counts and find its own request still in flight.
func (s *service) write(w http.ResponseWriter, v visit, a answer) {
	most := max(len(a.body)-1, 0)
	if _, err := w.Write(a.body[:most]); err != nil {
		s.ledger.end(v, gone, 0, 0)
		return
	}
	s.ledger.end(v, a.how, a.status, len(a.body))
	// An error here is a client that left between its last two reads; net/http
	// closes the connection, and there is nobody to tell.
	_, _ = w.Write(a.body[most:])
}
