package upstream

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// onClocks runs the test with the clock of this system and with timers.
func onClocks(t *testing.T, test func(t *testing.T, c clock)) {
	t.Helper()
	for name, c := range map[string]clock{"system": newClock(), "timers": timers{}} {
		t.Run(name, func(t *testing.T) {
			defer c.close()
			test(t, c)
		})
	}
}

// A clock may be late, since the machine may be busy, but it is never early: an
// upstream that answers early makes clients look faster than they can be. The
// instants are out of order, several are equal, and the first have passed already.
func TestClocksNeverRingEarly(t *testing.T) {
	onClocks(t, func(t *testing.T, c clock) {
		begin := time.Now()
		var waits sync.WaitGroup
		for i := range 64 {
			at := begin.Add(time.Duration(i*37%16-2) * 500 * time.Microsecond)
			waits.Go(func() {
				for again := range 3 {
					at := at.Add(time.Duration(again) * time.Millisecond)
					if !c.until(t.Context(), at) || time.Now().Before(at) {
						t.Errorf("wait %d of %d ended %v early", again, i, time.Until(at))
					}
				}
			})
		}
		waits.Wait()
	})
}

// Whoever waits leaves with its context, and only with its own: the hour of the
// others would not end otherwise.
func TestClocksHonourTheContext(t *testing.T) {
	onClocks(t, func(t *testing.T, c clock) {
		later := time.Now().Add(time.Hour)
		var contexts []context.CancelFunc
		results := make([]chan bool, 8)
		for i := range results {
			ctx, cancel := context.WithCancel(t.Context())
			contexts = append(contexts, cancel)
			results[i] = make(chan bool)
			go func() { results[i] <- c.until(ctx, later) }()
		}
		for i, cancel := range contexts {
			select {
			case <-results[len(results)-1]:
				t.Error("a wait ended without its context")
			default:
			}
			cancel()
			if <-results[i] {
				t.Error("a wait whose context ended says that its instant came")
			}
		}
	})
}

// An instant that has passed is no wait, and no reason to answer a client that has
// left.
func TestClocksLookAtTheContextOfAPassedInstant(t *testing.T) {
	onClocks(t, func(t *testing.T, c clock) {
		left, leave := context.WithCancel(t.Context())
		leave()
		past := time.Now().Add(-time.Second)
		for range 100 {
			if !c.until(t.Context(), past) {
				t.Fatal("a passed instant did not come")
			}
			if c.until(left, past) {
				t.Fatal("a context that ended is taken for alive")
			}
		}
	})
}

// Memory and Mock run on these in bubbles of virtual time.
func TestTimersAreExactInVirtualTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		if !(timers{}).until(t.Context(), begin.Add(time.Hour)) || time.Since(begin) != time.Hour {
			t.Errorf("an hour took %v", time.Since(begin))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin = time.Now()
		if (timers{}).until(ctx, begin.Add(time.Hour)) || time.Since(begin) != time.Second {
			t.Errorf("left after %v, want 1s", time.Since(begin))
		}
	})
}
