package upstream

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
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
	bucket bucket
	slots  slotQueue
	// unnamed counts, for each endpoint, the requests that named no round.
	unnamed []atomic.Int64
	// trial is the round that requests belong to which name none; nil if nobody told.
	trial atomic.Pointer[int]
}

// arrival is what is known of a request as it comes: its id if it has one, when it
// came, and which attempt it is.
type arrival struct {
	id      *ID
	at      time.Time
	attempt int
}

// answer is what a request gets once its time is over.
type answer struct {
	how    ending
	status int
	body   []byte
	// linger is how long the body takes after its first byte.
	linger time.Duration
	// patience is what a client that is refused is asked for in Retry-After.
	patience time.Duration
	// kind is the Content-Type, if it is not plain text; location is where a
	// redirect leads.
	kind, location string
}

// newService prepares a profile to be served. The profile must be valid.
func newService(p Profile, c clock) *service {
	return &service{
		profile: p,
		body:    p.Body(),
		clock:   c,
		began:   time.Now(),
		bucket:  bucket{limits: p.Slots},
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

// reset sets the counts and the attempts to zero and fills the bucket: what one
// trial used up must not be missing in the next.
func (s *service) reset() {
	s.ledger.Reset()
	s.bucket.fill()
}

// begin is reset for a trial of a round.
func (s *service) begin(round int) {
	s.trial.Store(&round)
	s.reset()
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
func (s *service) decide(ctx context.Context, r *http.Request, a arrival) answer {
	index, good := s.locate(r)
	if good.how == unknown {
		return good
	}
	round, err := s.round(r, a.id, index)
	if err != nil {
		return refusal(unknown, http.StatusBadRequest)
	}
	if lack := s.bucket.take(); lack > 0 {
		return deterred(http.StatusTooManyRequests, lack)
	}
	busy, err := s.slots.enter(ctx)
	switch {
	case errors.Is(err, errFull):
		return deterred(http.StatusServiceUnavailable, time.Second)
	case err != nil:
		return answer{how: gone}
	}
	defer s.slots.leave()
	if s.profile.Slots.Capacity > 0 {
		a.at = time.Now()
	}
	d := s.profile.Draw(index, round, a.attempt)
	if !s.wait(ctx, a.at, s.profile.Slots.stretched(d.Latency, busy)) {
		return answer{how: gone}
	}
	return outcome(d, good)
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
func outcome(d Draw, good answer) answer {
	if d.Fails {
		return answer{how: closed}
	}
	if d.Status != http.StatusOK {
		return refusal(finished, d.Status)
	}
	return good
}

// round is the round that a request belongs to: the one in its id, else the one
// in the query (?round=3), else that of the trial under way, so that a web app whose
// requests name nothing meets what every contender of the round does. Where no trial
// was ever begun it is the number of earlier requests for the same endpoint that named
// none: curl then sees the profile's shape without knowing about rounds.
func (s *service) round(r *http.Request, id *ID, index int) (int, error) {
	if id != nil {
		return id.Round, nil
	}
	if r.URL.RawQuery != "" {
		if query := r.URL.Query(); query.Has("round") {
			return strconv.Atoi(query.Get("round"))
		}
	}
	if trial := s.trial.Load(); trial != nil {
		return *trial, nil
	}
	return int(s.unnamed[index].Add(1) - 1), nil
}

// refusal is an answer other than 200, with the status as its text.
func refusal(how ending, status int) answer {
	return answer{how: how, status: status, body: []byte(http.StatusText(status) + "\n")}
}

// deterred is the answer to a request that is more than the profile serves.
func deterred(status int, patience time.Duration) answer {
	a := refusal(refused, status)
	a.patience = patience
	return a
}

// plainText is the Content-Type of what has none of its own.
const plainText = "text/plain; charset=utf-8"

// header sets what every answer carries. Retry-After says whole seconds only, so
// what it asks for is rounded up.
func (a answer) header(h http.Header) {
	h.Set("Content-Type", cmp.Or(a.kind, plainText))
	if a.kind != "" { // a page, which may say again what it was told: it is what it says it is
		h.Set("X-Content-Type-Options", "nosniff")
	}
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	if a.how == refused {
		seconds := (a.patience + time.Second - 1) / time.Second
		h.Set("Retry-After", strconv.FormatInt(int64(seconds), 10))
	}
	if a.location != "" {
		h.Set("Location", a.location)
	}
	if a.status == http.StatusMethodNotAllowed {
		h.Set("Allow", "GET, HEAD")
	}
}
