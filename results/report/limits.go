package report

import (
	"fmt"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// near is how close to the slowest single call a makespan must come for the
// report to say that more concurrency cannot help: within ten percent above it.
// Clearly below it the call was slow for being alone, and bounds nothing.
const (
	near  = 1.1
	short = 0.97
)

// bounds are what no number of calls in flight can change, in seconds, as
// medians over the rounds in which both trials succeeded.
type bounds struct {
	slowest float64 // latency of the slowest call when made alone, summed over the fan-outs
	sum     float64 // of all latencies, made one after the other
	reach   float64 // makespan of the best contender / slowest of the same round
}

// limits words the bounds: the sentence that the end is reached, or how far it
// is. There is nothing to say without trials that made their calls one at a
// time: under load the slowest call is slow because of the load.
func limits(j *results.Judgement, u unit) []line {
	// The least median is that of the best contender as far as a limit goes: the
	// sentence is about the batch, and compares nobody.
	best := quickest(j.Contenders)
	b, ok := bounded(j.Run, best)
	again := j.Run.Target.Repeat
	switch {
	case !ok:
		return nil
	case b.reach <= near && b.reach >= short && again > 1:
		return []line{{text: fmt.Sprintf("More cannot help: the slowest calls of the %d fan-outs alone take %s.", again, u.full(b.slowest))}}
	case b.reach <= near && b.reach >= short:
		return []line{{text: fmt.Sprintf("More cannot help: the slowest call alone takes %s.", u.full(b.slowest))}}
	default:
		what := "the slowest single call"
		if again > 1 {
			what = "the slowest call of each fan-out"
		}
		return []line{{text: fmt.Sprintf("limits: %s = %s · %s = all calls one after the other", u.full(b.slowest), what, u.full(b.sum))}}
	}
}

// quickest is the name of the contender with the least median.
func quickest(contenders []results.Contender) (name string) {
	var least float64
	for i := range contenders {
		if m, ok := finite(contenders[i].Median); ok && (name == "" || m < least) {
			name, least = contenders[i].Name, m
		}
	}
	return name
}

// bounded measures the bounds on the rounds that have a successful trial of a
// contender with one call at a time and one of the best.
func bounded(run *results.Run, best string) (bounds, bool) {
	single := run.Sequential()
	var slowest, sum, reach []float64
	for _, round := range run.Rounds() {
		alone, quick := round[single], round[best]
		if !succeeded(alone) || !succeeded(quick) || alone.Tally.Flight.Slowest() <= 0 {
			continue
		}
		flight := alone.Tally.Flight
		slowest = append(slowest, seconds(flight.Slowest()))
		sum = append(sum, seconds(flight.LatencyNS))
		reach = append(reach, float64(quick.ElapsedNS)/float64(flight.Slowest()))
	}
	b := bounds{median(slowest), median(sum), median(reach)}
	return b, len(reach) > 0
}

// succeeded reports whether there is such a trial and it has a time.
func succeeded(t *results.Trial) bool { return t != nil && t.Outcome == results.OK }

// median is 0 for no values; nobody sees that, since there is no sentence then.
func median(values []float64) float64 {
	m, err := stats.Median(values)
	if err != nil {
		return 0
	}
	return m
}

// seconds turns the unit of the journal into that of the report.
func seconds(ns int64) float64 { return float64(ns) / 1e9 }
