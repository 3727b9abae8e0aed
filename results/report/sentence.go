package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// sentences words the comparisons, one sentence each and in their order. None
// says more than its verdict. Where all of them lack rounds that is said once,
// and so is by what the p-values of several are adjusted.
func sentences(j *results.Judgement, o Options) []line {
	if l, is := nothingIn(j); is {
		return []line{l}
	}
	if rounds := lacking(j.Comparisons); rounds > 0 {
		return []line{tooFew(j, &j.Comparisons[0])}
	}
	var lines []line
	adjusted := 0
	for i := range j.Comparisons {
		c := &j.Comparisons[i]
		if c.PHolm != nil {
			adjusted++
		}
		if j.Run.Design.AA {
			lines = append(lines, same(c, o))
			continue
		}
		lines = append(lines, sentence(j, c, o))
		lines = append(lines, ratios(c)...)
	}
	if adjusted > 1 {
		lines = append(lines, line{text: fmt.Sprintf("p is adjusted for %d comparisons (Holm), intervals are not.", adjusted)})
	}
	return lines
}

// ratios words the other two ways to say how many times faster, where they say
// something else, and why.
func ratios(c *results.Comparison) []line {
	if c.RatiosDiffer == "" || stats.Verdict(c.Verdict) == stats.NotComparable || stats.Verdict(c.Verdict) == stats.InsufficientRounds {
		return nil
	}
	var parts []string
	for _, way := range []struct{ name, words string }{
		{"average", ratio(c.RatioOfMeans).apart()}, {"median", ratio(c.RatioOfMedians).apart()},
	} {
		if way.words != "" {
			parts = append(parts, "by "+way.name+" "+way.words)
		}
	}
	return []line{{text: indent + strings.Join(parts, ", ") + ", because of " + c.RatiosDiffer}}
}

// same words the comparison of a contender with itself: what the machine made of
// it is the least that it can tell from nothing.
func same(c *results.Comparison, o Options) line {
	name, q := o.name(c.Baseline), speedUp(c)
	rounds := counted(c.Rounds, "round", "rounds")
	switch v := stats.Verdict(c.Verdict); {
	case v == stats.Faster || v == stats.Slower:
		words := side(q.estimate)
		if v == stats.Slower {
			q = slowdown(c)
		}
		return line{fmt.Sprintf("A/A FAILED: %s against itself came out %s%s. Believe no change below %s from this machine.",
			name, words, evidence(q.span(), rounds, chance(c)), small(q.hi-1)), bad}
	case !q.sees():
		return line{text: fmt.Sprintf("A/A: %s against itself: %s do not say what the smallest change is that this machine can see.", name, rounds)}
	}
	return line{text: fmt.Sprintf("A/A: %s against itself over %s: the smallest change this machine can see is %s.", name, rounds, small(q.smallest()))}
}

// sentence words one comparison. The verdict alone decides what is said: an
// estimate far from 1 with a verdict of inconclusive is inconclusive. A verdict
// that this version does not know is repeated and not interpreted.
func sentence(j *results.Judgement, c *results.Comparison, o Options) line {
	name, baseline := o.name(c.Contender), o.name(c.Baseline)
	if apart(j.Run, c) {
		return line{text: fmt.Sprintf("%s and %s: one of them ran on a mock, which shows scheduling only: no verdict on speed.", name, baseline)}
	}
	switch stats.Verdict(c.Verdict) {
	case stats.Faster:
		return line{decided(name, "faster"+than(j, c, o), c, speedUp(c), won(c)), good}
	case stats.Slower:
		return line{decided(name, "slower"+than(j, c, o), c, slowdown(c), "faster in "+won(c)), bad}
	case stats.Equivalent:
		return line{text: fmt.Sprintf("%s and %s are equivalent%s.", name, baseline,
			evidence(speedUp(c).speedUp(), speedUp(c).span(), counted(c.Rounds, "round", "rounds")))}
	case stats.EquivalentDetectable:
		return line{text: fmt.Sprintf("%s and %s are equivalent: the difference is detectable but negligible%s.",
			name, baseline, evidence(speedUp(c).speedUp(), speedUp(c).span(), chance(c)))}
	case stats.Inconclusive:
		return line{text: inconclusive(j, c, name)}
	case stats.InsufficientRounds:
		return insufficient(j, c, name, baseline)
	case stats.NotComparable:
		return line{notComparable(j, c, name, baseline), bad}
	default:
		return line{text: fmt.Sprintf("%s: %s.", name, o.clean(c.Verdict))}
	}
}

