package upstream

import (
	"net/http"
)

// ServeHTTP answers one request over a connection, real or in memory. The request
// is counted before anything else is done, and ended in every way out.
func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := identify(r)
	epoch := s.ledger.begin(id)
	a := s.decide(r.Context(), r, id)
	if a.status == 0 {
		s.ledger.end(epoch, a.how, 0, 0)
		panic(http.ErrAbortHandler) // the documented way to close a connection unanswered
	}
	a.header(w.Header())
	w.WriteHeader(a.status)
	if r.Method == http.MethodHead {
		s.ledger.end(epoch, a.how, a.status, 0)
		return
	}
	s.write(w, epoch, a)
}

// write sends the body. The request is counted as ended before its last byte
// leaves: counted after it, a client that holds the complete answer could ask for
// the counts and find its own request still in flight.
func (s *service) write(w http.ResponseWriter, epoch int, a answer) {
	most := max(len(a.body)-1, 0)
	if _, err := w.Write(a.body[:most]); err != nil {
		s.ledger.end(epoch, gone, 0, 0)
		return
	}
	s.ledger.end(epoch, a.how, a.status, len(a.body))
	// An error here is a client that left between its last two reads; net/http
	// closes the connection, and there is nobody to tell.
	_, _ = w.Write(a.body[most:])
}
