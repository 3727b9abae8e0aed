package results

import (
	"cmp"
	"math"

	"github.com/fetchbench/fetchbench/results/stats"
)

// A point is a Point with what the judging needs: the makespans of its trials by
// round, +Inf for one that failed, and how many of its requests succeeded in a
// trial.
type point struct {
	Point
	times   []float64
	fetched float64
}

// points measures the sizes, smallest first. Of a run without a whole round they
// have nothing but their names.
func (q *inquiry) points() []point {
	var points []point
	for i := range q.Contenders {
		var trials []*Trial
		for _, round := range q.rounds {
			trials = append(trials, round[q.Contenders[i].Name])
		}
		column := q.Run.Contenders[i]
		p := newPoint(cmp.Or(column.Size, column.Asked), &q.Contenders[i], trials)
		p.Latency.describe(q.Run.Latencies[column.Name], trials)
		points = append(points, p)
	}
	bySize(points)
	for i := range points {
		points[i].Latency.Added = points[i].Latency.beyond(&points[0].Latency)
		if i > 0 {
			points[i].Smaller = points[i].step(&points[i-1])
			points[i-1].Larger = points[i-1].step(&points[i])
		}
	}
	return points
}

// newPoint describes the trials of a contender as those of a size.
func newPoint(size int, c *Contender, trials []*Trial) point {
	p := point{Point: Point{Size: size, Contender: c.Name, Rounds: len(trials), Flight: c.Flight.Mean}}
	if len(trials) == 0 {
		return p
	}
	n := float64(len(trials))
	opened := float64(c.Connections.Opened) / n
	p.Connections = &opened
	var count Count
	for _, t := range trials {
		count.Add(t.Tally.Count)
		p.times = append(p.times, t.tolerated())
	}
	p.fetched = float64(count.OK) / n
	p.Failures = newFailures(count, trials)
	p.Median = known(stats.Median(p.times))
	if iv, err := stats.MedianInterval(p.times, level); err == nil {
		_, hi := ends(iv)
		p.MedianCI = &Band{Range{iv.Lo, hi}, iv.Level}
	}
	if p.Median != nil {
		p.Throughput = quotient(p.fetched, *p.Median)
	}
	return p
}

// tolerated is the makespan of a trial, +Inf for one that does not count as a
// time. One of which so few requests failed as the budget allows does: what it
// left out is worth less of its time than the five percent that a size may be
// slower by. Whoever ran out of time, left requests out, made them twice, or is
// refuted by the upstream has none.
func (t *Trial) tolerated() float64 {
	lost := t.Tally.Planned - t.Tally.OK
	switch {
	case t.refuted() || t.ElapsedNS <= 0:
		return math.Inf(1)
	case t.Outcome == Failed && t.Tally.Failed == lost && lost > 0 && float64(lost) <= FailureBudget*float64(t.Tally.Planned):
		return inSeconds(t.ElapsedNS)
	}
	return t.seconds()
}

// newFailures says what was lost of a count, and mostly why.
func newFailures(count Count, trials []*Trial) (f Failures) {
	classes := map[string]int{}
	bad, attempts := 0, 0
	for _, t := range trials {
		attempts += t.Tally.Attempts
		if t.Outcome != OK {
			bad++
		}
		for _, failure := range t.Tally.Failures {
			classes[failure.Class] += failure.Count
		}
	}
	for class, n := range classes {
		// The name decides between equals, so that the same journal reads the same.
		if f.Class == "" || n > classes[f.Class] || n == classes[f.Class] && class < f.Class {
			f.Class = class
		}
	}
	f.FailedShare = quotient(float64(count.Planned-count.OK), float64(count.Planned))
	f.FailedTrials = quotient(float64(bad), float64(len(trials)))
	f.Attempts = quotient(float64(attempts), float64(count.Planned-count.NotStarted))
	return f
}

// describe takes the percentiles from the requests where they were read, and the
// mean from the tallies.
func (l *PointLatency) describe(read *Latencies, trials []*Trial) {
	var sum, made float64
	for _, t := range trials {
		sum += inSeconds(t.Tally.Flight.LatencyNS)
		made += float64(t.Tally.Planned - t.Tally.NotStarted)
	}
	l.Mean = quotient(sum, made)
	if read == nil || read.Service == nil {
		return
	}
	l.Mean = &read.Service.Mean // of those that were answered
	l.P50, l.P95, l.P99 = read.Service.P50, read.Service.P95, read.Service.P99
}

// beyond is by how much a latency exceeds another one.
func (l *PointLatency) beyond(other *PointLatency) *float64 {
	if l.P50 != nil && other.P50 != nil {
		return less(l.P50, other.P50)
	}
	return less(l.Mean, other.Mean)
}

// less is a - b where both are there.
func less(a, b *float64) *float64 {
	if a == nil || b == nil {
		return nil
	}
	d := *a - *b
	return &d
}

// step is what another size would change. One that fails too often has no time
// that anybody could have.
func (p *point) step(other *point) *Step {
	s := &Step{
		Size:        other.Size,
		Connections: less(other.Connections, p.Connections),
		Latency:     other.Latency.beyond(&p.Latency),
	}
	if p.Median != nil && other.considered() {
		s.Time = quotient(*other.Median, *p.Median)
	}
	return s
}
