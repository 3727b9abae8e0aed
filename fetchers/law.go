package fetchers

import (
	"math"
	"slices"
	"time"
)

// A law finds how many calls may be in flight from how the calls fare. It is pure:
// the times come from outside, and it waits for nothing.
//
// Latency. The latencies of calls begun since the last change are taken together
// until there are as many as the limit, which is one round trip; their median
// stands for them, because a mean of ten calls with a long tail says little. As
// long as it shows no queue the limit doubles (slow start: Jacobson, Congestion
// Avoidance and Control, 1988). Then, after the gradient limit of Netflix's
// concurrency-limits (Landau, Thurston and Bozarth, Performance Under Load, 2018)
// and TCP Vegas (Brakmo and Peterson, 1995) before it,
//
//	limit = limit * gradient + sqrt(limit),  gradient = tolerance * base / median within [1/2, 1]
//
// where base is the least median so far. Assumed is that latency grows with the
// queue alone: an upstream whose own pace changes for good is taken for full or,
// if it was busy from the start, for idle. With c slots at the upstream the
// latency is base*limit/c, so the limit settles where limit = tolerance*c +
// sqrt(limit), 29 for 16 slots, or a little below, as medians come in steps.
//
// Overload. An error that asks for less halves the limit, and from then on it
// grows by one a round trip (AIMD: Chiu and Jain, 1989), because a quota does not
// show in latencies. Errors of calls begun before the cut belong to it and cut no
// further, as in fast recovery (RFC 6582).
type law struct {
	limit    float64
	most     float64
	seen     []time.Duration // of calls begun since the last change
	base     time.Duration
	changed  time.Time
	cut      time.Time // the last halving
	doubling bool
	strikes  int // cuts without a quiet round trip between them
}

// tolerance is how much of a queue is let be: half of the base again.
const tolerance = 1.5

// firstPause and lastPause bound the pause after an overload that names none. It
// doubles with each one in a row.
const firstPause, lastPause = 100 * time.Millisecond, 10 * time.Second

// newLaw returns the law of a run that begins with a limit of start.
func newLaw(start, most int) law {
	most = max(1, most)
	return law{limit: float64(min(max(1, start), most)), most: float64(most), doubling: true}
}

// slots is the limit as a number of calls.
func (l *law) slots() int { return int(l.limit) }

// took learns from a call that went well, from began until now, while busy calls
// were in flight besides it.
func (l *law) took(began, now time.Time, busy int) {
	// A call begun under another limit says nothing of this one, and neither does
	// any while half of the slots are not used.
	if began.Before(l.changed) || 2*(busy+1) < l.slots() {
		return
	}
	l.seen = append(l.seen, now.Sub(began))
	if len(l.seen) < l.slots() {
		return
	}
	slices.Sort(l.seen)
	median := max(1, l.seen[len(l.seen)/2])
	if l.base == 0 || median < l.base {
		l.base = median
	}
	l.strikes = 0
	l.set(l.next(tolerance*float64(l.base)/float64(median)), now)
}

// next is the limit after a round trip with that gradient, which it bounds.
func (l *law) next(gradient float64) float64 {
	gradient = max(0.5, min(1, gradient))
	l.doubling = l.doubling && gradient == 1
	switch {
	case l.doubling:
		return 2 * l.limit
	case gradient == 1 && !l.cut.IsZero():
		return l.limit + 1
	}
	return l.limit*gradient + math.Sqrt(l.limit)
}

// overloaded learns that a call begun then was asked for less, and returns how
// long no other one is to start. The pause is what the upstream named; otherwise
// it is drawn from the upper half of one that doubles (Brooker, Exponential Backoff
// and Jitter, 2015), with jitter in [0, 1), so that many clients do not return at
// the same instant.
func (l *law) overloaded(began, now time.Time, named time.Duration, jitter float64) time.Duration {
	if !began.After(l.cut) {
		return named
	}
	pause := min(firstPause<<min(l.strikes, 10), lastPause)
	l.strikes++
	l.cut, l.doubling = now, false
	l.set(l.limit/2, now)
	if named > 0 {
		return named
	}
	return pause/2 + time.Duration(jitter*float64(pause/2))
}

// set changes the limit, within its bounds, and begins another round trip.
func (l *law) set(limit float64, now time.Time) {
	l.limit = max(1, min(limit, l.most))
	l.changed, l.seen = now, l.seen[:0]
}
