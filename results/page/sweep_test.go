package page_test

import (
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/page"
)

// sizes is a sweep over the sizes 1 to n of a pool.
func sizes(n int, fails func(round int, name string) bool) *results.Run {
	run := maker{names: many(n), rounds: 12, fails: fails}.run()
	run.Design.Sweep = true
	for i := range run.Contenders {
		run.Contenders[i].Size = run.Contenders[i].Asked
	}
	return run
}

// TestSweepShowsTheSizeToUse: of four sizes that take 400, 200, 133 and 100 ms the
// largest is the fastest; the best possible and the interval are in the table.
func TestSweepShowsTheSizeToUse(t *testing.T) {
	text := written(t, sizes(4, nil), page.Options{})
	contains(t, text, `<figure id="sweep"`, ">use 4</text>", "pool:4 takes 106 ms.", "median, with its 95 % interval", "the best possible with so many slots", "time (ms)")
	if n := strings.Count(text, `class="curve bound"`); n != 2 {
		t.Errorf("the best possible is drawn %d times, want once in the figure and once in its legend", n)
	}
	if strings.Contains(text, "A cross is a size") {
		t.Error("no size failed")
	}
}

// TestSweepMarksSizesThatFail, which have no time and are not recommended.
func TestSweepMarksSizesThatFail(t *testing.T) {
	text := written(t, sizes(4, func(_ int, name string) bool { return name == "pool:4" }), page.Options{})
	contains(t, text, ">use 3</text>", "A cross is a size of which too many requests failed.", "10 % failed")
}

// TestSweepOfNothingIsNotDrawn: neither one of a single size nor one that only failed.
func TestSweepOfNothingIsNotDrawn(t *testing.T) {
	always := func(int, string) bool { return true }
	for name, run := range map[string]*results.Run{"one size": sizes(1, nil), "all fail": sizes(3, always), "no sweep": maker{names: many(3), rounds: 12}.run()} {
		if strings.Contains(written(t, run, page.Options{}), `<figure id="sweep"`) {
			t.Errorf("%s: it is drawn", name)
		}
	}
}
