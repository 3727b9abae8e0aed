package predict

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// The default number of batches, and the bounds of the work: so many requests are
// simulated for a prediction, in at least so many batches.
const (
	DefaultBatches = 2000
	mostSimulated  = 50_000_000
	leastBatches   = 100
)

// Limits of what can be asked for.
const (
	MaxRequests = 1 << 20
	MaxBatches  = 1_000_000
)

// The resamples of rounds behind an interval, the batches that each of them is
// worth where batches are drawn anew, and the rounds from which on there is one.
const (
	level       = 0.95
	resamples   = 2000
	redraws     = 100
	redrawn     = 40
	leastRounds = 6
)

// Options say what is to be predicted. The zero value is the batch of the run.
type Options struct {
	Requests int    // of a batch; 0 for as many as the run's
	Batches  int    // 0 for DefaultBatches
	Seed     uint64 // of the draws
}

// A Prediction is what trials of a schedule take. Trial holds 95 % of them.
// MedianCI says how sure the median is, given how few rounds there were: rounds
// are drawn with replacement, and it is nil below six of them. Neither knows
// whether latencies depend on the load.
type Prediction struct {
	Requests int           `json:"requests"`
	Batches  int           `json:"batches"`
	Median   float64       `json:"median_s"`
	Mean     float64       `json:"mean_s"`
	Trial    results.Band  `json:"trial"`
	MedianCI *results.Band `json:"median_ci"`
}

// Simulate predicts the trials of a schedule. Every round of the run stands behind
// equally many batches (balanced resampling: Davison, Hinkley and Schechtman 1986,
// "Efficient bootstrap simulation"), so that the batches of another schedule with
// the same options are the same batches. It takes a time in proportion to requests
// x batches; of long batches it simulates fewer than asked for, never below 100.
func (s *Sample) Simulate(schedule Schedule, o Options) (Prediction, error) {
	n := cmp.Or(o.Requests, s.run.Target.Requests)
	if n < 1 || n > MaxRequests {
		return Prediction{}, fmt.Errorf("requests must be from 1 to %d, got %d", MaxRequests, n)
	}
	batches := cmp.Or(o.Batches, DefaultBatches)
	if batches < 1 || batches > MaxBatches {
		return Prediction{}, fmt.Errorf("batches must be from 1 to %d, got %d", MaxBatches, batches)
	}
	all := make([]int, s.Rounds)
	for i := range all {
		all[i] = i
	}
	random := rand.New(rand.NewPCG(o.Seed, 0))
	batches = min(batches, max(leastBatches, mostSimulated/(n*s.fans())))
	batches = (batches + s.Rounds - 1) / s.Rounds * s.Rounds
	times := s.trials(schedule, s.newDrawing(n, all, random), batches)
	p := Prediction{Requests: n, Batches: batches}
	var err error
	if p.Median, err = stats.Median(times); err != nil {
		return Prediction{}, err
	}
	if p.Mean, err = stats.Mean(times); err != nil {
		return Prediction{}, err
	}
	ends, err := stats.PercentileInterval(times, level)
	if err != nil {
		return Prediction{}, err
	}
	p.Trial = *band(ends)
	if s.Rounds >= leastRounds {
		p.MedianCI, err = s.interval(schedule, n, times[:s.Rounds], random)
	}
	return p, err
}

// fans is how many fan-outs a trial has.
func (s *Sample) fans() int { return max(1, s.run.Target.Repeat) }

// trials simulates so many trials and returns their makespans in seconds. The
// first ones stand for a round each, in order. A batch that would be the same as
// that of an earlier trial is not simulated again.
func (s *Sample) trials(schedule Schedule, d *drawing, batches int) []float64 {
	var desk desk
	times := make([]float64, batches)
	for b := range times {
		place := b % len(d.rounds)
		if b >= len(d.rounds) && d.exact(d.rounds[place]) {
			times[b] = times[place]
			continue
		}
		desk.close()
		total := time.Duration(0)
		for fan := range s.fans() {
			total += schedule.makespan(d.fill(d.rounds[place], fan), &desk)
		}
		times[b] = total.Seconds()
	}
	return times
}

// interval is that of the median. Where the batches are those of the rounds their
// makespans are drawn again; elsewhere rounds are drawn, and batches from those.
func (s *Sample) interval(schedule Schedule, n int, times []float64, random *rand.Rand) (*results.Band, error) {
	seed := random.Uint64()
	if n <= s.run.Target.Requests {
		drawn := make([]float64, len(times))
		medians := stats.Bootstrap(len(times), resamples, seed, func(rounds []int) float64 {
			for i, round := range rounds {
				drawn[i] = times[round]
			}
			return median(drawn)
		})
		return interval(medians)
	}
	if redraws*redrawn*n*s.fans() > mostSimulated {
		return nil, nil // it would take longer than all the rest
	}
	medians := stats.Bootstrap(s.Rounds, redraws, seed, func(rounds []int) float64 {
		return median(s.trials(schedule, s.newDrawing(n, rounds, random), redrawn))
	})
	return interval(medians)
}

// median is that of simulated times, which are finite and not none.
func median(times []float64) float64 {
	m, _ := stats.Median(times)
	return m
}

// interval is the percentile interval of replicates.
func interval(replicates []float64) (*results.Band, error) {
	iv, err := stats.PercentileInterval(replicates, level)
	if err != nil {
		return nil, err
	}
	return band(iv), nil
}

// band is an interval in the form of reports.
func band(iv stats.Interval) *results.Band {
	return &results.Band{Range: results.Range{Lo: iv.Lo, Hi: &iv.Hi}, Level: iv.Level}
}
