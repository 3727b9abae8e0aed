package report_test

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// A scene draws the makespan of a contender in a round, in seconds. +Inf is a
// trial that ran into its deadline of 8 s.
type scene func(draw *rand.Rand, contender, round int) float64

// judged plays a scene for so many rounds and judges it: what a user would read,
// with the real formulae behind it.
func judged(names []string, asked []int, rounds int, play scene) *results.Judgement {
	draw := rand.New(rand.NewPCG(700, 15))
	run := &results.Run{Complete: true, Header: articleRun().Header}
	run.Design.Rounds, run.Design.Seed, run.Design.Warmup, run.Design.PauseNS = rounds, 700, 1, 20e6
	run.Contenders, run.Environment.CPUs, run.Design.Baseline = nil, 2, names[0]
	for i, name := range names {
		run.Contenders = append(run.Contenders, results.Column{Name: name, Asked: asked[i]})
	}
	for round := range rounds {
		order := draw.Perm(len(names))
		for i, name := range names {
			run.Trials = append(run.Trials, played(round, order[i], name, asked[i], play(draw, i, round)))
		}
	}
	return results.Judge(run)
}

// played is a trial of ten requests that took so many seconds.
func played(round, position int, name string, asked int, took float64) results.Trial {
	elapsed := time.Duration(took * float64(time.Second))
	if math.IsInf(took, 1) {
		elapsed = 8 * time.Second
	}
	t := trial(round, position, name, elapsed, elapsed/10)
	t.Tally.Flight.LatencyNS = int64(elapsed)
	t.Tally.Flight.Max = asked
	if asked > 1 {
		t.Tally.Flight.LatencyNS = int64(10 * elapsed)
		t.Tally.Flight.LongestNS = int64(elapsed)
	}
	t.Tally.Flight.Mean = float64(t.Tally.Flight.LatencyNS) / float64(elapsed)
	if math.IsInf(took, 1) {
		t.Outcome = results.Timeout
		t.Tally.Count = results.Count{Planned: 10, OK: 9, Failed: 1}
		t.Tally.Failures = []results.Failure{{Class: "timeout", Phase: "wait", Count: 1, Request: 3, AtNS: 8e9}}
	}
	return t
}

// noisy is a median with a spread of its logarithm.
func noisy(draw *rand.Rand, median, sigma float64) float64 {
	return median * math.Exp(sigma*draw.NormFloat64())
}

// pair are the contenders of the scenes with two.
func pair() ([]string, []int) { return []string{"sequential", "goroutines"}, []int{1, 10} }

// drifting trebles all times over twenty rounds.
func drifting() *results.Judgement {
	names, asked := pair()
	return judged(names, asked, 20, func(draw *rand.Rand, contender, round int) float64 {
		return noisy(draw, []float64{4, 0.5}[contender]*math.Pow(3, float64(round)/19), 0.1)
	})
}

// losing has a pool of which every fifth trial runs out of time, and another that
// never ends.
func losing() *results.Judgement {
	return judged([]string{"sequential", "pool:4", "pool:2"}, []int{1, 4, 2}, 20, func(draw *rand.Rand, contender, round int) float64 {
		if contender == 1 && round%5 == 4 || contender == 2 {
			return math.Inf(1)
		}
		return noisy(draw, []float64{4, 1.1, 0}[contender], 0.1)
	})
}

// undecided has a difference of 3 % under noise of 20 %, and a slow first round.
func undecided() *results.Judgement {
	names, asked := pair()
	return judged(names, asked, 12, func(draw *rand.Rand, contender, round int) float64 {
		if round == 0 {
			return 14
		}
		return noisy(draw, []float64{4, 3.88}[contender], 0.2)
	})
}

// itself is a contender against itself, of which the second is so much slower.
func itself(slower float64) *results.Judgement {
	j := judged([]string{"pool:8", "pool:8 again"}, []int{8, 8}, 20, func(draw *rand.Rand, contender, _ int) float64 {
		return noisy(draw, []float64{1, slower}[contender], 0.02)
	})
	j.Run.Design.AA = true
	return results.Judge(j.Run)
}

// crowded has ten contenders, pools of growing size up to where it no longer
// helps, and 40 rounds.
func crowded() *results.Judgement {
	names, asked := []string{"sequential"}, []int{1}
	for _, size := range []int{2, 3, 4, 6, 8, 12, 16, 32} {
		names, asked = append(names, fmt.Sprintf("pool:%d", size)), append(asked, size)
	}
	names, asked = append(names, "goroutines"), append(asked, 100)
	return judged(names, asked, 40, func(draw *rand.Rand, contender, round int) float64 {
		return noisy(draw, 5/math.Min(float64(asked[contender]), 8)*(1+0.02*float64(round)), 0.05)
	})
}

// TestJudgedRunsReadWell holds what a user reads of whole runs against files that
// people have read: table, sentences, advice and warnings.
func TestJudgedRunsReadWell(t *testing.T) {
	for name, j := range map[string]*results.Judgement{
		"drifting.txt": drifting(), "losing.txt": losing(), "undecided.txt": undecided(),
		"itself.txt": itself(1), "itself_differs.txt": itself(1.1), "crowded.txt": crowded(),
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, func(w io.Writer) error { return report.Text(w, j, report.Options{Warnings: true}) })
		})
	}
}
