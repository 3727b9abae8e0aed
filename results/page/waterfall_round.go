package page

import (
	"math"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// typical returns the round to draw, by contender: of the whole rounds with the
// fewest trials that failed, the one whose makespans are closest to the medians of
// their contenders, by the sum of |ln(makespan / median)|. It is nil where no round
// is whole. The first of equals wins.
//
// One round for all: bars of one contender from a good minute and of another one
// from a bad minute would show the minutes.
func typical(run *results.Run) results.Round {
	rounds := run.Rounds()
	middle := map[string]float64{}
	for _, c := range run.Contenders {
		middle[c.Name] = middling(rounds, c.Name)
	}
	var best results.Round
	least, away := math.MaxInt, math.Inf(1)
	for _, round := range rounds {
		failed, distance := 0, 0.0
		for _, c := range run.Contenders {
			t := round[c.Name]
			if t.Outcome != results.OK {
				failed++
			}
			if m := middle[c.Name]; m > 0 && t.ElapsedNS > 0 {
				distance += math.Abs(math.Log(float64(t.ElapsedNS) / m))
			}
		}
		if failed < least || failed == least && distance < away {
			best, least, away = round, failed, distance
		}
	}
	return best
}

// middling is the median makespan of the trials of a contender in nanoseconds: of
// those that succeeded where there are any.
func middling(rounds []results.Round, name string) float64 {
	var good, all []float64
	for _, round := range rounds {
		ns := float64(round[name].ElapsedNS)
		all = append(all, ns)
		if round[name].Outcome == results.OK {
			good = append(good, ns)
		}
	}
	if len(good) > 0 {
		all = good
	}
	m, err := stats.Median(all)
	if err != nil {
		return 0
	}
	return m
}
