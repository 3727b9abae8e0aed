package results

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/fetchbench/fetchbench/results/stats"
)

const (
	// skewed is the adjusted skewness from which a mean says little.
	skewed = 2
	// rareSlow is the multiple of the median from which one slow trial makes the
	// interval of a mean worthless.
	rareSlow = 5
	// identityGap is how far speed-up and in flight / slowdown may lie apart.
	identityGap = 0.02
)

// flagged are the trials of a contender that stand apart, by their places among
// the rounds, and whether the first measured round is one of them that is slow. One
// that is off by no more than does not matter is not worth a word, however steady
// the others are.
func (q *inquiry) flagged(c *Contender) (apart []int, first bool) {
	times := q.times[c.Name]
	all, err := stats.Outliers(times)
	if err != nil || c.Median == nil {
		return nil, false
	}
	for _, i := range all {
		if q.near(times[i], *c.Median) {
			continue
		}
		if i == 0 && q.rounds[0].number() == 0 && times[0] > *c.Median {
			first = true
			continue
		}
		apart = append(apart, i)
	}
	return apart, first
}

// near tells whether a time is within the difference that does not matter of another.
func (q *inquiry) near(t, median float64) bool {
	return math.Abs(t-median) <= cmp.Or(q.Run.Design.Delta, usual)*median
}

// checkFirst looks for a first round that is slow: the cold start of caches,
// names and routes, which warm-up rounds are for.
func checkFirst(q *inquiry) []Warning {
	var slow []string
	for i := range q.Contenders {
		c := &q.Contenders[i]
		if _, first := q.flagged(c); first {
			slow = append(slow, fmt.Sprintf("%s took %.1fx its median", c.Name, q.times[c.Name][0] / *c.Median))
		}
	}
	if len(slow) == 0 {
		return nil
	}
	return []Warning{{
		Code: WarnFirst,
		Text: "the first round was slower, and is in the averages: " + few(slow),
		Hint: q.warmer("unless the cold start is what you want to measure"),
	}}
}

// checkOutliers names trials that stand apart, and keeps them. A slow first
// round is told by checkFirst.
func checkOutliers(q *inquiry) (out []Warning) {
	for i := range q.Contenders {
		c := &q.Contenders[i]
		apart, _ := q.flagged(c)
		var list []string
		slow := false
		for _, i := range apart {
			slow = slow || q.times[c.Name][i] > *c.Median
			list = append(list, fmt.Sprintf("%s in round %d", seconds(q.times[c.Name][i]), q.rounds[i].number()))
		}
		if len(list) > 0 {
			out = append(out, Warning{
				Code: WarnOutliers, Contender: c.Name,
				Text: fmt.Sprintf("trials of %s stand apart from its median of %s: %s; they are in every number", c.Name, seconds(*c.Median), few(list)),
				Hint: strange(slow),
			})
		}
	}
	return out
}

// strange advises on trials that stand apart. Those that were slow make an average too
// long; those that were only quick make it short, which nobody is warned of by its name.
func strange(slow bool) string {
	if slow {
		return "look at these trials (--csv) before you trust the average; the median hardly feels them"
	}
	return "they were quicker than the rest: look at these trials (--csv) for what they found ready; the median hardly feels them"
}

// checkSkew says when an average is not to be quoted: for much skewed times, and
// for rare slow trials, whose share no interval from so few rounds can know. That
// a slow first round is in the average was said by checkFirst.
func checkSkew(q *inquiry) (out []Warning) {
	for i := range q.Contenders {
		c := &q.Contenders[i]
		times := stats.Successes(q.times[c.Name])
		g, err := stats.AdjustedSkewness(times)
		if err != nil || c.Median == nil || len(times) < leastDiagnosed {
			continue
		}
		apart, first := q.flagged(c)
		rare := slices.ContainsFunc(apart, func(i int) bool { return q.times[c.Name][i] > *c.Median }) || *c.Max > rareSlow**c.Median
		if g <= skewed && !rare || (first || q.near(*c.Max, *c.Median)) && !rare {
			continue
		}
		text := fmt.Sprintf("the times of %s are skewed: a few slow trials carry much of its average", c.Name)
		if rare {
			text = fmt.Sprintf("rare slow trials of %s: the average may be higher than its interval says", c.Name)
		}
		out = append(out, Warning{Code: WarnSkew, Contender: c.Name, Text: text, Hint: "prefer the median"})
	}
	return out
}

// checkIdentity holds speed-up = in flight / slowdown against every round. With
// L = sum d / T and I = sum d / sum d0 it says that the sequential trial takes
// the sum of its latencies: T0/T = L/I only where T0 = sum d0. What is missing
// was spent between the requests, and every slowdown and ideal time of the round
// is off by it.
func checkIdentity(q *inquiry) []Warning {
	name := q.Run.Sequential()
	worst, rounds := 0.0, 0
	for _, round := range q.rounds {
		t := round[name]
		if t == nil || t.Outcome != OK || t.ElapsedNS <= 0 || t.Tally.Flight.LatencyNS == 0 {
			continue
		}
		gap := 1 - float64(t.Tally.Flight.LatencyNS)/float64(t.ElapsedNS)
		if math.Abs(gap) > math.Abs(worst) {
			worst = gap
		}
		if math.Abs(gap) > identityGap {
			rounds++
		}
	}
	if rounds == 0 {
		return nil
	}
	w := Warning{
		Code: WarnIdentity, Contender: name,
		Text: fmt.Sprintf("in %s %s spent up to %s of its time between requests: slowdown and the best possible are off by as much",
			counted(rounds, "round"), name, percent(worst)),
		Hint: "answers come too quickly for this machine's clock and scheduler: use an upstream that takes longer",
	}
	if worst < 0 {
		w.Text = fmt.Sprintf("in %s requests of %s overlapped: slowdown and the best possible are not those of one request at a time",
			counted(rounds, "round"), name)
		w.Hint = "it is meant to make one request after the other: try the strategy with fetchertest.Conform"
	}
	return []Warning{w}
}
