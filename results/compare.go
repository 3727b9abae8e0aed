package results

import (
	"cmp"
	"math"
	"sync"

	"github.com/fetchbench/fetchbench/results/stats"
)

// usual is the size of the tests, and the relative difference that does not
// matter, where a run does not say.
const usual = 0.05

// stoppedLevel is the nominal level of the intervals of a run that was ended by
// the width of its intervals: looking every few rounds costs the percent that is
// left to 95 %.
const stoppedLevel = 0.96

// Compare holds every contender against the baseline, paired by round: the
// machine, the network and the upstream drift, and both meet the same drift in
// a round. Without failures the speed-up is the Hodges-Lehmann estimate of the
// per-round ratio with its exact Wilcoxon interval; with any it is the median
// ratio with failures as the worst rank. The p-values are adjusted for the
// number of comparisons (Holm), the intervals are not, but for those named after
// Bonferroni.
//
// A trial that fetched less than the one it is held against, or of which the
// upstream saw something else, counts as failed, and there is no verdict about
// speed: whoever did less was not faster.
func Compare(run *Run, baseline string) []Comparison {
	return compare(run, run.Rounds(), baseline)
}

// compare is Compare with the rounds at hand. The pairs know nothing of each
// other and are worked out side by side, each in a place of its own: the
// bootstrap takes milliseconds for each.
func compare(run *Run, rounds []Round, baseline string) []Comparison {
	var pairs []pair
	for _, c := range run.Contenders {
		if c.Name != baseline {
			pairs = append(pairs, newPair(run, rounds, baseline, c.Name))
		}
	}
	r := newRules(run, len(pairs))
	out := make([]Comparison, len(pairs))
	evidence := make([]stats.Evidence, len(pairs))
	var working sync.WaitGroup
	for i := range pairs {
		working.Go(func() { out[i], evidence[i] = pairs[i].compare(r) })
	}
	working.Wait()
	adjust(out, evidence)
	for i := range out {
		out[i].Contender, out[i].Baseline = pairs[i].name, baseline
		out[i].decide(evidence[i])
	}
	return out
}

// rules are what the comparisons of a run are made by.
type rules struct {
	alpha, delta float64
	// level is that of each interval, family that of each of so many intervals
	// which are to hold together.
	level, family float64
	seed          uint64
}

// newRules are those of a run for so many comparisons.
func newRules(run *Run, comparisons int) rules {
	d := run.Design
	r := rules{alpha: cmp.Or(d.Alpha, usual), delta: cmp.Or(d.Delta, usual), level: level, seed: d.Seed}
	if d.Precision > 0 {
		r.level = stoppedLevel
	}
	r.family = 1 - (1-r.level)/float64(max(comparisons, 1))
	return r
}

// adjust writes the p-values adjusted for the number of comparisons.
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
}

// decide gives the verdict, and says what an inconclusive one lacks.
func (c *Comparison) decide(e stats.Evidence) {
	verdict := stats.Judge(e)
	if c.UnequalIn > 0 && verdict != stats.InsufficientRounds {
		verdict = stats.NotComparable
	}
	c.Verdict = string(verdict)
	if verdict != stats.Inconclusive || c.SpeedUp == nil || c.SpeedUp.Lo == nil || c.SpeedUp.Hi == nil || *c.SpeedUp.Lo <= 0 {
		return
	}
	iv := stats.Interval{Lo: math.Log(*c.SpeedUp.Lo), Hi: math.Log(*c.SpeedUp.Hi), Level: c.SpeedUp.Level}
	if n, err := stats.RoundsNeeded(c.Rounds, iv, e.Delta); err == nil {
		c.RoundsNeeded = &n
	}
}
