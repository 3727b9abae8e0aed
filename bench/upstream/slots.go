package upstream

import (
	"container/list"
	"context"
	"errors"
	"math"
	"sync"
	"time"
)

// errFull is the answer to a request that finds every slot and place taken.
var errFull = errors.New("every slot and every place in the queue is taken")

// slotQueue hands out the slots of a profile in order of arrival. Its channels
// are made by the requests that wait, so that a queue which was made outside a
// bubble of virtual time works inside one.
type slotQueue struct {
	limits  Slots
	mu      sync.Mutex
	taken   int
	waiting list.List // of chan struct{}; empty while a slot is free
}

// enter takes a slot, waiting for it if there is a place to wait, and returns how
// many are then taken where that matters: without a wait. Whoever enters with a nil
// error must leave.
func (q *slotQueue) enter(ctx context.Context) (int, error) {
	if q.limits.Capacity == 0 {
		return 0, nil
	}
	if q.limits.Overload > 0 {
		return q.squeeze()
	}
	turn, place, err := q.line()
	if err != nil || turn == nil {
		return 0, err
	}
	select {
	case <-turn:
		return 0, nil
	case <-ctx.Done():
		q.abandon(turn, place)
		return 0, ctx.Err()
	}
}

// squeeze takes a slot where those that would wait are served beside the others.
func (q *slotQueue) squeeze() (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.taken >= q.limits.Capacity+q.limits.Queue {
		return 0, errFull
	}
	q.taken++
	return q.taken, nil
}

// stretched is a latency among so many at work, at most MaxDelay. What comes later
// does not change it, so that a request need not be told.
func (s Slots) stretched(latency time.Duration, busy int) time.Duration {
	if busy <= s.Capacity || s.Overload == 0 {
		return latency
	}
	factor := 1 + s.Overload*float64(busy-s.Capacity)
	return time.Duration(min(math.Round(float64(latency)*factor), float64(MaxDelay)))
}

// line takes a free slot (and returns a nil channel) or a place in the queue.
func (q *slotQueue) line() (chan struct{}, *list.Element, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.taken < q.limits.Capacity {
		q.taken++
		return nil, nil, nil
	}
	if q.waiting.Len() >= q.limits.Queue {
		return nil, nil, errFull
	}
	turn := make(chan struct{})
	return turn, q.waiting.PushBack(turn), nil
}

// abandon gives up a place in the queue. The turn may have come at the same
// moment; then the slot goes to the next in line instead of being lost.
func (q *slotQueue) abandon(turn chan struct{}, place *list.Element) {
	q.mu.Lock()
	defer q.mu.Unlock()
	select {
	case <-turn:
		q.pass()
	default:
		q.waiting.Remove(place)
	}
}

// leave gives the slot back.
func (q *slotQueue) leave() {
	if q.limits.Capacity == 0 {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.pass()
}

// pass hands a slot to the longest waiting request, or frees it. The slot is never
// free in between, so nobody who comes later can overtake the queue.
func (q *slotQueue) pass() {
	front := q.waiting.Front()
	if front == nil {
		q.taken--
		return
	}
	if turn, ok := q.waiting.Remove(front).(chan struct{}); ok {
		close(turn)
	}
}
