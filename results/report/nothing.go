package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// nothingIn is what there is to say, once, of a run in which nothing can be held against
// anything: no round of it is whole, or every request failed. It is false of all others.
func nothingIn(j *results.Judgement) (l line, is bool) {
	r := j.Requests
	switch {
	case j.Run.Imported || j.Sweep != nil:
	case len(j.Run.Rounds()) == 0 && unmatched(j.Comparisons):
		return line{text: "No round is complete yet: there is nothing to compare."}, true
	case r.Planned > 0 && r.Failed == r.Planned:
		how := inner(classes(r.ByClass))
		if class, alone := strings.CutPrefix(how, fmt.Sprintf("%d ", r.Failed)); alone {
			how = class
		}
		return line{fmt.Sprintf("All %d requests failed: %s.", r.Planned, how), bad}, true
	}
	return line{}, false
}

// unmatched tells whether there are comparisons, and none of them has a round.
func unmatched(comparisons []results.Comparison) bool {
	with := func(c results.Comparison) bool { return c.Rounds > 0 }
	return len(comparisons) > 0 && !slices.ContainsFunc(comparisons, with)
}
