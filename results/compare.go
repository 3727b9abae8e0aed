package results

import (
	"math"
	"slices"

	"github.com/fetchbench/fetchbench/results/stats"
)

// The size of the tests, and the relative difference that does not matter.
const (
	alpha = 0.05
	delta = 0.05
)

// The methods of a speed-up, as reports name them.
const (
	methodHL        = "hodges-lehmann"
	methodWorstRank = "worst-rank median"
)

// Compare holds every contender against the baseline, paired by round: the
// machine, the network and the upstream drift, and both meet the same drift in
// a round. Without failures the speed-up is the Hodges-Lehmann estimate of the
// per-round ratio with its exact Wilcoxon interval; with any it is the median
// ratio with failures as the worst rank. The p-values are adjusted for the
// number of comparisons (Holm), the intervals are not.
func Compare(run *Run, baseline string) []Comparison {
	var out []Comparison
	var evidence []stats.Evidence
	rounds := run.Rounds()
	for _, c := range run.Contenders {
		if c.Name == baseline {
			continue
		}
		p := pair{}
		for _, round := range rounds {
			if round[baseline] != nil {
				p.base = append(p.base, round[baseline].seconds())
				p.contender = append(p.contender, round[c.Name].seconds())
			}
		}
		comparison, e := p.compare(run.Design.Seed)
		comparison.Contender, comparison.Baseline = c.Name, baseline
		out = append(out, comparison)
		evidence = append(evidence, e)
	}
	adjust(out, evidence)
	return out
}

// adjust writes the p-values adjusted for the number of comparisons, and the
// verdicts that follow.
func adjust(comparisons []Comparison, evidence []stats.Evidence) {
	var p []float64
	var tested []int
	for i := range comparisons {
		if comparisons[i].P != nil {
			p = append(p, *comparisons[i].P)
			tested = append(tested, i)
		}
	}
	adjusted, err := stats.Holm(p)
	for k, i := range tested {
		if err == nil {
			comparisons[i].PHolm = &adjusted[k]
			evidence[i].P = adjusted[k]
		}
	}
	for i := range comparisons {
		comparisons[i].Verdict = string(stats.Judge(evidence[i]))
	}
}

// A pair is the makespans of baseline and contender, round by round, +Inf where
// a trial failed.
type pair struct{ base, contender []float64 }

// failed tells whether any trial of the pair did.
func (p pair) failed() bool {
	infinite := func(v float64) bool { return math.IsInf(v, 1) }
	return slices.ContainsFunc(p.base, infinite) || slices.ContainsFunc(p.contender, infinite)
}

// compare judges one pair as far as it goes without the others.
func (p pair) compare(seed uint64) (Comparison, stats.Evidence) {
	var c Comparison
	e := stats.Evidence{P: 1, Delta: delta, Alpha: alpha}
	n := len(p.base)
	baseOK, contenderOK := len(stats.Successes(p.base)), len(stats.Successes(p.contender))
	if iv, err := stats.Newcombe(baseOK, n, contenderOK, n, level); err == nil {
		e.Success = iv
	}
	if p.failed() {
		p.worstRank(&c, &e)
	} else {
		p.ranks(&c, &e)
		if ratio, iv, _, err := stats.Fieller(p.base, p.contender, level); err == nil {
			c.RatioOfMeans = newRatio(ratio, iv)
		}
	}
	if ratio, iv, err := stats.RatioOfMedians(p.base, p.contender, level, seed); err == nil {
		c.RatioOfMedians = newRatio(ratio, iv)
	}
	c.Rounds = e.Rounds
	return c, e
}

// ranks compares a pair in which no trial failed.
func (p pair) ranks(c *Comparison, e *stats.Evidence) {
	d, err := stats.LogRatios(p.base, p.contender)
	if err != nil {
		return // no rounds: there is nothing to compare
	}
	e.Rounds = len(d)
	for _, v := range d {
		if v > 0 {
			c.FasterIn++
		}
	}
	shift, err := stats.HodgesLehmann(d, level)
	if err != nil {
		return
	}
	e.Direction = shift.Estimate
	c.SpeedUp = newSpeedUp(math.Exp(shift.Estimate), shift.Interval.Exp(), methodHL)
	c.P = known(stats.SignedRank(d))
	if c.P != nil {
		e.P = *c.P
	}
	if narrow, err := stats.HodgesLehmann(d, 1-2*alpha); err == nil {
		e.Equivalence = narrow.Interval
	}
}

// worstRank compares a pair in which trials failed. It is never called
// equivalent: what does not succeed alike is not alike.
func (p pair) worstRank(c *Comparison, e *stats.Evidence) {
	w, err := stats.WorstRank(p.base, p.contender, level)
	if err != nil {
		return // every round failed on both sides
	}
	e.Rounds, c.FasterIn = w.Rounds, w.Faster
	e.P, c.P = w.P, &w.P
	e.Direction = float64(w.Faster - w.Slower)
	if w.Reached && w.Speedup > 0 {
		c.SpeedUp = newSpeedUp(w.Speedup, w.Interval, methodWorstRank)
	}
}

// newSpeedUp is an estimate with the ends of its interval that there are.
func newSpeedUp(estimate float64, iv stats.Interval, method string) *SpeedUp {
	s := &SpeedUp{Estimate: estimate, Level: iv.Level, Method: method}
	s.Lo, s.Hi = ends(iv)
	return s
}

// newRatio is a quotient with the ends of its interval that there are.
func newRatio(estimate float64, iv stats.Interval) *Ratio {
	r := &Ratio{Estimate: estimate}
	r.Lo, r.Hi = ends(iv)
	return r
}

// ends are the ends of an interval: none where there is no interval, no upper
// one where it lies among failed trials.
func ends(iv stats.Interval) (lo, hi *float64) {
	switch {
	case iv.Level == 0:
		return nil, nil
	case iv.Open:
		return &iv.Lo, nil
	}
	return &iv.Lo, &iv.Hi
}
