package predict

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// A drawing makes batches of n requests. Up to as many as the run's own batch had
// each is the batch of one round as it was, or the beginning of it, so that what
// its requests had in common stays. In a larger one request i takes a latency of
// its URL, from any round, at the level of the round that the batch stands for; a
// URL without latencies takes those of the others.
type drawing struct {
	from   *drawn
	target results.Target
	whole  bool
	rounds []int // those that latencies are drawn from
	random *rand.Rand
	batch  []Request
}

// newDrawing draws from the given rounds.
func (s *Sample) newDrawing(n int, rounds []int, random *rand.Rand) *drawing {
	return &drawing{
		from: &s.drawn, target: s.run.Target, whole: n <= s.run.Target.Requests,
		rounds: rounds, random: random, batch: make([]Request, n),
	}
}

// exact tells whether the batches of a round are always the same.
func (d *drawing) exact(round int) bool {
	return d.whole && !slices.Contains(d.from.latencies[round], missing)
}

// fill draws the batch of a fan-out of a round. It is overwritten by the next.
func (d *drawing) fill(round, fan int) []Request {
	for i := range d.batch {
		latency := missing
		if d.whole {
			latency = d.from.latencies[round][fan*d.target.Requests+i]
		}
		if latency == missing {
			latency = d.latency(round, i)
		}
		host := d.from.host(i)
		d.batch[i] = Request{Latency: latency, Connect: d.from.dials[round][host], Host: host}
	}
	return d.batch
}

// latency draws one for request i at the level of a round.
func (d *drawing) latency(round, i int) time.Duration {
	const tries = 32 // a URL that fails as often has next to no latencies
	first := i % max(1, len(d.target.URLs))
	each := max(1, len(d.target.URLs))
	for try := range 2 * tries {
		if try == tries || first >= d.target.Requests {
			first, each = 0, 1 // any URL
		}
		from := d.rounds[d.random.IntN(len(d.rounds))]
		at := first + each*d.random.IntN((d.target.Requests-first+each-1)/each)
		at += d.target.Requests * d.random.IntN(max(1, d.target.Repeat))
		if latency := d.from.latencies[from][at]; latency != missing {
			return d.at(latency, d.from.levels[round]-d.from.levels[from])
		}
	}
	return d.at(d.from.middle, d.from.levels[round])
}

// at moves a latency by a difference of levels.
func (d *drawing) at(latency time.Duration, level float64) time.Duration {
	if level == 0 {
		return latency
	}
	return time.Duration(float64(latency) * math.Exp(level))
}
