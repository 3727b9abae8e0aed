package results

import (
	"math"
	"slices"

	"github.com/fetchbench/fetchbench/results/stats"
)

// The methods of a speed-up, as reports name them.
const (
	methodHL        = "hodges-lehmann"
	methodWorstRank = "worst-rank median"
)

// A pair is the makespans of baseline and contender, round by round, +Inf where
// a trial failed, and in how many rounds one of them did not do the same work.
// It goes by the name of the contender.
type pair struct {
	name            string
	base, contender []float64
	unequal         int
}

// newPair collects a pair from rounds that have both.
func newPair(run *Run, rounds []Round, baseline, contender string) pair {
	p, slack := pair{name: contender}, run.slack(baseline, contender)
	for _, round := range rounds {
		a, b := round[baseline], round[contender]
		if a == nil || b == nil {
			continue
		}
		ta, tb := a.seconds(), b.seconds()
		lessA, lessB := a.less(b, slack), b.less(a, slack)
		if lessA {
			ta = math.Inf(1)
		}
		if lessB {
			tb = math.Inf(1)
		}
		if lessA || lessB {
			p.unequal++
		}
		p.base, p.contender = append(p.base, ta), append(p.contender, tb)
	}
	return p
}

// less tells whether a trial did not do the work of another: the upstream saw
// something else than it says, or both claim success and it got fewer bytes, by more than
// the share that is let pass. Bytes are held against those of the same round because
// nobody else knows what the upstream had to give in that minute.
func (t *Trial) less(other *Trial, slack float64) bool {
	if t.refuted() {
		return true
	}
	return t.Outcome == OK && other.Outcome == OK && !other.refuted() && t.short(other, slack)
}

// short tells whether a trial got fewer bytes than another, by more than the share that
// is let pass.
func (t *Trial) short(other *Trial, slack float64) bool {
	return float64(t.Tally.Bytes) < (1-slack)*float64(other.Tally.Bytes)
}

// drawnBytes is the share of the bytes that may be missing where nobody knows what there
// was to fetch: a time of day in an answer is no work left out, and bodies that are not
// read are nearly all of them.
const drawnBytes = 0.01

// slack is the share by which the bytes of two contenders may differ. The embedded
// upstream sends the same to each. Pages are not compared: how long those of two routes
// are, or of one at two times, says nothing about the work, nor does what nobody counted.
func (r *Run) slack(baseline, contender string) float64 {
	switch {
	case r.pages(baseline) || r.pages(contender) || r.uncounted(baseline) || r.uncounted(contender):
		return 1
	case r.Target.Embedded == "":
		return drawnBytes
	}
	return 0
}

// pages tells whether the bytes of a contender are the pages of a whole route: those of a
// route are what an embedded upstream sent to it, where there is one.
func (r *Run) pages(name string) bool {
	return r.column(name).Route != "" && r.Target.Embedded == ""
}

// uncounted tells whether nobody knows the bytes of a contender, such as those of a command
// that fetches from real endpoints: 0 is not what it got.
func (r *Run) uncounted(name string) bool {
	for t := range r.Measured {
		if t.Contender == name && t.Unseen() {
			return true
		}
	}
	return false
}

// refuted tells whether the upstream saw something else.
func (t *Trial) refuted() bool { return t.Seen != nil && len(t.Seen.Differs) > 0 }

// failed tells whether any trial of the pair did.
func (p pair) failed() bool {
	infinite := func(v float64) bool { return math.IsInf(v, 1) }
	return slices.ContainsFunc(p.base, infinite) || slices.ContainsFunc(p.contender, infinite)
}

// compare judges one pair as far as it goes without the others.
func (p pair) compare(r rules) (Comparison, stats.Evidence) {
	c := Comparison{}
	e := p.evidence(r, &c.Score)
	c.UnequalIn = p.unequal
	c.SpeedUp, c.Bonferroni = p.speedUp(r.level), p.speedUp(r.family)
	c.P = p.chance(&e)
	if e.Success.Level > 0 {
		c.SuccessDifference = &Shares{e.Success.Lo, e.Success.Hi}
	}
	if iv, err := stats.Wilson(c.FasterIn, c.Rounds, level); err == nil {
		c.FasterShare = &Shares{iv.Lo, iv.Hi}
	}
	if ratio, iv, _, err := stats.Fieller(p.base, p.contender, level); err == nil {
		c.RatioOfMeans = newRatio(ratio, iv)
	}
	if ratio, iv, err := stats.RatioOfMedians(p.base, p.contender, level, r.seed); err == nil {
		c.RatioOfMedians = newRatio(ratio, iv)
	}
	c.RatiosDiffer = p.apart(c.Estimates)
	return c, e
}

// evidence is what a verdict on the pair rests on, by itself, and the score that
// goes with it. A pair with failures is never called equivalent: what does not
// succeed alike is not alike.
func (p pair) evidence(r rules, s *Score) stats.Evidence {
	e := stats.Evidence{P: 1, Delta: r.delta, Alpha: r.alpha}
	n := len(p.base)
	if iv, err := stats.Newcombe(len(stats.Successes(p.base)), n, len(stats.Successes(p.contender)), n, level); err == nil {
		e.Success = iv
	}
	if p.failed() {
		if w, err := stats.WorstRank(p.base, p.contender, level); err == nil {
			e.Rounds, e.P, e.Direction = w.Rounds, w.P, float64(w.Faster-w.Slower)
			s.Rounds, s.FasterIn = w.Rounds, w.Faster
		}
		return e
	}
	d, err := stats.LogRatios(p.base, p.contender)
	if err != nil {
		return e // no rounds: there is nothing to compare
	}
	e.Rounds, s.Rounds = len(d), len(d)
	for _, v := range d {
		if v > 0 {
			s.FasterIn++
		}
	}
	// Two one-sided tests at alpha each.
	if narrow, err := stats.HodgesLehmann(d, 1-2*r.alpha); err == nil {
		e.Equivalence, e.Direction = narrow.Interval, narrow.Estimate
	}
	if pValue, err := stats.SignedRank(d); err == nil {
		e.P = pValue
	}
	return e
}

// chance is the p-value by itself, nil where there are no rounds to test.
func (p pair) chance(e *stats.Evidence) *float64 {
	if e.Rounds == 0 {
		return nil
	}
	own := e.P // the evidence gets the adjusted one later
	return &own
}

// speedUp is the estimate with its interval at a level, nil where there is none:
// no round, or a median that lies among failed trials.
func (p pair) speedUp(level float64) *SpeedUp {
	if p.failed() {
		w, err := stats.WorstRank(p.base, p.contender, level)
		if err != nil || !w.Reached || w.Speedup <= 0 {
			return nil
		}
		return newSpeedUp(w.Speedup, w.Interval, methodWorstRank)
	}
	d, err := stats.LogRatios(p.base, p.contender)
	if err != nil {
		return nil
	}
	shift, err := stats.HodgesLehmann(d, level)
	if err != nil {
		return nil
	}
	return newSpeedUp(math.Exp(shift.Estimate), shift.Interval.Exp(), methodHL)
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
