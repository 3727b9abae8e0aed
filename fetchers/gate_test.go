package fetchers

import (
	"slices"
	"testing"
	"testing/synctest"
)

// Slots that are all taken are wanted first by a call that was parked and then by
// one that has not begun, which the scheduler of Go happens to wake first. Whatever
// it wakes first, one slot goes to the parked call, and of two each gets one.
func TestGateLetsParkedCallsInFirst(t *testing.T) {
	for free, want := range map[int][]string{1: {"parked"}, 2: {"new", "parked"}} {
		synctest.Test(t, func(t *testing.T) {
			g := newGate(newLaw(2, 2), nil)
			for range 2 {
				g.enter(t.Context(), false)
			}
			var in []string // guarded by the mutex of the gate
			wants := func(who string, returning bool) {
				go func() {
					if g.enter(t.Context(), returning) {
						g.mu.Lock()
						defer g.mu.Unlock()
						in = append(in, who)
					}
				}()
				synctest.Wait()
			}
			wants("parked", true)
			wants("new", false)
			g.mu.Lock()
			g.busy -= free
			g.changed.Broadcast()
			g.mu.Unlock()
			synctest.Wait()
			slices.Sort(in) // by name: who is back in this function first is chance
			if !slices.Equal(in, want) {
				t.Errorf("%d slots went to %v, want %v", free, in, want)
			}
			// Whoever is left gets a slot too, so that no goroutine is.
			g.mu.Lock()
			g.busy = 0
			g.changed.Broadcast()
			g.mu.Unlock()
		})
	}
}