// apart tells whether one of two contenders ran on a mock beside the others.
func apart(run *results.Run, c *results.Comparison) bool {
	mocks := run.Mocks()
	return run.Target.Form != "mock" && slices.Contains(mocks, c.Contender) != slices.Contains(mocks, c.Baseline)
}

// inconclusive says what is not excluded, and what it would take. An interval by
// itself may exclude that there is no difference, where the adjusted p-value does
// not; then it is the latter that decides.
func inconclusive(j *results.Judgement, c *results.Comparison, name string) string {
	q, delta := speedUp(c), cmp.Or(j.Run.Design.Delta, 0.05)
	rounds := counted(c.Rounds, "round", "rounds")
	needed := ""
	if least := leastRounds(j); c.Rounds < least {
		needed = fmt.Sprintf("; a verdict on %d comparisons takes %d rounds", len(j.Comparisons), least)
	} else if n := c.RoundsNeeded; n != nil && *n > manyRounds {
		needed = "; more rounds will hardly settle it, calmer ones may"
	} else if n != nil && *n > c.Rounds {
		needed = fmt.Sprintf("; about %d rounds would settle differences of %s", *n, given(delta))
	}
	if q.lo > 1 || q.hi < 1 {
		return fmt.Sprintf("%s: inconclusive: its interval has %s to %s, but %s is not below %v%s%s.", name, side(q.lo), side(q.hi),
			chance(c), cmp.Or(j.Run.Design.Alpha, 0.05), evidence(rounds), needed)
	}
	return fmt.Sprintf("%s: inconclusive: %s%s%s.", name, q.notExcluded(), evidence(rounds, chance(c)), needed)
}

// manyRounds is from where nobody would make as many.
const manyRounds = 10_000

// notComparable says what keeps two from being compared: that one of them did
// not do the work, or that it fails more often.
func notComparable(j *results.Judgement, c *results.Comparison, name, baseline string) string {
	if c.UnequalIn > 0 {
		return fmt.Sprintf("%s is not comparable with %s: they did not do the same work in %s.",
			name, baseline, counted(c.UnequalIn, "round", "rounds"))
	}
	return fmt.Sprintf("%s is not comparable with %s: success rates differ (%s and %s trials ok).",
		name, baseline, trialsOK(j, c.Contender), trialsOK(j, c.Baseline))
}

// decided words a difference. The verdict is about the p-value adjusted for the
// number of comparisons, so that is the one to print.
func decided(name, direction string, c *results.Comparison, q quotient, rounds string) string {
	return fmt.Sprintf("%s is %s%s%s.", name, q.multiple(), direction, evidence(q.span(), rounds, chance(c)))
}

// than names the baseline where a reader would not guess it: he takes the first
// row for it.
func than(j *results.Judgement, c *results.Comparison, o Options) string {
	if len(j.Contenders) == 0 || j.Contenders[0].Name == c.Baseline {
		return ""
	}
	return " than " + o.name(c.Baseline)
}

// won counts the rounds that the contender won. Ties are not among them, so what
// is left to the total are not the rounds that it lost.
func won(c *results.Comparison) string {
	return fmt.Sprintf("%d of %d rounds", c.FasterIn, c.Rounds)
}

// insufficient tells a run of few rounds from one in which nothing succeeded,
// where more rounds are not what is missing.
func insufficient(j *results.Judgement, c *results.Comparison, name, baseline string) line {
	if c.Rounds == 0 {
		return line{text: fmt.Sprintf("%s: no comparison with %s, because there is no round in which both succeeded.", name, baseline)}
	}
	l := tooFew(j, c)
	l.text = name + ": " + l.text
	return l
}

// trialsOK is "8 of 10" for the trials of a contender that succeeded.
func trialsOK(j *results.Judgement, name string) string {
	for i := range j.Contenders {
		if c := &j.Contenders[i]; c.Name == name {
			return fmt.Sprintf("%d of %d", c.OK, c.Trials)
		}
	}
	return none
}
