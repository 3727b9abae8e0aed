package results

import (
	"cmp"
	"slices"
)

// FailureBudget is the share of requests that may fail at a size which is
// recommended. It is not a matter of taste alone: the fastest size against an
// upstream with a rate limit is the one of which most requests are refused.
const FailureBudget = 0.005

// A Sweep says which size of a strategy is enough. It is a pure function of the
// journal, as a comparison is, and asks another question: not whether one is
// faster, but which is the smallest that is not slower by anything that matters.
type Sweep struct {
	Points         []Point        `json:"points"` // by size
	Recommendation Recommendation `json:"recommendation"`
	// Budget is the share of requests that may fail at a recommended size.
	Budget float64 `json:"failure_budget"`
	// Failing is nil where failures do not begin at a size.
	Failing *Failing `json:"failing"`
	// Curve is nil where there are too few sizes for one.
	Curve *Curve `json:"usl"`
	// Slots is nil where throughput is not that of a queue before slots.
	Slots *Slots `json:"slots"`
}

// A Point is one size. Its times are those of trials of which no more requests
// failed than the budget allows: a sweep tolerates so many, where a comparison
// tolerates none. A trial beyond that is the worst rank.
type Point struct {
	Size      int    `json:"size"`
	Contender string `json:"contender"`
	Rounds    int    `json:"rounds"`
	Failures
	Pace
	Latency PointLatency `json:"latency"`
	// Flight is the mean number in flight, Connections what a trial opened, both
	// of the trials' own.
	Flight      *float64 `json:"in_flight_mean"`
	Connections *float64 `json:"connections_per_trial"`
	// Smaller and Larger are what the next size would change, nil at the ends.
	Smaller *Step `json:"next_smaller"`
	Larger  *Step `json:"next_larger"`
}

// Failures are what a size lost. Class is the most frequent reason, empty where
// there was none.
type Failures struct {
	FailedShare  *float64 `json:"failed_share"` // of planned ones, those never begun included
	FailedTrials *float64 `json:"failed_trials_share"`
	Class        string   `json:"failed_class"`
	// Attempts is how many were sent for a request; above 1 where policies send again.
	Attempts *float64 `json:"attempts_per_request"`
}

// Pace is how fast a size was. Throughput is of requests that succeeded, over
// the median.
type Pace struct {
	Median     *float64 `json:"median_s"`
	MedianCI   *Band    `json:"median_ci"`
	Throughput *float64 `json:"fetches_per_s"`
	// Ratio is the median over the best one, and P the chance of rounds this
	// lopsided if the two were alike. P is nil for the best itself, and both are
	// where a size was not considered.
	Ratio *float64 `json:"of_best"`
	P     *float64 `json:"p"`
}

// PointLatency is how long single requests took. The percentiles are there where
// the journal was read with its requests, the mean always.
type PointLatency struct {
	Mean *float64 `json:"mean_s"`
	P50  *float64 `json:"p50_s"`
	P95  *float64 `json:"p95_s"`
	P99  *float64 `json:"p99_s"`
	// Added is by how much it exceeds that of the smallest size: of the medians
	// where both are there, else of the means. It is added latency under concurrency,
	// wherever that arises: in the upstream's queue, the network or this machine.
	Added *float64 `json:"added_s"`
}

// A Step is what the next size would change: Time is its median over that of
// this size, nil where it fails too often, the others its number less that of this
// size.
type Step struct {
	Size        int      `json:"size"`
	Time        *float64 `json:"median_ratio"`
	Connections *float64 `json:"connections_per_trial"`
	Latency     *float64 `json:"latency_s"`
}

// Failing says that failures begin at a size: up to Above none had more than the
// budget allows, beyond it all had, from Lo to Hi of their requests.
//
// Retried says that they are what is left after retries.
type Failing struct {
	Above   int     `json:"above"`
	Retried bool    `json:"after_retries,omitempty"`
	Class   string  `json:"class"`
	Lo      float64 `json:"lo"`
	Hi      float64 `json:"hi"`
}

// sweep judges a run whose contenders are sizes of one strategy; nil for others.
// It looks at rounds, contenders and the machine, and not at comparisons.
func sweep(q *inquiry) *Sweep {
	if !q.Run.Design.Sweep {
		return nil
	}
	points := q.points()
	s := &Sweep{Recommendation: q.recommend(points), Budget: FailureBudget, Failing: failing(points)}
	for i := range points {
		s.Points = append(s.Points, points[i].Point)
	}
	s.Curve, s.Slots = q.scaling(points)
	return s
}

// failing finds the size at which failures begin. Sizes that fail here and there
// are no limit of the upstream; nor is there one to name where all fail.
func failing(points []point) *Failing {
	first := slices.IndexFunc(points, func(p point) bool { return p.over() })
	if first < 1 || slices.ContainsFunc(points[first:], func(p point) bool { return !p.over() }) {
		return nil
	}
	f := &Failing{Above: points[first-1].Size, Class: points[first].Class, Lo: 1}
	for _, p := range points[first:] {
		f.Retried = f.Retried || p.Attempts != nil && *p.Attempts > 1
		f.Lo, f.Hi = min(f.Lo, *p.FailedShare), max(f.Hi, *p.FailedShare)
	}
	return f
}

// over tells whether more requests failed than the budget allows.
func (p *point) over() bool {
	return p.FailedShare != nil && *p.FailedShare > FailureBudget
}

// bySize orders points by their size, those of one size as they were given.
func bySize(points []point) {
	slices.SortStableFunc(points, func(a, b point) int { return cmp.Compare(a.Size, b.Size) })
}
