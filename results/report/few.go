package report

import (
	"cmp"
	"fmt"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// TooFew says before the first request what the plan can not show for want of rounds.
// It is empty where it has enough of them.
func TooFew(h results.Header) string {
	d, comparisons := h.Design, len(h.Contenders)-1
	switch least := stats.RoundsForVerdict(comparisons, cmp.Or(d.Alpha, 0.05)); {
	case d.Sweep && d.Rounds < results.LeastSweepRounds:
		return fmt.Sprintf("%s too few for a recommendation that is more than provisional: it takes %d",
			counted(d.Rounds, "round is", "rounds are"), results.LeastSweepRounds)
	case d.Sweep || comparisons < 1 || d.Rounds >= least:
		return ""
	case comparisons == 1 || d.Rounds < stats.LeastRounds:
		return fmt.Sprintf("%s too few for a verdict: it takes %d", counted(d.Rounds, "round is", "rounds are"), least)
	default:
		return fmt.Sprintf("%s too few to show in %d comparisons that one is faster: it takes %d", counted(d.Rounds, "round is", "rounds are"), comparisons, least)
	}
}

// leastRounds is how many rounds one of the comparisons needs to come out faster.
func leastRounds(j *results.Judgement) int {
	return stats.RoundsForVerdict(len(j.Comparisons), cmp.Or(j.Run.Design.Alpha, 0.05))
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

// tooFew says what to do about too few rounds, where the plan is what lacks them, and
// else what became of those that were made.
func tooFew(j *results.Judgement, c *results.Comparison) line {
	least := leastRounds(j)
	if lost, both, all := failedRounds(j, c); lost > 0 && all >= least {
		left, is := counted(c.Rounds, "round left", "rounds left"), "are"
		if c.Rounds == 1 {
			is = "is"
		}
		if both < c.Rounds {
			left += fmt.Sprintf(", of which both succeeded in %d,", both)
		}
		return line{fmt.Sprintf("In %d of %d rounds both trials failed; the %s %s too few for a verdict, which takes %d.", lost, all, left, is, least), bad}
	}
	out := "use --rounds"
	switch {
	case j.Run.Design.Rounds >= least || j.Run.Imported:
		return line{text: fmt.Sprintf("%s too few for a verdict; it takes %d.", counted(c.Rounds, "round is", "rounds are"), least)}
	case j.Run.Design.Sides:
		out = "use --pairs"
	}
	return line{text: fmt.Sprintf("%s too few for a verdict; %s %d or more.", counted(c.Rounds, "round is", "rounds are"), out, least)}
}

// failedRounds counts the rounds in which neither of two succeeded, which say nothing
// about the pair, and those in which both did, of all that are whole.
func failedRounds(j *results.Judgement, c *results.Comparison) (lost, both, all int) {
	for _, round := range j.Run.Rounds() {
		all++
		switch a, b := succeeded(round[c.Contender]), succeeded(round[c.Baseline]); {
		case a && b:
			both++
		case !a && !b:
			lost++
		}
	}
	return lost, both, all
}

// starved is the comparison with the largest speed-up of those that have no verdict
// because there are too few rounds for so many comparisons, nil where that keeps none
// from having one.
func starved(j *results.Judgement) *results.Comparison {
	var most *results.Comparison
	least := leastRounds(j)
	for i := range j.Comparisons {
		c := &j.Comparisons[i]
		verdict := stats.Verdict(c.Verdict)
		if verdict != stats.Inconclusive && verdict != stats.InsufficientRounds || c.Rounds >= least || c.Rounds < 1 || !usable(speedUp(c).estimate) {
			continue
		}
		if most == nil || c.SpeedUp.Estimate > most.SpeedUp.Estimate {
			most = c
		}
	}
	return most
}

// hungry is the headline of a run with too few rounds: the number that it has, and
// why that is no verdict.
func hungry(j *results.Judgement, c *results.Comparison) Headline {
	if l := tooFew(j, c); l.tone == bad {
		return Headline{Claim: l.text, Tone: Bad}
	}
	v, words := speedUp(c).estimate, ""
	if v < 1 {
		v, words = 1/v, " slower"
	}
	what := "a verdict"
	if len(j.Comparisons) > 1 {
		what = fmt.Sprintf("%d comparisons", len(j.Comparisons))
	}
	h := Headline{Tone: Even, Evidence: speedUp(c).span()}
	h.Claim = fmt.Sprintf("%s: %s%s against %s, but %s too few for %s; use %d or more", NameIn(j.Run, c.Contender), Multiple(v), words,
		NameIn(j.Run, c.Baseline), counted(c.Rounds, "round is", "rounds are"), what, leastRounds(j))
	return h
}
