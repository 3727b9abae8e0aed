package main

import (
	"slices"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// A standing is how far a run is: what became of the trials that were made, and
// which is the next. It is told of each trial, reads no clock and prints nothing.
type standing struct {
	header results.Header
	before int // trials that were made before the run was cut short
	done   int // trials since then, warm-up included
	spent  time.Duration
	by     map[string]*count
	next   upcoming
}

// An upcoming is the trial that begins next; without a contender there is none.
type upcoming struct {
	round     int
	contender string
}

// A count is how far one contender is.
type count struct {
	trials, ok, failed int
	made               int           // trials of any kind, warm-up included
	took               time.Duration // all of them together
	times              []float64     // seconds of the measured trials that are ok, ascending
	flight             float64       // mean in flight of the last trial
}

// newStanding counts the trials that there are already.
func newStanding(h results.Header, made []results.Trial) *standing {
	n := &standing{header: h, by: map[string]*count{}}
	for _, c := range h.Contenders {
		n.by[c.Name] = &count{}
	}
	for i := range made {
		n.before++
		n.count(&made[i])
	}
	return n
}

// add counts a trial of this process.
func (n *standing) add(t *results.Trial) {
	n.done++
	n.spent += time.Duration(t.ElapsedNS)
	n.count(t)
}

// count adds what became of a trial. A warm-up tells how long trials take and
// nothing else; one that was cut short is none, and one in which a request failed
// has no time.
func (n *standing) count(t *results.Trial) {
	c := n.by[t.Contender]
	if c == nil {
		return
	}
	c.made++
	c.took += time.Duration(t.ElapsedNS)
	if t.Round < 0 || t.Outcome == results.Aborted {
		return
	}
	c.trials++
	c.ok += t.Tally.OK
	c.failed += t.Tally.Failed
	c.flight = t.Tally.Flight.Mean
	if t.Outcome == results.OK {
		seconds := time.Duration(t.ElapsedNS).Seconds()
		at, _ := slices.BinarySearch(c.times, seconds)
		c.times = slices.Insert(c.times, at, seconds)
	}
}

// median is that of the times so far; there may be none.
func (c *count) median() (seconds float64, ok bool) {
	n := len(c.times)
	if n == 0 {
		return 0, false
	}
	return (c.times[(n-1)/2] + c.times[n/2]) / 2, true
}

// planned is the number of trials of one contender.
func (n *standing) planned() int { return n.header.Design.Rounds + n.header.Design.Warmup }

// all is the number of trials of the run.
func (n *standing) all() int { return n.planned() * len(n.header.Contenders) }

// left estimates how long the rest takes, after so long a time: each contender goes
// on taking what it took on average, and what lies between trials stays as it was. It
// is false while nothing was measured. With --precision a run may end sooner.
func (n *standing) left(since time.Duration) (time.Duration, bool) {
	made, took := 0, time.Duration(0)
	for _, c := range n.by {
		made, took = made+c.made, took+c.took
	}
	if made == 0 || n.done == 0 {
		return 0, false
	}
	gap := max(0, since-n.spent) / time.Duration(n.done)
	rest := time.Duration(0)
	for _, c := range n.by {
		mean := took / time.Duration(made)
		if c.made > 0 {
			mean = c.took / time.Duration(c.made)
		}
		rest += time.Duration(max(0, n.planned()-c.made)) * (mean + gap)
	}
	return rest, true
}

// lasting tells whether the next trial is expected to take at least so long. Of a
// contender that nobody has seen yet everything is expected.
func (n *standing) lasting(d time.Duration) bool {
	c := n.by[n.next.contender]
	return c != nil && (c.made == 0 || c.took/time.Duration(c.made) >= d)
}
