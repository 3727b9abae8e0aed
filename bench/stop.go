package bench

import (
	"fmt"
	"math"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// A stop ends a run when every comparison is precise enough. It looks at the
// width of the intervals after 10, 15, 20, ... rounds and at nothing else: a rule
// that looked at p or at the sign would find a difference where there is none in
// 30 % of runs.
type stop struct {
	rule     stats.StopRule
	baseline string
	others   []string
	// rounds are the makespans of the measured rounds by contender; a trial that
	// was cut short is NaN, and its round counts for nothing.
	rounds []map[string]float64
}

// newStop makes the rule of a plan; without a precision it never stops.
func newStop(p Plan, h results.Header) *stop {
	if p.Precision == 0 {
		return nil
	}
	s := &stop{rule: stats.DefaultStop(float64(p.Precision)), baseline: p.Baseline}
	s.rule.Max = p.Rounds
	for _, c := range h.Contenders {
		if c.Name != p.Baseline {
			s.others = append(s.others, c.Name)
		}
	}
	return s
}

// after takes a trial into account and returns why the run is to end, or "" if it
// is to go on.
func (s *stop) after(t *results.Trial) string {
	if s == nil || t.Round < 0 {
		return ""
	}
	for len(s.rounds) <= t.Round {
		s.rounds = append(s.rounds, map[string]float64{})
	}
	round := s.rounds[t.Round]
	round[t.Contender] = seconds(t)
	n := t.Round + 1
	if len(round) <= len(s.others) || !s.rule.IsLook(n) {
		return ""
	}
	reason, done := s.rule.Done(n, s.looks())
	if !done || reason != stats.PrecisionReached {
		return ""
	}
	return fmt.Sprintf("%s after %d rounds (limit %d)", reason, n, s.rule.Max)
}

// all takes the trials of a run that goes on into account, and returns why there
// is nothing left to do if the last of them said so.
func (s *stop) all(made []results.Trial) (reason string) {
	for i := range made {
		reason = s.after(&made[i])
	}
	return reason
}

// seconds is the makespan of a trial, +Inf for one that failed.
func seconds(t *results.Trial) float64 {
	switch t.Outcome {
	case results.OK:
		return float64(t.ElapsedNS) / 1e9
	case results.Aborted:
		return math.NaN()
	}
	return math.Inf(1)
}

// looks is the width of each comparison so far. A pair with failed trials has no
// interval that could be narrow enough, and there is none without a look at every
// pair.
func (s *stop) looks() []stats.Look {
	var looks []stats.Look
	for _, name := range s.others {
		var base, other []float64
		for _, round := range s.rounds {
			if a, b := round[s.baseline], round[name]; len(round) > len(s.others) && s.whole(round) {
				base, other = append(base, a), append(other, b)
			}
		}
		d, err := stats.LogRatios(base, other)
		if err != nil || len(d) != len(other) {
			return nil
		}
		l, err := s.rule.Look(d)
		if err != nil {
			return nil
		}
		looks = append(looks, l)
	}
	return looks
}

// whole tells whether no trial of a round was cut short.
func (s *stop) whole(round map[string]float64) bool {
	for _, t := range round {
		if math.IsNaN(t) {
			return false
		}
	}
	return true
}
