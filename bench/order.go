package bench

import (
	"math/rand/v2"
	"slices"
	"time"
)

// The streams of random numbers that a round needs, so that one draw more of
// one kind never moves the others.
const (
	streamOrder = 1 << 32
	streamPause = 2 << 32
)

// The orders of a run. Random is the one that makes the statistics exact by
// itself, whatever drifts; the others are there to be compared with it.
const (
	// Random draws a fresh permutation of the contenders for each round.
	Random = "random"
	// Balanced draws one for every other round and mirrors it in the next, so that
	// a steady drift cancels out.
	Balanced = "balanced"
	// Fixed runs every round in the order of the plan.
	Fixed = "fixed"
	// Blocks runs all rounds of one contender, then all of the next, as a loop and
	// a stopwatch do: what drifts meanwhile looks like a difference.
	Blocks = "blocks"
)

// Orders lists them.
func Orders() []string { return []string{Random, Balanced, Fixed, Blocks} }

// order is the order of n contenders in a round. With a fixed order a machine
// that slows down while it warms up would favour whichever contender runs first.
func order(kind string, seed uint64, round, n int) []int {
	switch kind {
	case Fixed, Blocks:
		fixed := make([]int, n)
		for i := range fixed {
			fixed[i] = i
		}
		return fixed
	case Balanced:
		pair, mirrored := round>>1, round&1 == 1
		drawn := stream(seed, streamOrder, pair).Perm(n)
		if mirrored {
			slices.Reverse(drawn)
		}
		return drawn
	}
	return stream(seed, streamOrder, round).Perm(n)
}

// pauses draws the pauses after each of n trials of a round: half to one and a
// half times the plan's.
func pauses(seed uint64, round, n int, pause time.Duration) []time.Duration {
	draw := stream(seed, streamPause, round)
	out := make([]time.Duration, n)
	for i := range out {
		out[i] = time.Duration(float64(pause) * (0.5 + draw.Float64()))
	}
	return out
}

// stream is the generator of one purpose in one round. Rounds may be negative.
func stream(seed, purpose uint64, round int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, purpose+uint64(uint32(round))))
}
