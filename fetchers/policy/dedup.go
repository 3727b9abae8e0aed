package policy

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/client"
)

// Dedup makes one fetch of equal requests that are under way at the same time, and
// gives all of them its outcome. Requests are equal if their method, URL and headers
// are, and if they alike keep the answer or do not; only GET and HEAD without a body are shared. It is no cache: a request that
// comes after the answer is a fetch of its own.
//
// The request that came first, the leader, has the attempts of the shared fetch in its
// outcome, the others are Shared and have none. The fetch carries the leader's ID, but
// runs on a context of its own that ends when nobody waits for it any more, so a
// leader who gives up takes nobody along; its attempts are then counted by one of those
// who stayed. The last to give up waits until the fetch has ended. A request that
// waits for the answer to another keeps its slot.
//
// golang.org/x/sync/singleflight shares calls too. It does not know who still waits,
// so nobody could say when the context of the call is to end, and it ends the program
// where a call panics; what it would save is the map.
//
// It costs about 1.4 µs and 11 allocations for a request that nobody shares.
type Dedup struct{}

// Wrap returns a Fetch that shares with its own callers only.
func (Dedup) Wrap(next client.Fetch) client.Fetch {
	s := &sharing{next: next, flights: map[string]*flight{}}
	return func(ctx context.Context, r client.Request) client.Outcome {
		if !shareable(r) {
			return next(ctx, r)
		}
		return s.fetch(ctx, r)
	}
}

// shareable reports whether an answer can be given to several requests.
func shareable(r client.Request) bool {
	switch r.Method {
	case "", http.MethodGet, http.MethodHead:
		return len(r.Body) == 0
	}
	return false
}

// key is the same for equal requests, and only for those: each part comes with its
// length, so that no part can pass for two.
func key(r client.Request) string {
	b := make([]byte, 0, 128)
	part := func(s string) {
		b = strconv.AppendInt(b, int64(len(s)), 10)
		b = append(append(b, ':'), s...)
	}
	head := r.Method == http.MethodHead
	b = strconv.AppendBool(strconv.AppendBool(b, head), r.Keep)
	part(r.URL)
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		part(name)
		b = append(strconv.AppendInt(b, int64(len(r.Header[name])), 10), ';')
		for _, value := range r.Header[name] {
			part(value)
		}
	}
	return string(b)
}

// fetch joins the flight of equal requests, or starts it, and waits for its end or for
// that of ctx.
func (s *sharing) fetch(ctx context.Context, r client.Request) client.Outcome {
	k := key(r)
	f, leads := s.join(ctx, k, r)
	select {
	case <-f.done:
	case <-ctx.Done():
		if s.leave(ctx, k, f, leads) {
			return ended(ctx)
		}
		<-f.done
	}
	f.raise()
	return s.share(f, leads)
}

// join returns the flight for a key, and whether the caller is its leader.
func (s *sharing) join(ctx context.Context, k string, r client.Request) (*flight, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.flights[k]
	if !ok {
		f = s.newFlight(ctx)
		s.flights[k] = f
		go s.run(f, k, r)
	}
	f.waiting++
	deadline, has := ctx.Deadline()
	f.unbound = f.unbound || !has
	if deadline.After(f.deadline) {
		f.deadline = deadline
	}
	return f, !ok
}

// newFlight returns a flight whose context has the values of the leader's and nothing
// else of it: not its end, nor its slot, which may be another's before the flight ends.
func (s *sharing) newFlight(ctx context.Context) *flight {
	f := &flight{done: make(chan struct{})}
	f.context.sharing, f.context.flight = s, f
	f.context.Context, f.cancel = context.WithCancelCause(fetchers.Holding(context.WithoutCancel(ctx)))
	return f
}
