package hostile

import (
	"encoding/binary"
	"hash/fnv"
	"strconv"
	"sync"

	"github.com/fetchbench/fetchbench/bench/upstream"
)

// draw is a number in (0, 1) that depends on its arguments and on nothing else. What
// it is for keeps the draws of one id for several things apart.
func draw(seed uint64, what, id string) float64 {
	h := fnv.New64a()
	_, _ = h.Write(binary.LittleEndian.AppendUint64(nil, seed)) // it never fails
	_, _ = h.Write([]byte(what + "\x00" + id))
	x := h.Sum64()
	// The finalizer of SplitMix64 (Steele, Lea and Flood 2014, figure 16): FNV
	// leaves the high bits of short inputs alike.
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	x ^= x >> 31
	return (float64(x>>11) + 0.5) / (1 << 53)
}

// identify returns the id of a request as it is counted, "" if it has none, and as
// it is drawn for. A contender has no say in what it meets, so that it is not drawn
// for; a round has.
func identify(header, query, url string) (counted, drawn string) {
	if id, err := upstream.ParseID(header); err == nil {
		return header, strconv.Itoa(id.Round) + "." + strconv.Itoa(id.Index)
	}
	if query != "" {
		return query, query
	}
	return "", url
}

// memory is what the endpoints know about earlier requests, by key. Its zero value
// is ready.
type memory struct {
	mu     sync.Mutex
	things map[string]any
}

// remember returns what is known under the key, made anew if there is nothing. What
// is too much to remember is not remembered, and made anew each time.
func remember[T any](m *memory, key string, made func() *T) *T {
	m.mu.Lock()
	defer m.mu.Unlock()
	if known, ok := m.things[key].(*T); ok {
		return known
	}
	if m.things == nil {
		m.things = map[string]any{}
	}
	thing := made()
	if len(m.things) < mostKept {
		m.things[key] = thing
	}
	return thing
}

// reset forgets everything.
func (m *memory) reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.things = nil
}
