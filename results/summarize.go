package results

import (
	"math"

	"github.com/fetchbench/fetchbench/results/stats"
)

// level is the nominal level of every interval.
const level = 0.95

// Summarize describes each contender by itself. It is a pure function of the
// journal: the same file gives the same digits.
func Summarize(run *Run) Summary {
	s := Summary{Requests: account(run)}
	rounds := run.Rounds()
	alone := run.Sequential()
	for _, c := range run.Contenders {
		var trials []*Trial
		var loads []Load
		for _, round := range rounds {
			t := round[c.Name]
			trials = append(trials, t)
			loads = append(loads, load(t, c.Asked, round[alone]))
		}
		d := describe(c, trials, loads)
		d.Latency = run.Latencies[c.Name]
		s.Contenders = append(s.Contenders, d)
	}
	return s
}

// account adds up where every planned request of the measured rounds went.
// Trials that were never begun are requests not started.
func account(run *Run) Requests {
	r := Requests{ByClass: map[string]int{}}
	for i := range run.Trials {
		t := &run.Trials[i]
		r.Warmup += t.Warming
		if t.Round < 0 {
			r.Warmup += t.Tally.Attempts
			continue
		}
		r.Add(t.Tally.Count)
		r.Attempts += t.Tally.Attempts
		r.Redirects += t.Tally.Redirects
		if t.Tally.OK > 0 {
			r.ByClass[ClassOK] += t.Tally.OK
		}
		for _, f := range t.Tally.Failures {
			r.ByClass[f.Class] += f.Count
		}
	}
	planned := run.Design.Rounds * len(run.Contenders) * run.Target.Planned()
	if missing := planned - r.Planned; missing > 0 && run.Reached == "" {
		r.Planned += missing
		r.NotStarted += missing
	}
	return r
}

// describe summarises the trials of one contender, in the order of the rounds.
func describe(column Column, trials []*Trial, loads []Load) Contender {
	c := Contender{Name: column.Name, Trials: len(trials)}
	times := make([]float64, 0, len(trials))
	for _, t := range trials {
		times = append(times, t.seconds())
		c.Connections.Opened += t.Tally.Opened
		c.Connections.Reused += t.Tally.Reused
		c.Cost.Bytes += t.Tally.Bytes
		c.Cost.WireBytes += t.Tally.WireBytes
		if c.Protocol == "" {
			c.Protocol = t.Tally.Protocol
		}
	}
	c.OK = len(stats.Successes(times))
	c.Times = describeTimes(times)
	c.Intervals = describeIntervals(times, c.OK)
	c.Load = describeLoad(column.Asked, loads)
	describeCost(&c.Cost, trials)
	return c
}

// seconds is the makespan of a trial, +Inf for one that did not succeed: the
// worst rank, never a fast time.
func (t *Trial) seconds() float64 {
	switch {
	case t.Outcome != OK:
		return math.Inf(1)
	case t.Exact > 0:
		return t.Exact
	case t.ElapsedNS <= 0:
		return math.Inf(1)
	}
	return inSeconds(t.ElapsedNS)
}

// describeTimes holds the mean, the extremes and the spread of the successful
// trials, and the median with failed trials as the worst rank. Percentiles are
// there only where no trial failed.
func describeTimes(times []float64) Times {
	ok := stats.Successes(times)
	t := Times{
		Mean:   known(stats.Mean(ok)),
		Median: known(stats.Median(times)),
		Min:    known(stats.Min(ok)),
		Max:    known(stats.Max(ok)),
		SD:     known(stats.SD(ok)),
		MAD:    known(stats.MAD(ok)),
		Shape:  describeShape(times, ok),
	}
	// A percentile is shown from the number of trials on at which its exact
	// interval has two ends. With a failed trial it is an error.
	for _, p := range []struct {
		to *(*float64)
		at float64
		n  int
	}{{&t.P90, .90, 36}, {&t.P95, .95, 72}, {&t.P99, .99, 368}} {
		if len(times) >= p.n {
			*p.to = known(stats.Quantile(times, p.at))
		}
	}
	return t
}

// trimmed is the share that a trimmed mean leaves out at either end.
const trimmed = 0.2

// describeShape holds what machines may want to know of the times, and no table
// shows. Dependence is that of all trials, failed ones being the slowest.
func describeShape(times, ok []float64) Shape {
	if len(ok) == 0 {
		return Shape{}
	}
	inflation := stats.Inflation(times)
	effective := float64(len(times)) / inflation
	return Shape{
		Effective:     &effective,
		Inflation:     &inflation,
		Skewness:      known(stats.AdjustedSkewness(ok)),
		TrimmedMean:   known(stats.TrimmedMean(ok, trimmed)),
		GeometricMean: known(stats.GeometricMean(ok)),
	}
}

