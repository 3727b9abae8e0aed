package report

import (
	"fmt"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// advice words what to do, as far as the verdicts carry, in sentences that a
// reader can take away: what to use, what does as well, and what keeps most of
// the gain with fewer in flight.
func advice(j *results.Judgement, u unit, o Options) []line {
	a := j.Advice
	switch {
	case a == nil || len(j.Comparisons) == 0:
		return nil
	case a.Use == "":
		return []line{{text: nothing(j, a, o)}}
	}
	use, base := find(j, a.Use), find(j, j.Comparisons[0].Baseline)
	text := "Use " + o.name(a.Use)
	if use != nil && base != nil && use.Median != nil && base.Median != nil {
		text += fmt.Sprintf(": %s instead of %s (medians)", u.full(*use.Median), u.full(*base.Median))
	}
	if len(a.AsGood) > 0 {
		text += "; equivalent to it: " + o.names(a.AsGood)
	}
	lines := []line{{text + ".", good}}
	if len(a.Untold) > 0 {
		lines = append(lines, line{text: fmt.Sprintf("Not told apart from it, and with fewer in flight: %s.", o.names(a.Untold))})
	}
	if e := a.Enough; e != nil {
		lines = append(lines, line{text: fmt.Sprintf("%s keeps %s of the gain with %d in flight.", o.name(e.Use), percent(&e.Keeps), e.Asked)})
	}
	return lines
}

// nothing words that no contender is worth a change. What was not shown is not
// said to be absent, and what is equivalent may be a little faster.
func nothing(j *results.Judgement, a *results.Advice, o Options) string {
	base := o.name(j.Comparisons[0].Baseline)
	if c := starved(j); c != nil && !a.Decided {
		return fmt.Sprintf("Nothing here can be shown to be faster than %s in %s.", base, counted(c.Rounds, "round", "rounds"))
	}
	if !a.Decided {
		return fmt.Sprintf("Nothing here is shown to be faster than %s.", base)
	}
	for i := range j.Comparisons {
		if strings.HasPrefix(j.Comparisons[i].Verdict, "equivalent") {
			return fmt.Sprintf("Nothing here is faster than %s by anything that matters.", base)
		}
	}
	return fmt.Sprintf("Nothing here is faster than %s.", base)
}

// find is the contender of a name, nil where there is none.
func find(j *results.Judgement, name string) *results.Contender {
	for i := range j.Contenders {
		if j.Contenders[i].Name == name {
			return &j.Contenders[i]
		}
	}
	return nil
}

// mostNamed is how many contenders a sentence names.
const mostNamed = 4

// names lists contenders in a sentence, and counts those beyond a few.
func (o Options) names(list []string) string {
	var out []string
	for i, name := range list {
		if i == mostNamed {
			return fmt.Sprintf("%s and %d more", strings.Join(out, ", "), len(list)-mostNamed)
		}
		out = append(out, o.name(name))
	}
	return strings.Join(out, ", ")
}
