package bench

import (
	"math/rand/v2"
	"time"
)

// The streams of random numbers that a round needs, so that one draw more of
// one kind never moves the others.
const (
	streamOrder = 1 << 32
	streamPause = 2 << 32
)

// order is the order of n contenders in a round, a fresh uniform permutation
// drawn from the seed. With a fixed order a machine that slows down while it
// warms up would favour whichever contender runs first.
func order(seed uint64, round, n int) []int {
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
