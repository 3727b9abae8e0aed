package results

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/fetchbench/fetchbench/results/stats"
)

// checkEnd says when rounds are missing.
func checkEnd(q *inquiry) (out []Warning) {
	if !q.Run.Complete {
		out = append(out, Warning{
			Code: WarnIncomplete,
			Text: fmt.Sprintf("the run is not complete: %s; %d of %d rounds are", q.Run.Reason, len(q.rounds), q.Run.Design.Rounds),
			Hint: "the numbers are those of the complete rounds",
		})
	}
	if q.Run.Torn > 0 {
		out = append(out, Warning{
			Code: WarnTorn,
			Text: fmt.Sprintf("the journal ends in the middle of a line; its last %d bytes are ignored", q.Run.Torn),
			Hint: "everything before them is whole",
		})
	}
	return out
}

// checkDropped names rounds that are in no number because a trial of them is
// missing or was cut short. That the last one of an incomplete run is, goes
// without saying.
func checkDropped(q *inquiry) []Warning {
	begun := map[int]bool{}
	for i := range q.Run.Trials {
		if t := &q.Run.Trials[i]; t.Round >= 0 {
			begun[t.Round] = true
		}
	}
	if last := slices.Sorted(maps.Keys(begun)); !q.Run.Complete && len(last) > 0 {
		delete(begun, last[len(last)-1])
	}
	for _, round := range q.rounds {
		delete(begun, round.number())
	}
	if len(begun) == 0 {
		return nil
	}
	var names []string
	for _, number := range slices.Sorted(maps.Keys(begun)) {
		names = append(names, strconv.Itoa(number))
	}
	return []Warning{{
		Code: WarnDropped,
		Text: fmt.Sprintf("%s cut short or incomplete, and in no number: round %s", counted(len(names), "round"), few(names)),
		Hint: "the others are matched sets as before; if what cut them short has to do with speed, measure again",
	}}
}

// The orders that are not drawn at random.
const (
	orderFixed  = "fixed"
	orderBlocks = "blocks"
)

// randomised tells whether a difference can be put down to the contenders. An
// order that is not known, as of times from elsewhere, gets the benefit of the
// doubt.
func (q *inquiry) randomised() bool {
	return q.Run.Design.Order != orderFixed && q.Run.Design.Order != orderBlocks
}

// checkOrder says what no formula can take out again.
func checkOrder(q *inquiry) []Warning {
	text := "not randomised: the order was the same in every round, and whoever runs first pays for it or gains by it"
	switch {
	case len(q.Run.Contenders) < 2 || q.randomised():
		return nil
	case q.Run.Design.Order == orderBlocks:
		text = "not randomised: all trials of a contender were made before those of the next, and whatever drifted meanwhile looks like a difference"
	}
	return []Warning{{
		Code: WarnOrder, Text: text + "; no statistics can undo that",
		Hint: "do not quote its speed-ups: measure again without --order, which draws a new order for each round",
	}}
}

// checkAA says when a contender differs from itself.
func checkAA(q *inquiry) (out []Warning) {
	if !q.Run.Design.AA {
		return nil
	}
	for _, c := range q.Comparisons {
		if c.SpeedUp == nil || c.Verdict != string(stats.Faster) && c.Verdict != string(stats.Slower) {
			continue
		}
		out = append(out, Warning{
			Code: WarnAA, Contender: c.Contender,
			Text: fmt.Sprintf("A/A FAILED: %s is %s itself, and yet the verdict is %q (%s in %s): this machine makes differences",
				c.Contender, c.Baseline, c.Verdict, percent(math.Abs(c.SpeedUp.Estimate-1)), counted(c.Rounds, "round")),
			Hint: fmt.Sprintf("once in %.0f runs that is chance: run it again; if it comes back, believe no difference of this size from here, and %s",
				1/newRules(q.Run, 1).alpha, q.rest("trials may disturb each other", "look for what else runs on this machine")),
		})
	}
	return out
}

// checkRounds says how many rounds a verdict needs. A sweep gives none, and says
// itself what its recommendation needs.
func checkRounds(q *inquiry) []Warning {
	n := len(q.rounds)
	least := stats.RoundsForVerdict(len(q.Comparisons), newRules(q.Run, 1).alpha)
	if n >= least || len(q.Run.Contenders) < 2 || q.Run.Design.Sweep {
		return nil
	}
	hint := fmt.Sprintf("use %s or more", q.rounder(least))
	switch {
	case q.imported():
		hint = fmt.Sprintf("measure %d or more", least)
	case q.Run.Design.Rounds >= least:
		hint = fmt.Sprintf("%d were planned, and %d are needed: let the run come to its end", q.Run.Design.Rounds, least)
	}
	if n >= stats.LeastRounds {
		if !slices.ContainsFunc(q.Comparisons, func(c Comparison) bool { return c.Verdict == string(stats.Inconclusive) }) {
			return nil // the verdicts that there are need no test
		}
		return []Warning{{
			Code: WarnRounds, Hint: hint,
			Text: fmt.Sprintf("%d rounds are too few to show in %d comparisons at once that one is faster", n, len(q.Comparisons)),
		}}
	}
	return []Warning{{
		Code: WarnRounds, Hint: hint,
		Text: fmt.Sprintf("%s too few for a 95 %% interval or a verdict", are(n, "round")),
	}}
}

// checkPrecision says when a run that was to go on until its intervals are
// narrow came to its limit first.
func checkPrecision(q *inquiry) (out []Warning) {
	target := q.Run.Design.Precision
	if target <= 0 || !q.Run.Complete || q.Run.Reached != "" {
		return nil
	}
	for _, c := range q.Comparisons {
		if c.SpeedUp == nil || c.SpeedUp.Lo == nil || c.SpeedUp.Hi == nil || *c.SpeedUp.Lo <= 0 {
			continue
		}
		half := math.Sqrt(*c.SpeedUp.Hi / *c.SpeedUp.Lo) - 1
		if half <= target {
			continue
		}
		hint := "allow more with --max-rounds, or be content with less precision"
		iv := stats.Interval{Lo: math.Log(*c.SpeedUp.Lo), Hi: math.Log(*c.SpeedUp.Hi), Level: c.SpeedUp.Level}
		if n, err := stats.RoundsNeeded(c.Rounds, iv, target); err == nil {
			hint = fmt.Sprintf("it would take about --max-rounds %d and more of --max-time, or be content with less precision", n)
		}
		out = append(out, Warning{
			Code: WarnPrecision, Contender: c.Contender, Hint: hint,
			Text: fmt.Sprintf("the speed-up of %s is known to %s only, not to the %s asked for, after all of %s",
				c.Contender, percent(half), percent(target), counted(c.Rounds, "round")),
		})
	}
	return out
}

// checkSequential says how to learn how far from the best possible one is. A sweep
// asks something else, and two sides have no room for a third.
func checkSequential(q *inquiry) []Warning {
	design := q.Run.Design
	if q.Run.RoutesOnly() || q.Run.Sequential() != "" || q.imported() || design.AA || design.Sweep || design.Sides {
		return nil
	}
	return []Warning{{
		Code: WarnSequential,
		Text: "without a sequential contender nothing says how far from the best possible the others are",
		Hint: "add sequential to the contenders",
	}}
}
