package stats

import (
	"fmt"
	"math"
)

// A StopReason says why a run ended.
type StopReason string

const (
	// PrecisionReached says that the interval was narrow enough at a look.
	PrecisionReached StopReason = "precision reached"
	// MaximumRounds says that the limit came first.
	MaximumRounds StopReason = "maximum rounds"
)

// A StopRule decides after how many rounds a run has been precise enough. It
// looks at the width of the interval only, never at its place: stopping at the
// first p below 0.05 finds a difference that does not exist in 30 % of runs.
type StopRule struct {
	// Min, Step and Max are the first look, the rounds between looks, and the
	// last round. A Min below 10 is taken as 10.
	Min, Step, Max int
	// Target is the relative half width to reach, 0.05 for 5 %.
	Target float64
	// Level is the nominal level at each look. 0.96 leaves 95 % to the interval
	// at which a run happened to stop.
	Level float64
}

// DefaultStop looks after 10, 15, 20, ... rounds, up to 100, at 96 %.
func DefaultStop(target float64) StopRule {
	return StopRule{Min: 10, Step: 5, Max: 100, Target: target, Level: 0.96}
}

// A Look is what the rule saw in one comparison.
type Look struct {
	// Rounds is the number of rounds so far.
	Rounds int
	// K is the rank of the Walsh averages that end the interval.
	K int
	// Shift is the estimate and its interval at the rule's level.
	Shift Shift
	// HalfWidth is half the width of that interval of log ratios.
	HalfWidth float64
	// Precise says that HalfWidth is at most ln(1 + Target).
	Precise bool
}

// IsLook says whether the rule looks after n rounds.
func (r StopRule) IsLook(n int) bool {
	first := max(r.Min, 10)
	return n >= r.Max || (n >= first && (r.Step <= 1 || (n-first)%r.Step == 0))
}

// Look applies the rule to the log ratios of one comparison.
func (r StopRule) Look(d []float64) (Look, error) {
	if !(r.Target > 0) || math.IsInf(r.Target, 1) {
		return Look{}, fmt.Errorf("precision: %w: target is %v", ErrRange, r.Target)
	}
	shift, err := HodgesLehmann(d, r.Level)
	if err != nil {
		return Look{}, fmt.Errorf("precision: %w", err)
	}
	k, _ := SignedRankK(len(d), r.Level)
	half := shift.Interval.Hi/2 - shift.Interval.Lo/2
	return Look{Rounds: len(d), K: k, Shift: shift, HalfWidth: half, Precise: half <= math.Log1p(r.Target)}, nil
}

// Done says whether the run ends after n rounds, given the looks at all its
// comparisons: precise in every one, at a look, or at the limit. The reason is
// empty while it goes on. No looks are no precision.
func (r StopRule) Done(n int, looks []Look) (StopReason, bool) {
	precise := len(looks) > 0 && r.IsLook(n) && n >= max(r.Min, 10)
	for _, l := range looks {
		precise = precise && l.Precise
	}
	switch {
	case precise:
		return PrecisionReached, true
	case n >= r.Max:
		return MaximumRounds, true
	}
	return "", false
}
