package results_test

import (
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// TestNothingIsInFlightThatWasNeverSent: a refused connection is waited for, and no
// request is on the wire meanwhile.
func TestNothingIsInFlightThatWasNeverSent(t *testing.T) {
	run := &results.Run{Header: header("sequential"), Trials: []results.Trial{loaded(0, "sequential", 1, 100, 200)}}
	got := &run.Trials[0]
	got.Outcome, got.Tally.OK, got.Tally.Failed, got.Tally.Attempts = results.Failed, 0, 2, 0
	if l := results.PerTrial(run)(got); l.Flight.Mean != nil || l.Flight.Max != 0 {
		t.Errorf("in flight without a request on the wire: %+v", l.Flight)
	}
	got.Tally.Attempts = 2
	if l := results.PerTrial(run)(got); l.Flight.Mean == nil || l.Flight.Max == 0 {
		t.Errorf("nothing in flight of two that were sent: %+v", l.Flight)
	}
}

// TestTwoSidesAreTwo: there is no room for a third contender, and rounds are pairs.
func TestTwoSidesAreTwo(t *testing.T) {
	run := timed([]string{"pool:2", "pool:4"}, []float64{1, 1, 1, 1, 1}, []float64{1, 1, 1, 1, 1})
	run.Contenders[0].Asked, run.Design.Rounds = 2, 5
	hint := func() string {
		w, _ := find(run, results.WarnRounds, "")
		return w.Hint
	}
	if _, ok := find(run, results.WarnSequential, ""); !ok || hint() != "use --rounds 6 or more" {
		t.Errorf("an ordinary run: %q", hint())
	}
	run.Design.Sides = true
	if w, ok := find(run, results.WarnSequential, ""); ok || hint() != "use --pairs 6 or more" {
		t.Errorf("two sides: %+v, %q", w, hint())
	}
}

// TestOutliersAreCalledWhatTheyAre: one trial that was quick harms no average.
func TestOutliersAreCalledWhatTheyAre(t *testing.T) {
	for odd, want := range map[float64]string{0.7: "quicker than the rest", 1.3: "before you trust the average"} {
		times := []float64{1, 1.01, 1, 1.01, 1, 1.01, odd, 1, 1.01, 1, 1.01, 1}
		w, ok := find(exactly([]string{"a"}, times), results.WarnOutliers, "a")
		if !ok || !strings.Contains(w.Hint, want) {
			t.Errorf("%v: %q lacks %q", odd, w.Hint, want)
		}
	}
}
