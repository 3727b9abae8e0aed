package results

import (
	"fmt"
	"math"
	"strings"

	"github.com/fetchbench/fetchbench/results/stats"
)

// The codes of warnings that come from the numbers themselves. None of them
// changes a number.
const (
	WarnTrend      = "trend"
	WarnDependence = "dependence"
	WarnEffect     = "speedup-changes"
	WarnPosition   = "position"
	WarnFirst      = "first-round"
	WarnOutliers   = "outliers"
	WarnSkew       = "skew"
	WarnIdentity   = "identity"
	WarnSaturated  = "client-saturated"
	WarnMachine    = "noisy-machine"
)

// The sizes of the tests behind the warnings. That for a trend is the smaller
// one because a trend harms no comparison within rounds.
const (
	trendAlpha = 0.01
	dependent  = 0.05
	// leastDiagnosed is the number of rounds from which the tests mean anything.
	leastDiagnosed = 10
	// manyWarmups and manyRounds are from where more of them is no advice.
	manyWarmups = 3
	manyRounds  = 100
)

// checkTrend looks for drift over the run: Mann-Kendall on the means of ln T of
// the rounds in which every trial succeeded.
func checkTrend(q *inquiry) []Warning {
	var means []float64
	for i := range q.rounds {
		var logs []float64
		for _, c := range q.Run.Contenders { // in one order, for the same digits every time
			logs = append(logs, math.Log(q.times[c.Name][i]))
		}
		if m, err := stats.Mean(logs); err == nil {
			means = append(means, m)
		}
	}
	means = thin(means)
	trend, err := stats.MannKendall(means)
	if err != nil || trend.P >= trendAlpha {
		return nil
	}
	slope, err := stats.TheilSen(means)
	if err != nil {
		return nil
	}
	change := math.Exp(slope*float64(len(means)-1)) - 1
	direction, hint := "slower", q.rest("the upstream or this machine may need to recover", "measure again at a calmer hour, and see whether it comes back")
	if change < 0 {
		direction, hint = "faster", q.warmer("something was still warming up")
	}
	effect := "the speed-up is paired by round and unaffected, the averages describe this run only"
	if !q.randomised() {
		effect = "in this order that is part of the speed-up, too"
	}
	return []Warning{{
		Code: WarnTrend, Hint: hint,
		Text: fmt.Sprintf("trials became %s %s over the run; %s", percent(math.Abs(change)), direction, effect),
	}}
}

// mostCompared is how many values are compared with each other, each with each.
const mostCompared = 1000

// thin takes the means of neighbours where there are too many values to compare
// each with each, in their order. A trend that is there does not hide from it.
func thin(values []float64) []float64 {
	per := (len(values) + mostCompared - 1) / mostCompared
	if per < 2 {
		return values
	}
	var out []float64
	for from := 0; from+per <= len(values); from += per {
		m, err := stats.Mean(values[from : from+per])
		if err != nil {
			return nil // no check is better than one of something else
		}
		out = append(out, m)
	}
	return out
}

// warmer advises more warm-up rounds, unless there were many.
func (q *inquiry) warmer(why string) string {
	switch n := q.Run.Design.Warmup; {
	case q.Run.Target.Cold:
		return "the profile makes its first round slow, whatever the warm-up: that is part of what it reproduces, and the median hardly feels it"
	case q.imported():
		return why + ": leave the first trials out when you measure again"
	case n >= manyWarmups:
		return fmt.Sprintf("%d warm-up rounds were not enough: find out what it is that takes so long to settle, the journal has every trial", n)
	default:
		return fmt.Sprintf("%s: use --warmup %d", why, n+1)
	}
}

// checkDependence looks for contenders whose successive trials resemble each
// other: n of them then carry the information of fewer. Where a trend makes them
// so, one is enough to say it.
func checkDependence(q *inquiry) (out []Warning) {
	for _, c := range q.Run.Contenders {
		times := stats.Successes(q.times[c.Name])
		d, err := stats.Bartels(times)
		if err != nil || len(times) < leastDiagnosed || d.P >= dependent {
			continue
		}
		effective := max(1, float64(len(times))/stats.Inflation(times))
		if effective > 0.95*float64(len(times)) {
			continue
		}
		out = append(out, Warning{
			Code: WarnDependence, Contender: c.Name, Hint: q.longer(),
			Text: fmt.Sprintf("successive trials of %s are related: %d trials carry the information of about %.0f; intervals are widened",
				c.Name, len(times), effective),
		})
		if q.warned(WarnTrend) {
			out[0].Hint = "that is the trend: deal with it first"
			break
		}
	}
	return out
}

