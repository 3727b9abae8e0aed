package upstream

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// replayed is how long 40 calls of the profile collapse take with so many in flight
// that begin a millisecond apart. It goes from end to end in the order of time: all
// latencies are multiples of 25 ms, so those of fewer than 25 never end together.
func replayed(workers int) time.Duration {
	var at []time.Duration // when each worker makes its next call
	for i := range workers {
		at = append(at, time.Duration(i)*time.Millisecond)
	}
	last, working := time.Duration(0), make([]bool, workers)
	for call, busy := 0, 0; call < 40; call++ {
		next := 0
		for i := range at {
			if at[i] < at[next] {
				next = i
			}
		}
		if !working[next] {
			working[next] = true
			busy++
		}
		at[next] += 50 * time.Millisecond
		if busy > 8 {
			at[next] += time.Duration(busy-8) * 25 * time.Millisecond
		}
		last = max(last, at[next])
	}
	return last
}

// Up to 8 at work take 50 ms each: 40 calls are five turns. With more there are
// fewer turns and each is longer, 50 ms x (1 + 0.5 (K-8)), which does not pay.
func TestCollapseGetsLessDoneWithMoreInFlight(t *testing.T) {
	if a, b := replayed(1), replayed(8); a != 2*time.Second || b != 257*time.Millisecond {
		t.Fatalf("the replay takes %v and %v, want 2s and 257ms", a, b)
	}
	before := time.Duration(0)
	for _, workers := range []int{8, 10, 12, 16, 20} {
		onMock(t, named(t, "collapse"), func(t *testing.T, m *MockUpstream, client *http.Client) {
			statuses, took := pooled(t, client, m.URLs(), workers, time.Millisecond)
			if took != replayed(workers) || statuses[200] != 40 {
				t.Errorf("%d in flight: %v, %v, want %v", workers, statuses, took, replayed(workers))
			}
			if took <= before {
				t.Errorf("%d in flight take %v, fewer took %v", workers, took, before)
			}
			before = took
		})
	}
	// All at once: the last of 40 finds itself among 40, 50 ms x 17.
	onMock(t, named(t, "collapse"), func(t *testing.T, m *MockUpstream, client *http.Client) {
		if took := concurrently(t, client, m.URLs()); took != 850*time.Millisecond {
			t.Errorf("at once took %v, want 850ms", took)
		}
	})
}

// A latency is set when a request comes: 10 ms x (1 + 2 x 1) for the second on one
// slot, however soon the first is gone, and the third finds room again.
func TestOverloadIsThatOfTheArrival(t *testing.T) {
	p := constant(1, 10*time.Millisecond)
	p.Slots = Slots{Capacity: 1, Queue: 5, Overload: 2}
	inMemory(t, p, func(t *testing.T, m *Memory, client *http.Client) {
		begin := time.Now()
		ended := make(chan time.Duration)
		for range 2 {
			go func() {
				mustFetch(t, client, m.URLs()[0], "")
				ended <- time.Since(begin)
			}()
			time.Sleep(5 * time.Millisecond)
		}
		if first, second := <-ended, <-ended; first != 10*time.Millisecond || second != 35*time.Millisecond {
			t.Errorf("took %v and %v, want 10ms and 35ms", first, second)
		}
		begin = time.Now()
		mustFetch(t, client, m.URLs()[0], "")
		if took := time.Since(begin); took != 10*time.Millisecond {
			t.Errorf("the third took %v, want 10ms", took)
		}
	})
}

// The queue bounds those beyond the capacity here too, and a latency is never
// longer than the longest there is.
func TestOverloadIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &slotQueue{limits: Slots{Capacity: 2, Queue: 3, Overload: 1}}
		for i := range 5 {
			if busy, err := q.enter(t.Context()); busy != i+1 || err != nil {
				t.Errorf("request %d: %d at work, %v", i, busy, err)
			}
		}
		if _, err := q.enter(t.Context()); !errors.Is(err, errFull) {
			t.Errorf("the sixth: %v, want errFull", err)
		}
		q.leave()
		if busy, err := q.enter(t.Context()); busy != 5 || err != nil {
			t.Errorf("after one left: %d at work, %v", busy, err)
		}
		if got := q.limits.stretched(time.Hour/2, 4); got != MaxDelay {
			t.Errorf("half an hour among 4 is %v, want %v", got, MaxDelay)
		}
	})
}
