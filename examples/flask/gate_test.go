//go:build unix

package flask_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// A gate is a server to fetch from in which requests can wait for each other, so that
// how many were under way at once is no matter of time.
type gate struct {
	*httptest.Server
	mu     sync.Mutex
	seen   sight
	now    int
	crowds map[chan struct{}]int
	// waiting is the crowd that is filling.
	waiting chan struct{}
}

// A sight is what a gate saw.
type sight struct {
	// came is how many requests there were, most how many at once, gone of how many
	// the client left before the answer was written.
	came, most, gone int
	// paths are what was asked for, in the order of coming.
	paths []string
}

// newGate serves requests as answer does.
func newGate(t *testing.T, answer func(g *gate, w http.ResponseWriter, r *http.Request)) *gate {
	t.Helper()
	g := &gate{crowds: map[chan struct{}]int{}, waiting: make(chan struct{})}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.enter(r)
		defer g.leave(r)
		answer(g, w, r)
	}))
	t.Cleanup(g.Close)
	return g
}

// enter counts a request that comes.
func (g *gate) enter(r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seen.came++
	g.seen.paths = append(g.seen.paths, r.URL.Path)
	g.now++
	g.seen.most = max(g.seen.most, g.now)
}

// leave counts one that ends. What was written is not sent before this.
func (g *gate) leave(r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.now--
	if r.Context().Err() != nil {
		g.seen.gone++
	}
}

// meet waits until a crowd of this many requests has come that no crowd before had
// room for. It is false if the client leaves first, or if nobody comes for too long.
func (g *gate) meet(r *http.Request, crowd int) bool {
	g.mu.Lock()
	full := g.waiting
	if g.crowds[full]++; g.crowds[full] == crowd {
		close(full)
		g.waiting = make(chan struct{})
	}
	g.mu.Unlock()
	return wait(r, full)
}

// wait is for something that others do.
func wait(r *http.Request, done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	case <-r.Context().Done():
	case <-time.After(patience):
	}
	return false
}

// whole waits until no request is left, ends the server and says what was seen.
func (g *gate) whole() sight {
	g.Close()
	return g.sofar()
}

// sofar is what was seen so far.
func (g *gate) sofar() sight {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.seen
}

// times lists a text with each of these numbers in it.
func times(n int, text func(i int) string) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = text(i)
	}
	return all
}

// backwards makes requests end in the opposite order of these names: each waits until
// the next one has its answer.
func backwards(names ...string) (turn func(r *http.Request, name string) bool, ended func(name string)) {
	done := map[string]chan struct{}{}
	next := map[string]string{}
	for i, name := range names {
		done[name] = make(chan struct{})
		if i > 0 {
			next[names[i-1]] = name
		}
	}
	turn = func(r *http.Request, name string) bool {
		after, found := done[next[name]]
		return !found || wait(r, after)
	}
	return turn, func(name string) { close(done[name]) }
}
