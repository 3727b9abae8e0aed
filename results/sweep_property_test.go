package results_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/fetchbench/fetchbench/results"
)

// drawSweep draws a sweep of any sizes in any order, with times and failures as
// they come: nothing of it need make sense.
func drawSweep(r *rapid.T) *results.Run {
	run := &results.Run{Header: header(), Complete: true}
	run.Design.Sweep, run.Target.Requests = true, 400
	sizes := rapid.SliceOfNDistinct(rapid.IntRange(1, 100), 1, 8, rapid.ID).Draw(r, "sizes")
	rounds := rapid.IntRange(0, 12).Draw(r, "rounds")
	for _, size := range sizes {
		run.Contenders = append(run.Contenders, results.Column{Name: fmt.Sprintf("pool:%d", size), Asked: size, Size: size})
	}
	for round := range rounds {
		for _, c := range run.Contenders {
			lost := rapid.SampledFrom([]int{0, 0, 0, 0, 1, 2, 3, 400}).Draw(r, "lost")
			t := results.Trial{Round: round, Contender: c.Name, Outcome: results.OK, ElapsedNS: rapid.Int64Range(1e6, 2e6).Draw(r, "elapsed")}
			t.Tally.Count = results.Count{Planned: 400, OK: 400 - lost, Failed: lost}
			t.Tally.Flight = results.Flight{Mean: float64(c.Size), Max: c.Size, LatencyNS: int64(c.Size) * t.ElapsedNS, LongestNS: t.ElapsedNS}
			if lost > 0 {
				t.Outcome = rapid.SampledFrom([]results.TrialOutcome{results.Failed, results.Failed, results.Timeout}).Draw(r, "outcome")
			}
			run.Trials = append(run.Trials, t)
		}
	}
	return run
}

// TestSweepAlwaysHolds: whatever was measured, what is recommended is a size that
// was tried, that does not fail beyond the budget, is no larger than the best, is
// within 10 % of it, and is the smallest of which all that is true by the rule.
func TestSweepAlwaysHolds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		run := drawSweep(r)
		s := results.JudgeSweep(run)
		if !slices.IsSortedFunc(s.Points, func(a, b results.Point) int { return a.Size - b.Size }) || len(s.Points) != len(run.Contenders) {
			r.Fatalf("points %+v", s.Points)
		}
		checkReason(r, s, len(run.Rounds()))
		checkCurve(r, s, len(run.Rounds()))
		if s.Recommendation.Use != "" {
			checkUse(r, s)
		}
	})
}

// checkReason wants a contender, a size and a reason, or none of them and why.
func checkReason(r *rapid.T, s *results.Sweep, rounds int) {
	got := s.Recommendation
	none := got.Use == ""
	if none != (got.Reason == results.ReasonNone) || none != (got.Why != "") || none != (got.Size == 0) {
		r.Fatalf("%+v", got)
	}
	if !none && (got.Reason == results.ReasonProvisional) != (rounds < results.LeastSweepRounds) {
		r.Fatalf("%+v after %d rounds", got, rounds)
	}
}

// checkUse wants the rule to hold for the size, and for none below it.
func checkUse(r *rapid.T, s *results.Sweep) {
	got := s.Recommendation
	i := slices.IndexFunc(s.Points, func(p results.Point) bool { return p.Size == got.Size })
	p := s.Points[i]
	if p.Contender != got.Use || got.Size > got.Best || *p.FailedShare > s.Budget || *p.Ratio > 1.10 {
		r.Fatalf("%+v of %+v", got, p)
	}
	if got.Open != (i == len(s.Points)-1) {
		r.Fatalf("%+v is point %d of %d", got, i, len(s.Points))
	}
	for _, p := range s.Points[:i] {
		if p.Ratio != nil && (*p.Ratio <= 1.05 || *p.Ratio <= 1.10 && *p.P > 0.05) {
			r.Fatalf("%+v is smaller than %+v and enough", p, got)
		}
	}
}

// checkCurve wants a peak among the sizes that count, of rounds enough to say so,
// and slots that a batch can tell.
func checkCurve(r *rapid.T, s *results.Sweep, rounds int) {
	if c := s.Curve; c != nil && c.Peak != nil {
		if *c.Peak >= last(s) || c.RMSE >= 0.05 || c.CrosstalkCI.Lo <= 0 || rounds < results.LeastSweepRounds {
			r.Fatalf("%+v of up to %v in %d rounds", c, last(s), rounds)
		}
	}
	if s.Slots != nil && (s.Slots.Count < 1 || s.Slots.Count*10 > 400 || s.Slots.RMSE > 0.05) {
		r.Fatalf("%+v", s.Slots)
	}
}

// last is the number in flight of the largest size that might be recommended.
func last(s *results.Sweep) (flight float64) {
	for _, p := range s.Points {
		if p.Ratio != nil {
			flight = *p.Flight
		}
	}
	return flight
}

// TestSweepKnowsNoUnitAndNoOrder: a run twice as slow, and one whose contenders
// are listed the other way round, recommend the same.
func TestSweepKnowsNoUnitAndNoOrder(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		run := drawSweep(r)
		want := results.JudgeSweep(run)
		slices.Reverse(run.Contenders)
		alike(r, "the other way round", results.JudgeSweep(run), want)
		for i := range run.Trials {
			run.Trials[i].ElapsedNS *= 2
		}
		alike(r, "twice as slow", results.JudgeSweep(run).Recommendation, want.Recommendation)
	})
}
