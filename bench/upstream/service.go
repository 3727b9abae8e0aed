package upstream

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// itemPath is the path of the endpoints, followed by the index.
const itemPath = "/item/"

// service answers requests as a profile says and counts them. The forms of an
// upstream differ only in how requests reach it and by which clock they wait.
type service struct {
	profile Profile
	body    []byte
	clock   clock
	// began is when the upstream began to serve, from which its drift counts.
	began  time.Time
	ledger Ledger
	slots  slotQueue
	// unnamed counts, for each endpoint, the requests that named no round.
	unnamed []atomic.Int64
}

// answer is what a request gets once its time is over.
type answer struct {
	how    ending
	status int
	body   []byte
}

// newService prepares a profile to be served. The profile must be valid.
func newService(p Profile, c clock) *service {
	return &service{
		profile: p,
		body:    p.Body(),
		clock:   c,
		began:   time.Now(),
		slots:   slotQueue{limits: p.Slots},
		unnamed: make([]atomic.Int64, p.URLs),
	}
}

// mustService is newService for the constructors that have no error to return.
// What they make must run in virtual time, so it waits by timers.
func mustService(p Profile) *service {
	if err := p.Validate(); err != nil {
		panic("upstream: " + err.Error())
	}
	return newService(p, timers{})
}

// identify reads the id of a request, or nil if it has none in our form. Other
// programs put ids of their own in this header; they are not at fault.
func identify(r *http.Request) *ID {
	id, err := ParseID(r.Header.Get(IDHeader))
	if err != nil {
		return nil
	}
	return &id
}

// decide waits as long as the profile says and returns what the request gets. The
// wait counts from the instant at which the request arrived or, where slots are
// bounded, from that at which it got one. The slot is held for the wait and given
// back before the answer is written: a client that reads slowly must not take a
// slot from the others.
func (s *service) decide(ctx context.Context, r *http.Request, id *ID, arrived time.Time) answer {
	index, status := s.locate(r)
	if status != http.StatusOK {
		return refusal(unknown, status)
	}
	round, err := s.round(r, id, index)
	if err != nil {
		return refusal(unknown, http.StatusBadRequest)
	}
	err = s.slots.enter(ctx)
	switch {
	case errors.Is(err, errFull):
		return refusal(refused, http.StatusServiceUnavailable)
	case err != nil:
		return answer{how: gone}
	}
	defer s.slots.leave()
	if s.profile.Slots.Capacity > 0 {
		arrived = time.Now()
	}
	if !s.wait(ctx, arrived, s.profile.Delay(index, round)) {
		return answer{how: gone}
	}
	return s.outcome(index, round)
}

// wait lets the latency pass, counted from the given instant and drifted as far as
// it was then, and reports whether the client was still there. An immediate answer
// asks no clock; that is most of what one would cost.
func (s *service) wait(ctx context.Context, from time.Time, latency time.Duration) bool {
	if latency <= 0 {
		return ctx.Err() == nil
	}
	latency = s.profile.Latency.drifted(latency, from.Sub(s.began))
	return s.clock.until(ctx, from.Add(latency))
}

// outcome is the answer after the wait. Faults take as long as good answers do, so
// that a contender cannot look fast by failing.
func (s *service) outcome(index, round int) answer {
	if s.profile.Fails(index, round) {
		return answer{how: closed}
	}
	if status := s.profile.Status(index, round); status != http.StatusOK {
		return refusal(finished, status)
	}
	return answer{how: finished, status: http.StatusOK, body: s.body}
}

// locate finds the index of the endpoint, or the status for what is not served.
// The index is that of the URL, not that in the id: a batch longer than the list
// goes round it, and the same URL has the same latency within a round.
func (s *service) locate(r *http.Request) (int, int) {
	rest, found := strings.CutPrefix(r.URL.Path, itemPath)
	index, ok := parseNumber(rest)
	if !found || !ok || index >= s.profile.URLs {
		return 0, http.StatusNotFound
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != "" {
		return 0, http.StatusMethodNotAllowed
	}
	return index, http.StatusOK
}

// round is the round that a request belongs to: the one in its id, else the one
// in the query (?round=3), else the number of earlier requests for the same
// endpoint that named none. So curl, and programs in other languages, see the
// profile's shape without knowing about rounds.
func (s *service) round(r *http.Request, id *ID, index int) (int, error) {
	if id != nil {
		return id.Round, nil
	}
	if r.URL.RawQuery != "" {
		if query := r.URL.Query(); query.Has("round") {
			return strconv.Atoi(query.Get("round"))
		}
	}
	return int(s.unnamed[index].Add(1) - 1), nil
}

// refusal is an answer other than 200, with the status as its text.
func refusal(how ending, status int) answer {
	return answer{how: how, status: status, body: []byte(http.StatusText(status) + "\n")}
}

// header sets what every answer carries. A full upstream asks for a second's
// patience, the smallest whole number that Retry-After can say.
func (a answer) header(h http.Header) {
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	if a.how == refused {
		h.Set("Retry-After", "1")
	}
	if a.status == http.StatusMethodNotAllowed {
		h.Set("Allow", "GET, HEAD")
	}
}
