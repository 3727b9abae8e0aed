package fetchers

import (
	"math"
	"slices"
	"time"
)

// A law finds how many calls may be in flight from how the calls fare. It is pure:
// the times come from outside, and it waits for nothing.
//
// Latency. Calls are looked at in rounds: as many as the limit, from the first that
// begins under it. Once three quarters of them are back their median is known but
// for those that began last, and stands for the round: a mean of ten calls with a
// long tail says little, and the first ten to come back would be the quick ones. As
// long as the medians show no queue the limit doubles (slow start: Jacobson,
// Congestion Avoidance and Control, 1988). Then, after the gradient limit of
// Netflix's concurrency-limits (Landau, Thurston and Bozarth, Performance Under
// Load, 2018) and TCP Vegas (Brakmo and Peterson, 1995) before it,
//
//	limit = limit * gradient + sqrt(limit),  gradient = tolerance * base / median within [1/2, 1]
//
// where base is the latency without a queue, as learn finds it. Assumed is that only
// a queue makes the medians grow. With c slots upstream a latency is base * limit/c,
// so the limit settles where limit = tolerance*c + sqrt(limit), 29 for 16 slots, or
// somewhat below, as medians come in steps. In simulated runs of 3000 calls on 4, 16
// and 64 slots it took at most 6 % longer than a pool of the right size where
// latencies were log-normal with sigma 0.3, at most 25 % and 2 % in the mean with
// sigma 1, and with sigma 1.5, where chance makes the base, 15 % in the mean and
// once 3.6 times as long.
//
// Overload. An error that asks for less halves the limit, and from then on it
// grows by one a round (AIMD: Chiu and Jain, 1989), because a quota does not show in
// latencies. Errors of calls begun before the cut belong to it and cut no further,
// as in fast recovery (RFC 6582).
type law struct {
	limit    float64
	most     float64
	round    int             // from 1, another with each change
	begun    int             // calls of the round
	used     int             // most slots held at once in the round
	seen     []time.Duration // their latencies
	base     time.Duration
	cut      time.Time // the last halving
	doubling bool
	strikes  int // cuts without a quiet round between them
}

// tolerance is how much of a queue is let be: half of the base again.
const tolerance = 1.5

// fewest is the least number of calls in a round once the limit no longer doubles:
// medians of ten vary so much that the limit would follow their noise.
const fewest = 30

// firstPause is the pause after an overload that names none, where nothing is known
// of how long calls take; otherwise it is the base, one round trip. It doubles with
// each overload in a row, up to lastPause.
const firstPause, lastPause = 100 * time.Millisecond, 10 * time.Second

// newLaw returns the law of a run that begins with a limit of start.
func newLaw(start, most int) law {
	most = max(1, most)
	return law{round: 1, limit: float64(min(max(1, start), most)), most: float64(most), doubling: true}
}

// slots is the limit as a number of calls.
func (l *law) slots() int { return int(l.limit) }

// begin tells the round of a call that begins now, as one of so many in flight, or 0
// if the round has its calls.
func (l *law) begin(busy int) int {
	l.used = max(l.used, busy)
	if l.begun >= l.size() {
		return 0
	}
	l.begun++
	return l.round
}

// size is the number of calls that a round looks at.
func (l *law) size() int {
	if l.doubling {
		return l.slots()
	}
	return max(l.slots(), fewest)
}

// lost makes room in the round for another call, as one of its calls has no latency
// to tell: it failed, or it was parked.
func (l *law) lost(round int) {
	if round == l.round {
		l.begun--
	}
}

// took learns from a call of that round that went well. A round in which half of the
// slots were never used says nothing of the limit.
func (l *law) took(round int, latency time.Duration) {
	if round != l.round {
		return
	}
	l.seen = append(l.seen, latency)
	size := l.size()
	if 4*len(l.seen) < 3*size {
		return
	}
	slices.Sort(l.seen)
	median := max(1, l.seen[size/2])
	l.learn(median)
	l.strikes = 0
	if 2*l.used < l.slots() {
		l.set(l.limit)
		return
	}
	l.set(l.next(tolerance * float64(l.base) / float64(median)))
}

// learn moves the base a quarter of the way to a median below it. While the limit
// doubles one above counts as well, up to twice the base, where a queue begins: the
// first ten calls may have been quick ones. The least of all medians would not do:
// the more rounds the further below the others it is, by chance alone.
func (l *law) learn(median time.Duration) {
	switch {
	case l.base == 0:
		l.base = median
	case median < l.base, l.doubling && median < 2*l.base:
		l.base += (median - l.base) / 4
	}
}

// next is the limit after a round with that gradient, which it bounds.
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
	pause := firstPause
	if l.base > 0 {
		pause = l.base
	}
	pause = min(pause<<min(l.strikes, 10), lastPause)
	l.strikes++
	l.cut, l.doubling = now, false
	l.set(l.limit / 2)
	if named > 0 {
		return named
	}
	return pause/2 + time.Duration(jitter*float64(pause/2))
}

// set changes the limit, within its bounds, and begins another round.
func (l *law) set(limit float64) {
	l.limit = max(1, min(limit, l.most))
	l.round++
	l.begun, l.used, l.seen = 0, 0, l.seen[:0]
}
