package hostile

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// otherPaths is where paths are counted when there are too many to tell apart.
const otherPaths = "(other)"

// book keeps the counts. Its zero value is ready.
type book struct {
	mu      sync.Mutex
	paths   map[string]*Path
	seen    Stats // without its Paths
	secrets map[Secret]bool
	// epoch counts the resets: a request that began before one ends nowhere.
	epoch int
}

// connection is one that was accepted. paths, which the book guards, are those that
// it has been counted for, with the epoch after which.
type connection struct {
	listener string
	paths    map[string]int
}

// connKey finds the connection in the context of a request.
type connKey struct{}

// entry is a request that has begun, and what became of it.
type entry struct {
	path  string
	epoch int
	// status is 0 for an answer without one; sent are its bytes.
	status int
	sent   int64
	// left says that the client was seen to leave first.
	left bool
}

// connected counts a connection.
func (b *book) connected(listener string) *connection {
	b.mu.Lock()
	defer b.mu.Unlock()
	bump(&b.seen.Connections, listener)
	return &connection{listener: listener, paths: map[string]int{}}
}

// begin counts a request that arrives over a connection.
func (b *book) begin(c *connection, path, id string) entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.paths == nil {
		b.paths = map[string]*Path{}
	}
	if _, known := b.paths[path]; !known && len(b.paths) >= mostKept {
		path = otherPaths
	}
	p := b.paths[path]
	if p == nil {
		p = &Path{Statuses: map[int]int{}}
		b.paths[path] = p
	}
	p.Started++
	p.InFlight++
	p.InFlightMax = max(p.InFlightMax, p.InFlight)
	if counted, ok := c.paths[path]; !ok || counted != b.epoch {
		c.paths[path] = b.epoch
		p.Conns++
	}
	if id != "" {
		bump(&b.seen.IDs, id)
	}
	return entry{path: path, epoch: b.epoch}
}

// end counts what became of a request.
func (b *book) end(e entry) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e.epoch != b.epoch {
		return
	}
	p := b.paths[e.path]
	p.InFlight--
	p.Bytes += e.sent
	if e.status != 0 {
		p.Statuses[e.status]++
	}
	if e.left {
		p.Gone++
		return
	}
	p.Finished++
}

// suspect notes the headers of a request that carry secrets. A Referer counts: it
// has the address that the client came from, with all that is in its query.
func (b *book) suspect(listener, path string, header http.Header) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for name := range header {
		if !secret(name) || len(b.secrets) >= mostKept {
			continue
		}
		if b.secrets == nil {
			b.secrets = map[Secret]bool{}
		}
		b.secrets[Secret{listener, path, http.CanonicalHeaderKey(name)}] = true
	}
}

// secret reports whether a header of this name should be kept from strangers.
func secret(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(
		[]string{"auth", "cookie", "referer", "key", "token", "secret", "pass", "sig", "session"},
		func(part string) bool { return strings.Contains(name, part) },
	)
}

// note lets f count in what is no path.
func (b *book) note(f func(seen *Stats)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f(&b.seen)
}

// reset sets every count to zero.
func (b *book) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.paths, b.secrets, b.seen = nil, nil, Stats{}
	b.epoch++
}

// snapshot is a copy that stays as it is. Nothing in it is nil, so that the JSON of
// it has empty lists where there is nothing.
func (b *book) snapshot() Stats {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := Stats{
		Paths:       map[string]Path{},
		IDs:         copied(b.seen.IDs),
		Connections: copied(b.seen.Connections),
		Secrets:     slices.AppendSeq([]Secret{}, maps.Keys(b.secrets)),
		DNS:         copied(b.seen.DNS),
		Proxied:     append([]string{}, b.seen.Proxied...),
		HTTP2:       copied(b.seen.HTTP2),
	}
	slices.SortFunc(s.Secrets, compareSecrets)
	for name, p := range b.paths {
		path := *p
		path.Statuses = copied(p.Statuses)
		s.Paths[name] = path
	}
	return s
}

// compareSecrets orders by listener, path and header.
func compareSecrets(a, b Secret) int {
	return slices.Compare([]string{a.Listener, a.Path, a.Header}, []string{b.Listener, b.Path, b.Header})
}

// bump adds one to the count of a key, as long as the keys are few enough to keep.
func bump(counts *map[string]int, key string) {
	if *counts == nil {
		*counts = map[string]int{}
	}
	if _, known := (*counts)[key]; known || len(*counts) < mostKept {
		(*counts)[key]++
	}
}

// copied is a copy of a map that may be nil.
func copied[K comparable, V any](m map[K]V) map[K]V {
	c := make(map[K]V, len(m))
	maps.Copy(c, m)
	return c
}
