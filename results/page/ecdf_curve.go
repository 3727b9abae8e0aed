package page

import (
	"slices"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// binnedSteps is how many steps a curve has whose values are too many to have one
// each: half a percent is less than the width of its line.
const binnedSteps = 200

// A curve says which share of the requests of a contender was answered within
// which time. It keeps every time up to a limit, and beyond that the counts of a
// histogram, which take 188 kB however many there are.
type curve struct {
	name   string
	limit  int
	values []int64
	counts *stats.Histogram
	// least and most are exact in either case.
	least, most int64
	ok          int
	failed      map[string]int // by class
	// untold says that there were trials of whose requests nothing is known.
	untold bool
}

// newCurve keeps at most limit times one by one.
func newCurve(name string, limit int) *curve {
	return &curve{name: name, limit: max(limit, 1), failed: map[string]int{}}
}

// take adds a request that came to an end of its own.
func (c *curve) take(r *results.Request) {
	switch r.Class {
	case "", results.ClassCancelled:
	case results.ClassOK:
		c.add(r.Latency())
	default:
		c.failed[r.Class]++
	}
}

// add adds a time in nanoseconds, which is not below 0.
func (c *curve) add(ns int64) {
	if c.ok == 0 {
		c.least = ns
	}
	c.ok++
	c.least, c.most = min(c.least, ns), max(c.most, ns)
	switch {
	case c.counts != nil:
		record(c.counts, ns)
	case c.ok <= c.limit:
		c.values = append(c.values, ns)
	default:
		c.counts = stats.NewHistogram()
		for _, v := range append(c.values, ns) {
			record(c.counts, v)
		}
		c.values = nil
	}
}

// record counts a time in whole microseconds, rounded up: no request is shown as
// quicker than it was.
func record(counts *stats.Histogram, ns int64) {
	us := ns / int64(time.Microsecond)
	if ns%int64(time.Microsecond) > 0 {
		us++
	}
	_ = counts.Record(us) // it refuses times below 0 only
}

// losses is how many requests failed, of any class.
func (c *curve) losses() int {
	n := 0
	for _, count := range c.failed {
		n += count
	}
	return n
}

// A step is a place where a curve rises: so large a share of all requests, failed
// ones included, was answered within so many seconds.
type step struct{ seconds, share float64 }

// steps are those of the curve from left to right. Requests that failed are never
// answered, so that the last step is below 1 where there are any: a curve of the
// others alone would call an upstream quick that refuses at once.
//
// The first step is at the least time and the last at the greatest, both exact.
func (c *curve) steps() []step {
	if c.ok == 0 {
		return nil
	}
	if c.counts != nil {
		return c.binned()
	}
	slices.Sort(c.values)
	all := float64(c.ok + c.losses())
	var out []step
	for i, v := range c.values {
		if i+1 == len(c.values) || c.values[i+1] != v {
			out = append(out, step{inSeconds(v), float64(i+1) / all})
		}
	}
	return out
}

// binned are steps of equal height. The times come from the histogram, of which
// they are too long by 2^-10 at most; those of more than an hour it does not know,
// and they are in the last step.
func (c *curve) binned() []step {
	all := float64(c.ok + c.losses())
	out := []step{{inSeconds(c.least), 1 / all}}
	for k := 1; k < binnedSteps; k++ {
		p := float64(k) / binnedSteps
		us, err := c.counts.Quantile(p)
		if err != nil {
			break // all of them are of more than an hour
		}
		s := step{min(float64(us)/1e6, inSeconds(c.most)), p * float64(c.counts.Count()) / all}
		if last := &out[len(out)-1]; s.seconds <= last.seconds {
			last.share = max(last.share, s.share)
		} else {
			out = append(out, s)
		}
	}
	last := step{inSeconds(c.most), float64(c.ok) / all}
	if end := &out[len(out)-1]; end.seconds >= last.seconds {
		end.share = last.share
		return out
	}
	return append(out, last)
}

// within is the time by which a share of all requests was answered; there is none
// where fewer were.
func (c *curve) within(share float64) (seconds float64, ok bool) {
	for _, s := range c.steps() {
		if s.share >= share {
			return s.seconds, true
		}
	}
	return 0, false
}

// inSeconds is a number of nanoseconds in the unit of the figures.
func inSeconds(ns int64) float64 { return float64(ns) / float64(time.Second) }
