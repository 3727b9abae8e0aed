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
	times    map[string][]float64
	looks    []stats.Look
}

// newStop makes the rule of a plan; without a precision it never stops.
func newStop(p Plan, h results.Header) *stop {
	if p.Precision == 0 {
		return &stop{}
	}
	s := &stop{rule: stats.DefaultStop(float64(p.Precision)), baseline: p.Baseline, times: map[string][]float64{}}
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
	if s.times == nil || t.Round < 0 {
		return ""
	}
	seconds := math.Inf(1)
	if t.Outcome == results.OK {
		seconds = float64(t.ElapsedNS) / 1e9
	}
	s.times[t.Contender] = append(s.times[t.Contender], seconds)
	n := len(s.times[t.Contender])
	if n != t.Round+1 || !s.rule.IsLook(n) || !s.whole(n) {
		return ""
	}
	reason, done := s.rule.Done(n, s.look())
	if !done || reason != stats.PrecisionReached {
		return ""
	}
	return fmt.Sprintf("%s after %d rounds (limit %d)", reason, n, s.rule.Max)
}

// whole tells whether every contender has n trials.
func (s *stop) whole(n int) bool {
	for _, name := range append([]string{s.baseline}, s.others...) {
		if len(s.times[name]) != n {
			return false
		}
	}
	return true
}

// look is the width of each comparison so far. A pair with failed trials has no
// interval that could be narrow enough.
func (s *stop) look() []stats.Look {
	s.looks = s.looks[:0]
	for _, name := range s.others {
		d, err := stats.LogRatios(s.times[s.baseline], s.times[name])
		var l stats.Look
		if err == nil && len(d) == len(s.times[name]) {
			l, err = s.rule.Look(d)
		}
		if err != nil || len(d) != len(s.times[name]) {
			return nil
		}
		s.looks = append(s.looks, l)
	}
	return s.looks
}