// longer advises how to get narrower intervals from trials that are related.
func (q *inquiry) longer() string {
	n := len(q.rounds)
	if n >= manyRounds || q.imported() {
		return q.rest("trials further apart are less related", "more of the same adds little: measure at several times of the day instead")
	}
	return q.rest("trials further apart are less related; or use "+q.rounder(2*n), fmt.Sprintf("use %s for narrower ones", q.rounder(2*n)))
}

// rounder is the flag for more rounds.
func (q *inquiry) rounder(n int) string {
	switch {
	case q.Run.Design.Sides:
		return fmt.Sprintf("--pairs %d", n)
	case q.Run.Design.Precision > 0:
		return fmt.Sprintf("--max-rounds %d", n)
	}
	return fmt.Sprintf("--rounds %d", n)
}

// checkEffect looks for a speed-up that is not one number.
func checkEffect(q *inquiry) (out []Warning) {
	base := q.times[q.Run.Design.Baseline]
	for _, c := range q.Comparisons {
		d, err := stats.LogRatios(base, q.times[c.Contender])
		if err != nil {
			continue
		}
		changes, err := stats.EffectChanges(thin(d))
		if err != nil || !changes {
			continue
		}
		early, err1 := stats.Median(d[:len(d)/2])
		late, err2 := stats.Median(d[len(d)/2:])
		if err1 != nil || err2 != nil {
			continue
		}
		out = append(out, Warning{
			Code: WarnEffect, Contender: c.Contender,
			Text: fmt.Sprintf("the speed-up of %s itself changed during the run: about %.2f in the first half, %.2f in the second; its interval is too narrow",
				c.Contender, math.Exp(early), math.Exp(late)),
			Hint: "one number hides that: look at the rounds (--csv) for what changed, and measure again when it has settled",
		})
	}
	return out
}

// checkPosition looks for a price of being first in a round. It takes two
// contenders and no more: with others between them first means less.
func checkPosition(q *inquiry) []Warning {
	if len(q.Comparisons) != 1 || len(q.Run.Contenders) != 2 {
		return nil
	}
	base, contender := q.Run.Design.Baseline, q.Comparisons[0].Contender
	var d []float64
	var first []bool
	for i, round := range q.rounds {
		if v := math.Log(q.times[base][i] / q.times[contender][i]); !math.IsInf(v, 0) && !math.IsNaN(v) {
			d = append(d, v)
			first = append(first, round[base].Position < round[contender].Position)
		}
	}
	p, err := stats.PositionEffect(d, first, level)
	if err != nil || !p.Interval.Excludes(1) || q.drifts(p.Ratio) {
		return nil
	}
	return []Warning{{
		Code: WarnPosition, Hint: q.fairer(p.Ratio),
		Text: fmt.Sprintf("whoever runs first in a round is %s %s; as both were first in turn the speed-up is fair, its interval is wider for it",
			percent(math.Abs(p.Ratio-1)), comparative(p.Ratio)),
	}}
}

// drifts tells whether a trend explains that whoever runs first is faster, or
// slower: while all become slower, the first of a round is the faster for it.
func (q *inquiry) drifts(ratio float64) bool {
	trend := checkTrend(q)
	return len(trend) > 0 && !strings.Contains(trend[0].Text, " "+comparative(ratio)+" over")
}

// comparative words a ratio of times.
func comparative(ratio float64) string {
	if ratio < 1 {
		return "faster"
	}
	return "slower"
}

// fairer advises how to give both the same start, by what the run had.
func (q *inquiry) fairer(ratio float64) string {
	switch {
	case ratio < 1:
		return q.rest("the first leaves something behind that slows the second",
			"the first leaves something behind that slows the second: look for a rate limit, or for connections that are not closed")
	case q.imported() || q.Run.Design.Warmup >= manyWarmups:
		return q.rest("the second then finds as little warm as the first", "the second finds something warm: look for a cache between you and the upstream")
	case q.Run.Design.Connections == "fresh":
		return fmt.Sprintf("use --warmup %d, or --connections warm if both are to find connections open", q.Run.Design.Warmup+1)
	}
	return fmt.Sprintf("use --warmup %d", q.Run.Design.Warmup+1)
}
