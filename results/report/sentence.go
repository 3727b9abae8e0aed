package report

import (
	"fmt"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// sentences words the comparisons, one sentence each and in their order. None
// says more than its verdict. Where all of them lack rounds that is said once.
func sentences(j *results.Judgement, o Options) []line {
	if rounds := lacking(j.Comparisons); rounds > 0 {
		return []line{{text: few(rounds, j.Run.Design.Rounds)}}
	}
	var lines []line
	for i := range j.Comparisons {
		lines = append(lines, sentence(j, &j.Comparisons[i], o))
	}
	return lines
}

// lacking returns how many rounds there are where no comparison can have a
// verdict for want of them, and 0 where that is not the same for all.
func lacking(comparisons []results.Comparison) int {
	rounds := 0
	for i := range comparisons {
		c := &comparisons[i]
		if stats.Verdict(c.Verdict) != stats.InsufficientRounds || c.Rounds != comparisons[0].Rounds {
			return 0
		}
		rounds = c.Rounds
	}
	return rounds
}

// few says what to do about too few rounds, where the plan is what lacks them.
func few(rounds, planned int) string {
	out := fmt.Sprintf("use --rounds %d or more", stats.LeastRounds)
	if planned >= stats.LeastRounds {
		out = fmt.Sprintf("it takes %d", stats.LeastRounds)
	}
	return counted(rounds, "round is", "rounds are") + " too few for a verdict; " + out + "."
}

// sentence words one comparison. The verdict alone decides what is said: an
// estimate far from 1 with a verdict of inconclusive is inconclusive. A verdict
// that this version does not know is repeated and not interpreted.
func sentence(j *results.Judgement, c *results.Comparison, o Options) line {
	name, baseline := o.name(c.Contender), o.name(c.Baseline)
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
		return line{text: fmt.Sprintf("%s: inconclusive: %s%s.", name, speedUp(c).notExcluded(),
			evidence(counted(c.Rounds, "round", "rounds"), chance(c)))}
	case stats.InsufficientRounds:
		return line{text: insufficient(j, c, name, baseline)}
	case stats.NotComparable:
		return line{fmt.Sprintf("%s is not comparable with %s: success rates differ (%s and %s trials ok).",
			name, baseline, trialsOK(j, c.Contender), trialsOK(j, c.Baseline)), bad}
	default:
		return line{text: fmt.Sprintf("%s: %s.", name, o.clean(c.Verdict))}
	}
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
func insufficient(j *results.Judgement, c *results.Comparison, name, baseline string) string {
	if c.Rounds == 0 {
		return fmt.Sprintf("%s: no comparison with %s, because there is no round in which both succeeded.", name, baseline)
	}
	return fmt.Sprintf("%s: %s", name, few(c.Rounds, j.Run.Design.Rounds))
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
