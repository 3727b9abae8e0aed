package upstream

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// enterEvery starts one request a millisecond, each of which holds its slot for
// the time given. It returns the order in which they got one and when the last
// one did.
func enterEvery(t *testing.T, q *slotQueue, n int, hold time.Duration) ([]int, time.Duration) {
	t.Helper()
	begin := time.Now()
	entered := make(chan int, n)
	var requests sync.WaitGroup
	for i := range n {
		requests.Go(func() {
			if _, err := q.enter(t.Context()); err != nil {
				t.Errorf("request %d: %v", i, err)
			}
			entered <- i
			time.Sleep(hold)
			q.leave()
		})
		time.Sleep(time.Millisecond)
	}
	var order []int
	for range n {
		order = append(order, <-entered)
	}
	took := time.Since(begin)
	requests.Wait()
	return order, took
}

// enter takes a slot where those that are taken do not matter.
func enter(ctx context.Context, q *slotQueue) error {
	_, err := q.enter(ctx)
	return err
}

func TestSlotsAreServedInOrderOfArrival(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &slotQueue{limits: Slots{Capacity: 2, Queue: 100}}
		order, took := enterEvery(t, q, 20, 100*time.Millisecond)
		if !slices.IsSorted(order) {
			t.Errorf("order %v", order)
		}
		// Pairs begin at 0 and 1 ms and every 100 ms after that: the tenth pair's
		// second at 901 ms.
		if took != 901*time.Millisecond {
			t.Errorf("the last slot came after %v, want 901ms", took)
		}
	})
}

// One slot, one place to wait: the third request is refused, the second is served
// when the first leaves, and at the end nothing is taken.
func TestSlotsRefuseBeyondTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &slotQueue{limits: Slots{Capacity: 1, Queue: 1}}
		if _, err := q.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		waiting := make(chan error)
		go func() { waiting <- enter(t.Context(), q) }()
		synctest.Wait()
		if _, err := q.enter(t.Context()); !errors.Is(err, errFull) {
			t.Errorf("third request: %v, want errFull", err)
		}
		q.leave()
		if err := <-waiting; err != nil {
			t.Errorf("second request: %v", err)
		}
		q.leave()
		if q.taken != 0 || q.waiting.Len() != 0 {
			t.Errorf("%d taken, %d waiting at the end", q.taken, q.waiting.Len())
		}
	})
}

// Whoever gives up waiting frees its place and loses nobody else's slot.
func TestSlotsAreNotLostWhenClientsLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &slotQueue{limits: Slots{Capacity: 1, Queue: 10}}
		if _, err := q.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		leaving, leave := context.WithCancel(t.Context())
		left, stayed := make(chan error, 1), make(chan error, 1)
		go func() { left <- enter(leaving, q) }()
		synctest.Wait()
		go func() { stayed <- enter(t.Context(), q) }()
		synctest.Wait()
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("the one that left got %v", err)
		}
		q.leave()
		if err := <-stayed; err != nil {
			t.Errorf("the one that stayed got %v", err)
		}
		q.leave()
		if q.taken != 0 {
			t.Errorf("%d slots are lost", q.taken)
		}
	})
}

// A turn that comes at the moment of leaving goes to the next in line.
func TestSlotsPassOnATurnThatCameTooLate(t *testing.T) {
	q := &slotQueue{limits: Slots{Capacity: 1, Queue: 10}}
	if _, err := q.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	first, place, err := q.line()
	if err != nil {
		t.Fatal(err)
	}
	second, _, err := q.line()
	if err != nil {
		t.Fatal(err)
	}
	q.leave()
	q.abandon(first, place)
	select {
	case <-second:
	default:
		t.Error("the second in line waits for a slot that nobody has")
	}
	q.leave()
	if q.taken != 0 {
		t.Errorf("%d slots are lost", q.taken)
	}
}
