package predict_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/predict"
)

// calls are fifty of 10 ms, each URL several times, one of them longer.
func calls(place, millis int) []int {
	batch := make([]int, 50)
	for i := range batch {
		batch[i] = 10
	}
	batch[place] = millis
	return batch
}

// fifty records rounds of fifty calls to five URLs, one after the other and all at
// once, as a function makes them.
func fifty(rounds int, batch func(round int, contender string) []int) *recording {
	urls := []string{"http://a/0", "http://a/1", "http://a/2", "http://a/3", "http://a/4"}
	r := record(50, urls, alone(), results.Column{Name: "goroutines", Asked: 50})
	for round := range rounds {
		for _, c := range r.header.Contenders {
			r.trial(round, c.Name, 0, batch(round, c.Name)...)
		}
	}
	return r
}

// A pause of 20 ms in each half second meets every trial of fifty calls in a row,
// and next to none that takes 10 ms: 30 ms are predicted where it takes 10. Their
// sums, 520 and 500 ms, are within a twentieth.
func TestPausesThatComeWithTimeAreWarnedOf(t *testing.T) {
	s := fifty(8, func(round int, contender string) []int {
		if contender == "goroutines" {
			return calls(0, 10)
		}
		return calls(6*round, 30)
	}).must(t)
	near(t, "the prediction", simulate(t, s, predict.Schedule{}, predict.Options{}).Median, 0.03)
	list := s.Warnings(everyone)
	if len(list) != 1 || list[0].Code != predict.WarnSlowest || list[0].Contender != "goroutines" {
		t.Fatalf("warnings %q, want one of the slowest request of goroutines", list)
	}
	for _, want := range []string{"took 0.33 times as long with 50 in flight", "are too slow"} {
		if !strings.Contains(list[0].Text, want) {
			t.Errorf("%q does not say %q", list[0].Text, want)
		}
	}
	if list = s.Warnings(func(results.Column) bool { return false }); len(list) > 0 {
		t.Errorf("warnings %q of a contender nobody wants to know of", list)
	}
}

// Fifty at once that have to wait for one of them are slower than they were alone.
func TestASlowestRequestUnderLoadIsWarnedOf(t *testing.T) {
	list := fifty(8, func(round int, contender string) []int {
		if contender == "goroutines" {
			return calls(6*round, 30)
		}
		return calls(0, 10)
	}).must(t).Warnings(everyone)
	if len(list) != 1 || list[0].Code != predict.WarnSlowest || !strings.HasSuffix(list[0].Text, "are too fast") {
		t.Errorf("warnings %q, want one that predictions are too fast", list)
	}
}

// Where a call is as slow in either trial, or drawn from one law in both, the
// slowest is what it would be.
func TestSlownessOfRequestsIsNoWarning(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for name, batch := range map[string]func(int, string) []int{
		"the request's own": func(round int, _ string) []int { return calls(6*round, 30) },
		"drawn": func(int, string) []int {
			drawn := calls(0, 10)
			for i := range drawn {
				drawn[i] += int(20 * random.ExpFloat64())
			}
			return drawn
		},
	} {
		if list := fifty(8, batch).must(t).Warnings(everyone); len(list) > 0 {
			t.Errorf("%s: warnings %q, want none", name, list)
		}
	}
}

// A load that slows down all requests slows down the slowest too: it is said once.
func TestASlowdownOfAllIsSaidOnce(t *testing.T) {
	list := loaded(6, 20).must(t).Warnings(everyone)
	if len(list) != 1 || list[0].Code != predict.WarnLoad {
		t.Errorf("warnings %q, want the slowdown alone", list)
	}
}
