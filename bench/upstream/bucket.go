package upstream

import (
	"sync"
	"time"
)

// bucket is the token bucket of a rate limit. It keeps one instant, that at which
// it would be full again, so it needs no timer and its numbers are exact: in a time
// T after it was full it lets Burst + T*PerSecond requests pass, rounded down.
// Source: the generic cell rate algorithm (virtual scheduling) of ITU-T I.371, annex A.
type bucket struct {
	limits Slots
	mu     sync.Mutex
	full   time.Time
}

// take takes a token and returns 0, or returns how long it is until there is one.
// The clock is read under the lock: read before it, requests could run backwards.
func (b *bucket) take() time.Duration {
	if b.limits.PerSecond == 0 {
		return 0
	}
	interval := time.Duration(float64(time.Second) / b.limits.PerSecond)
	room := time.Duration(b.limits.Burst-1) * interval
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if b.full.Before(now) {
		b.full = now
	}
	if lack := b.full.Sub(now) - room; lack > 0 {
		return lack
	}
	b.full = b.full.Add(interval)
	return 0
}

// fill makes the bucket full.
func (b *bucket) fill() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.full = time.Time{}
}
