package predict_test

import (
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// everyone wants to know of every contender.
func everyone(results.Column) bool { return true }

// Requests of 10 ms alone that take 20 together, in each of so many rounds, while
// the first of either trial waits 500 ms for its connection.
func loaded(rounds, together int) *recording {
	r := record(2, []string{"http://a/"}, alone(), results.Column{Name: "pool:2", Asked: 2})
	for round := range rounds {
		r.trial(round, "sequential", 500, 10, 10)
		r.trial(round, "pool:2", 500, together, together)
	}
	return r
}

// Connecting is in neither of the sums that are compared: predictions know of it.
func TestSlowdownIsWithoutConnecting(t *testing.T) {
	for _, rounds := range []int{2, 6, 20} {
		list := loaded(rounds, 20).must(t).Slowdowns(everyone)
		if len(list) != 1 || list[0].Asked != 2 || !list[0].Off() {
			t.Fatalf("%d rounds: %+v, want pool:2 to be off", rounds, list)
		}
		near(t, "the slowdown", list[0].Estimate, 2)
		near(t, "its lower end", list[0].Lo, 2)
	}
}

func TestOneRoundOfLoadSaysNothing(t *testing.T) {
	if list := loaded(1, 20).must(t).Slowdowns(everyone); len(list) > 0 {
		t.Errorf("%+v of one round, want nothing", list)
	}
}

// Which way the predictions are wrong follows from which way the latencies change.
func TestWarningsSayWhichWay(t *testing.T) {
	for together, want := range map[int]string{20: "are too fast", 5: "are too slow", 10: ""} {
		list := loaded(6, together).must(t).Warnings(everyone)
		if want == "" && len(list) > 0 || want != "" && (len(list) != 1 || !strings.HasSuffix(list[0].Text, want)) {
			t.Errorf("10 ms alone and %d together: warnings %q, want one that predictions %s", together, list, want)
		}
	}
}

// One answer of 50 ms and none are no load of 50 ms.
func TestFailedTrialsAreNoLoad(t *testing.T) {
	r := record(2, []string{"http://a/"}, alone(), results.Column{Name: "pool:2", Asked: 2})
	for round := range 6 {
		r.trial(round, "sequential", 0, 10, 10)
		r.trial(round, "pool:2", 0, 50, 0)
	}
	if list := r.must(t).Slowdowns(everyone); len(list) > 0 {
		t.Errorf("%+v, want nothing", list)
	}
}

// With every size slower than alone there is none to trust; sizes that are slower
// and then quicker again do not grow, and are said one by one.
func TestGrowthIsOneWarning(t *testing.T) {
	sizes := []string{"pool:2", "pool:4", "pool:8"}
	run := func(together ...int) *recording {
		r := record(2, []string{"http://a/"}, alone())
		for i, name := range sizes {
			r.header.Contenders = append(r.header.Contenders, results.Column{Name: name, Asked: 2 << i})
		}
		for round := range 6 {
			r.trial(round, "sequential", 0, 10, 10)
			for i, name := range sizes {
				r.trial(round, name, 0, together[i], together[i])
			}
		}
		return r
	}
	list := run(20, 30, 40).must(t).Warnings(everyone)
	if len(list) != 1 || !strings.Contains(list[0].Text, "2.00 at 2, 3.00 at 4, 4.00 at 8; every prediction") {
		t.Errorf("warnings %q, want one of growth from the first size on", list)
	}
	if list = run(40, 30, 20).must(t).Warnings(everyone); len(list) != 3 {
		t.Errorf("warnings %q, want one for each of three sizes", list)
	}
}