// describeIntervals says how sure the mean, the median and the share of
// successful trials are.
func describeIntervals(times []float64, ok int) Intervals {
	var out Intervals
	if iv, err := stats.MedianInterval(times, level); err == nil {
		_, hi := ends(iv)
		out.MedianCI = &Band{Range{iv.Lo, hi}, iv.Level}
	}
	// Where a trial failed this is an error: the mean of the others has no
	// interval that says what it seems to.
	if iv, err := stats.MeanInterval(times, level); err == nil {
		out.MeanCI = &Range{iv.Lo, &iv.Hi}
	}
	if iv, err := stats.Wilson(ok, len(times), level); err == nil {
		out.Success = &Shares{iv.Lo, iv.Hi}
	}
	return out
}

// describeLoad takes the medians over the rounds, and the maximum of the maxima.
func describeLoad(asked int, loads []Load) Load {
	out := Load{Flight: InFlight{Asked: asked}}
	var mean, found, slowdown, ideal, efficiency, packing []float64
	for _, l := range loads {
		out.Flight.Max = max(out.Flight.Max, l.Flight.Max)
		if most := l.Flight.Upstream; most != nil && (out.Flight.Upstream == nil || *most > *out.Flight.Upstream) {
			out.Flight.Upstream = most
		}
		mean = collectKnown(mean, l.Flight.Mean)
		found = collectKnown(found, l.Flight.Found)
		slowdown = collectKnown(slowdown, l.Slowdown)
		ideal = collectKnown(ideal, l.Ideal)
		efficiency = collectKnown(efficiency, l.Efficiency)
		packing = collectKnown(packing, l.Packing)
	}
	out.Flight.Mean = known(stats.Median(mean))
	out.Flight.Found = known(stats.Median(found))
	out.Slowdown = known(stats.Median(slowdown))
	out.Ideal = known(stats.Median(ideal))
	out.Efficiency = known(stats.Median(efficiency))
	out.Packing = known(stats.Median(packing))
	return out
}

// describeCost takes the medians of what the trials took from this machine.
func describeCost(c *Cost, trials []*Trial) {
	var cpu, allocs, perFetch, pause, sched []float64
	for _, t := range trials {
		if t.Tally.Planned == 0 {
			continue // an imported trial, of which nobody knows
		}
		c.take(t)
		if t.Claimed != nil { // what this process did meanwhile is none of its costs
			cpu = collectKnown(cpu, told(t.Claimed.CPUNS))
			continue
		}
		cpu = append(cpu, inSeconds(t.Machine.CPUNS))
		allocs = append(allocs, float64(t.Machine.Allocs))
		perFetch = collectKnown(perFetch, t.AllocsPerFetch())
		pause = append(pause, inSeconds(t.Machine.GCPauseNS))
		sched = append(sched, inSeconds(t.Machine.SchedP99NS))
	}
	c.CPU = known(stats.Median(cpu))
	c.Allocs = known(stats.Median(allocs))
	c.PerFetch = known(stats.Median(perFetch))
	c.GCPause = known(stats.Median(pause))
	c.SchedP99 = known(stats.Median(sched))
}

// take adds what a trial sent, and what it held where that is the most.
func (c *Cost) take(t *Trial) {
	c.Attempts += t.Tally.Attempts
	c.Wasted += t.Tally.Wasted
	c.Shared += t.Tally.Shared
	peaks := t.Machine.Peaks
	if t.Claimed != nil {
		peaks = Peaks{Bytes: t.Claimed.MaxBytes}
	}
	if peaks.Goroutines > 0 && (c.Goroutines == nil || peaks.Goroutines > *c.Goroutines) {
		c.Goroutines = &peaks.Goroutines
	}
	if peaks.Bytes > 0 && (c.Memory == nil || peaks.Bytes > *c.Memory) {
		c.Memory = &peaks.Bytes
	}
}

// told is a time in seconds, nil for one that nobody told.
func told(ns int64) *float64 {
	if ns <= 0 {
		return nil
	}
	s := inSeconds(ns)
	return &s
}

// AllocsPerFetch is the number of allocations for each request made, nil where
// none was, or where they were made elsewhere.
func (t *Trial) AllocsPerFetch() *float64 {
	if t.Claimed != nil {
		return nil
	}
	return quotient(float64(t.Machine.Allocs), float64(t.Tally.made()))
}

// made is the number of requests that were started.
func (t *Tally) made() int { return t.Planned - t.NotStarted }

// known is a number that exists, nil for one that does not.
func known(v float64, err error) *float64 {
	if err != nil {
		return nil
	}
	return &v
}

// collectKnown appends a number that exists.
func collectKnown(list []float64, v *float64) []float64 {
	if v == nil {
		return list
	}
	return append(list, *v)
}
