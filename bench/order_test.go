package bench

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"
)

// chiSquare is the p-value of counts that should be equal over so many cells
// (Pearson 1900).
func chiSquare(counts map[string]int, cells int) float64 {
	total := 0
	for _, n := range counts {
		total += n
	}
	expected := float64(total) / float64(cells)
	sum := float64(cells-len(counts)) * expected // of the cells that nothing fell in
	for _, n := range counts {
		sum += (float64(n) - expected) * (float64(n) - expected) / expected
	}
	return distuv.ChiSquared{K: float64(cells - 1)}.Survival(sum)
}

// Every order is equally likely, also given the order of the round before, with
// small seeds as people type them. The seeds are fixed and so are the p-values;
// 60 true ones lie above 1e-5 with probability 0.9994.
func TestOrderIsUniform(t *testing.T) {
	const rounds = 6000
	for n, orders := range map[int]int{2: 2, 3: 6, 4: 24} {
		for seed := range uint64(10) {
			single, pairs := map[string]int{}, map[string]int{}
			before := fmt.Sprint(order(Random, seed, -1, n))
			for round := range rounds {
				now := fmt.Sprint(order(Random, seed, round, n))
				single[now]++
				pairs[before+now]++
				before = now
			}
			if p := chiSquare(single, orders); p < 1e-5 {
				t.Errorf("seed %d: orders of %d are not uniform, p = %g: %v", seed, n, p, single)
			}
			if p := chiSquare(pairs, orders*orders); p < 1e-5 {
				t.Errorf("seed %d: an order of %d depends on the one before, p = %g", seed, n, p)
			}
		}
	}
}

// Plans that differ in their seed only are different experiments: over the seeds
// the first round's order is uniform too.
func TestOrderDependsOnTheSeed(t *testing.T) {
	first := map[string]int{}
	for seed := range uint64(6000) {
		first[fmt.Sprint(order(Random, seed, 0, 3))]++
	}
	if p := chiSquare(first, 6); p < 1e-5 {
		t.Errorf("over the seeds the first order is not uniform, p = %g: %v", p, first)
	}
}

// The order of a seed is part of every journal that names it: the same seed must
// give it for ever. The orders were written down once and derived from nothing.
func TestOrderOfASeedStays(t *testing.T) {
	want := [][]int{{1, 0, 2, 3}, {2, 3, 1, 0}}
	for i, round := range []int{-1, 0} {
		if got := order(Random, 7, round, 4); !slices.Equal(got, want[i]) {
			t.Errorf("round %d of seed 7 has the order %v, want %v", round, got, want[i])
		}
	}
}

// A pause is half to one and a half times the plan's, and what it is depends on
// nothing that is drawn for the order, nor the order on it.
func TestPausesAreDrawnApart(t *testing.T) {
	const pause = 20 * time.Millisecond
	var sum time.Duration
	least, most := pause, pause
	for round := range 1000 {
		waits := pauses(3, round, 4, pause)
		if shorter := pauses(3, round, 2, pause); !slices.Equal(waits[:2], shorter) {
			t.Fatalf("round %d: pauses %v of four trials do not begin with %v of two", round, waits, shorter)
		}
		if halved := pauses(3, round, 4, pause/2); halved[0] != waits[0]/2 {
			t.Fatalf("round %d: half the pause is %v, the pause %v", round, halved[0], waits[0])
		}
		for _, wait := range waits {
			if wait < pause/2 || wait > pause*3/2 {
				t.Fatalf("round %d: a pause of %v, want %v to %v", round, wait, pause/2, pause*3/2)
			}
			sum += wait
			least, most = min(least, wait), max(most, wait)
		}
	}
	// Of 4000 draws the extremes lie within a tenth of the ends.
	if least > pause*6/10 || most < pause*14/10 {
		t.Errorf("pauses lie between %v and %v: nothing is drawn", least, most)
	}
	// A uniform draw of width w has a standard deviation of w / sqrt(12): the mean
	// of 4000 is within 5 of its own, 5 * 5.77 ms / sqrt(4000) = 0.46 ms.
	if mean := sum / 4000; mean < pause-460*time.Microsecond || mean > pause+460*time.Microsecond {
		t.Errorf("the mean pause is %v, want %v", mean, pause)
	}
}

// With a first draw of the pauses equal to that of the order, the contender that
// goes first would always meet the same pause.
func TestStreamsDiffer(t *testing.T) {
	seen := map[uint64]string{}
	for _, purpose := range []uint64{streamOrder, streamPause} {
		for round := -100; round < 1000; round++ {
			name := fmt.Sprintf("stream %#x of round %d", purpose, round)
			first := stream(1, purpose, round).Uint64()
			if other, twice := seen[first]; twice {
				t.Fatalf("%s begins like %s", name, other)
			}
			seen[first] = name
		}
	}
}

func TestTurnsAreEveryTrialOnce(t *testing.T) {
	e := Experiment{contenders: make([]Contender, 3)}
	e.plan.Design = Design{Rounds: 3, Warmup: 2, Seed: 5, Pause: Duration(time.Second)}
	var rounds []int
	var list []turn
	for next := range e.turns {
		list = append(list, next)
		if next.position == 0 {
			rounds = append(rounds, next.round)
		}
	}
	if want := []int{-1, -2, 0, 1, 2}; !slices.Equal(rounds, want) {
		t.Errorf("rounds %v, want %v", rounds, want)
	}
	seen := map[[2]int]bool{}
	for i, next := range list {
		seen[[2]int{next.round, next.contender}] = true
		if (next.pause == 0) != (i == 0) {
			t.Errorf("the pause before trial %d is %v", i, next.pause)
		}
	}
	if len(list) != 15 || len(seen) != 15 {
		t.Errorf("%d turns, %d of them different, want 5 rounds of 3 contenders", len(list), len(seen))
	}
}
