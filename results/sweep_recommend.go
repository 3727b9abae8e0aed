package results

import (
	"math"
	"slices"

	"github.com/fetchbench/fetchbench/results/stats"
)

// A Recommendation is the smallest size that is enough, as far as the rounds say.
type Recommendation struct {
	// Use is a contender and Size its size, empty and 0 where there is none.
	Use    string `json:"use"`
	Size   int    `json:"size"`
	Reason Reason `json:"reason"`
	// Why says what keeps a sweep from recommending; it goes with ReasonNone.
	Why Why `json:"why"`
	// Best is the size with the lowest median, 0 where there is none.
	Best int `json:"best"`
	// Open says that no larger size was tried: one might be faster.
	Open bool `json:"largest_tried"`
	// Limited says that a larger size was tried and failed too often.
	Limited bool `json:"larger_failed"`
}

// A Reason says how much a recommendation is worth.
type Reason string

// The reasons. Provisional outranks still improving: look at Open for that.
const (
	ReasonEnough      Reason = "enough"
	ReasonImproving   Reason = "still_improving" // the largest size tried is the one to use
	ReasonProvisional Reason = "provisional"     // fewer than LeastSweepRounds rounds
	ReasonNone        Reason = "none"
)

// A Why says why there is no recommendation.
type Why string

// The ends of a sweep that recommends nothing.
const (
	WhyMock     Why = "scheduling_only"  // an in-process mock has no limit of its own
	WhyNothing  Why = "no_rounds"        // no round is whole
	WhyFailures Why = "failures"         // every size failed too often
	WhyUpstream Why = "upstream_differs" // the upstream saw something else
	WhyOrder    Why = "not_randomised"   // drift looks like a difference of sizes
)

// LeastSweepRounds is the number of rounds from which a recommendation is not
// called provisional. With six the test below misses so much that up to 44 % of
// the picks that it makes alone were bad ones.
const LeastSweepRounds = 10

// How much slower than the best a size may be: by so much in any case, and by so
// much where the rounds do not say that it is slower at all.
const (
	closeEnough = 1.05
	closeUntold = 1.10
)

// recommend drops the sizes that failed more than the budget allows, finds the
// lowest median, and takes the smallest size whose median is within 5 % of it, or
// within 10 % and not significantly above (Wilcoxon's signed-rank test, paired by
// round, at 5 %). It writes what it found into the points.
//
// Neither half does alone. A size within 5 % by its median only is now and then
// one too large, since the best of many medians is lucky; one that merely is not
// significantly slower may be twice as slow when rounds are few or noisy.
// docs/statistics.md has the simulation.
func (q *inquiry) recommend(points []point) Recommendation {
	if why := q.unfit(); why != "" {
		return Recommendation{Reason: ReasonNone, Why: why}
	}
	best := -1
	for i := range points {
		if points[i].considered() && (best < 0 || *points[i].Median < *points[best].Median) {
			best = i
		}
	}
	if best < 0 {
		return Recommendation{Reason: ReasonNone, Why: WhyFailures}
	}
	use := best
	for i := range points {
		points[i].hold(&points[best])
		if i < use && points[i].enough() {
			use = i
		}
	}
	r := Recommendation{
		Use: points[use].Contender, Size: points[use].Size, Reason: ReasonEnough, Best: points[best].Size,
		Open:    use == len(points)-1,
		Limited: slices.ContainsFunc(points[use+1:], func(p point) bool { return !p.considered() }),
	}
	switch {
	case len(q.rounds) < LeastSweepRounds:
		r.Reason = ReasonProvisional
	case r.Open:
		r.Reason = ReasonImproving
	}
	return r
}

// unfit says what keeps the run from recommending any size.
func (q *inquiry) unfit() Why {
	mocked := !slices.ContainsFunc(q.Run.Contenders, func(c Column) bool { return c.Transport != "mock" })
	switch {
	case q.Run.Target.Form == "mock" || mocked && len(q.Run.Contenders) > 0:
		return WhyMock
	case len(q.rounds) == 0 || len(q.Run.Contenders) == 0:
		return WhyNothing
	case len(checkUpstream(q)) > 0:
		return WhyUpstream
	case !q.randomised():
		return WhyOrder
	}
	return ""
}

// considered tells whether a size may be recommended.
func (p *point) considered() bool { return !p.over() && p.Median != nil }

// hold says how a size stands to the best one.
func (p *point) hold(best *point) {
	if !p.considered() {
		return
	}
	p.Ratio = quotient(*p.Median, *best.Median)
	if p != best {
		p.P = chance(best.times, p.times)
	}
}

// chance is the p-value of paired times: of the signed-rank test on the logarithms
// of their ratios, and where any trial failed of the sign test with failures as
// the worst rank. It is nil where there is no round to test.
func chance(base, other []float64) *float64 {
	infinite := func(v float64) bool { return math.IsInf(v, 1) }
	if slices.ContainsFunc(base, infinite) || slices.ContainsFunc(other, infinite) {
		w, err := stats.WorstRank(base, other, level)
		return known(w.P, err)
	}
	d, err := stats.LogRatios(base, other)
	if err != nil {
		return nil
	}
	return known(stats.SignedRank(d))
}

// enough tells whether a size is close enough to the best one.
func (p *point) enough() bool {
	if p.Ratio == nil {
		return false
	}
	return *p.Ratio <= closeEnough || *p.Ratio <= closeUntold && p.P != nil && *p.P > usual
}
