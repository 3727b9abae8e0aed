package predict

import (
	"fmt"
	"slices"

	"github.com/fetchbench/fetchbench/results"
)

// WarnSlowest is the code of the warning that the slowest request of a trial is not
// as slow in a trial with more in flight.
const WarnSlowest = "slowest-differs"

// slowest is the warning that the slowest request of a trial depends on how many are
// in flight though all of them together do not: of the contender with the most in
// flight that shows it, unless a slowdown, which says more, is already off.
//
// What slows a request down may belong to it (its URL, its answer) or to the moment:
// a pause of the machine, a neighbour. A hundred requests one after the other meet a
// hundred times as many moments as the same at once, and the slowest of them is the
// whole makespan that is predicted for all at once. Which of the two it was no
// latency tells, so that only another contender of the run can.
func (s *Sample) slowest(wanted func(results.Column) bool, slowdowns []Slowdown) (results.Warning, bool) {
	told := func(c results.Column) bool {
		off := func(d Slowdown) bool { return d.Contender == c.Name && d.Off() }
		return wanted(c) && !slices.ContainsFunc(slowdowns, off)
	}
	list := s.compared(told, func(l loads) []float64 { return l.slowest })
	for _, d := range slices.Backward(list) {
		if !d.Off() {
			continue
		}
		why, way := "it waits for others", "fast"
		if d.Estimate < 1 {
			why, way = "a longer trial meets more of what slows single requests down", "slow"
		}
		return results.Warning{
			Code: WarnSlowest, Contender: d.Contender,
			Text: fmt.Sprintf("the slowest request of a trial took %.2f times as long with %d in flight (%s) as with %s (%.2f to %.2f): %s, and predictions that it decides, with nearly all in flight, are too %s",
				d.Estimate, d.Asked, d.Contender, s.Contender, d.Lo, d.Hi, why, way),
			Hint: "measure goroutines and pools near the size of the batch rather than predict them",
		}, true
	}
	return results.Warning{}, false
}
