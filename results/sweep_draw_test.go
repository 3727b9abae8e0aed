package results_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/fetchbench/fetchbench/results"
)

// A simulated upstream serves requests that arrive in order of time. It is told
// when one arrives and how many others are there, and says when that one is
// answered and how.
type simulated interface {
	serve(at float64, there int, service float64) (end float64, class string)
}

// slotted has so many slots and one queue before them, first come, first served.
type slotted struct{ free []float64 }

// serve takes the slot that is free first.
func (s *slotted) serve(at float64, _ int, service float64) (float64, string) {
	slot := 0
	for i, free := range s.free {
		if free < s.free[slot] {
			slot = i
		}
	}
	s.free[slot] = max(s.free[slot], at) + service
	return s.free[slot], results.ClassOK
}

// refusing answers 429 within a millisecond to whoever is one too many.
type refusing int

// serve counts who is there.
func (r refusing) serve(at float64, there int, service float64) (float64, string) {
	if there >= int(r) {
		return at + 0.001, "http_429"
	}
	return at + service, results.ClassOK
}

// collapsing takes longer for each by what it spends on every pair of those that
// are there, so that its throughput is that of the scalability law.
type collapsing float64

// serve is 1 + bK(K-1) times as long with K there.
func (c collapsing) serve(at float64, there int, service float64) (float64, string) {
	k := float64(there + 1)
	return at + service*(1+float64(c)*k*(k-1)), results.ClassOK
}

// unbounded is as quick whoever is there.
func unbounded() simulated { return collapsing(0) }

// A simulation is a sweep of pools over sizes, n requests a trial.
type simulation struct {
	upstream      func() simulated
	sizes         []int
	n, rounds     int
	service       float64
	trial, single float64 // spread of the logarithm, of a trial and of a request
}

// play makes the run: each trial meets a fresh upstream.
func (s simulation) play(draw *rand.Rand) *results.Run {
	run := &results.Run{Header: header(), Complete: true}
	run.Design.Sweep, run.Design.Rounds, run.Target.Requests, run.Target.Form = true, s.rounds, s.n, "process"
	for _, size := range s.sizes {
		run.Contenders = append(run.Contenders, results.Column{Name: fmt.Sprintf("pool:%d", size), Asked: size, Size: size})
	}
	run.Design.Baseline = run.Contenders[0].Name
	for round := range s.rounds {
		for position, i := range draw.Perm(len(s.sizes)) {
			t := s.fetch(draw, s.sizes[i])
			t.Round, t.Position, t.Contender = round, position, run.Contenders[i].Name
			run.Trials = append(run.Trials, t)
		}
	}
	return run
}

// fetch is one trial: whichever worker is free first takes the next request, which
// is in-order list scheduling.
func (s simulation) fetch(draw *rand.Rand, size int) results.Trial {
	upstream, factor := s.upstream(), math.Exp(s.trial*draw.NormFloat64())
	workers := make([]float64, min(size, s.n))
	t := results.Trial{Outcome: results.OK}
	for i := range s.n {
		at := slices.Min(workers)
		there := 0
		for _, end := range workers {
			if end > at {
				there++
			}
		}
		end, class := upstream.serve(at, there, s.service*factor*math.Exp(s.single*draw.NormFloat64()))
		workers[slices.Index(workers, at)] = end
		t.ElapsedNS = max(t.ElapsedNS, int64(end*1e9))
		r := results.Request{Index: i, Class: class, Status: 200, Attempts: 1, StartNS: int64(at * 1e9), ServiceNS: int64((end - at) * 1e9)}
		if class != results.ClassOK {
			t.Outcome, r.Status = results.Failed, 429
		}
		t.Requests = append(t.Requests, r)
	}
	t.Tally = t.Count(s.n)
	t.Tally.Opened = len(workers)
	return t
}

// ladder are the sizes of most sweeps here.
func ladder() []int { return []int{1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64} }

// quietly is the simulation without noise, once: what is true of each size.
func (s simulation) quietly() (seconds []float64, failed []bool) {
	s.trial, s.single = 0, 0
	draw := rand.New(rand.NewPCG(1, 1))
	for _, size := range s.sizes {
		t := s.fetch(draw, size)
		seconds = append(seconds, float64(t.ElapsedNS)/1e9)
		failed = append(failed, float64(t.Tally.Failed) > results.FailureBudget*float64(s.n))
	}
	return seconds, failed
}

// regret is by how much a size is slower than the best of those that do not fail,
// and larger whether a smaller one would have been within 5 % of it. A size that
// fails is regretted without end.
func (s simulation) regret(size int) (regret float64, larger bool) {
	seconds, failed := s.quietly()
	best := math.Inf(1)
	for i := range seconds {
		if !failed[i] {
			best = min(best, seconds[i])
		}
	}
	i := slices.Index(s.sizes, size)
	if i < 0 || failed[i] {
		return math.Inf(1), false
	}
	first := slices.IndexFunc(seconds, func(v float64) bool { return v <= 1.05*best })
	return seconds[i]/best - 1, i > first
}
