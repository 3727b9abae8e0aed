package upstream

import (
	"errors"
	"fmt"
	"math"
)

// The largest profile that is served. The bounds keep a mistyped number from
// taking the machine's memory; none of them is near what a run can use.
const (
	maxURLs    = 1_000_000
	maxSize    = 64 << 20
	maxScale   = 1000
	maxMillis  = 3_600_000
	maxSigma   = 5
	maxCold    = 1000
	maxDrift   = 10
	maxSlots   = 1_000_000
	maxLoad    = 1000
	minRate    = 0.001
	maxRate    = 1_000_000
	maxRounds  = 1_000_000
	minFault   = 400
	maxFault   = 599
	maxNameLen = 64
)

// Validate reports everything that is wrong with the profile, one line each, or
// nil for a profile that can be served.
func (p Profile) Validate() error {
	err := errors.Join(
		between("urls", p.URLs, 1, maxURLs),
		between("size_bytes", p.Size, 0, maxSize),
		between("rounds", p.Rounds, 0, maxRounds),
		between("warmup", p.Warmup, 0, maxRounds),
		within("scale", p.Scale, maxScale),
		between("length of the name", len(p.Name), 0, maxNameLen),
		p.Latency.validate(),
		p.Faults.validate(),
		p.Slots.validate(),
	)
	if err != nil {
		return fmt.Errorf("profile %.60q: %w", p.Name, err)
	}
	return nil
}

// validate checks every parameter, also those that the kind does not read: they
// were written for a reason, and a nonsensical one is a mistake in any kind.
func (l Law) validate() error {
	err := errors.Join(
		within("latency.base_ms", l.BaseMS, maxMillis),
		within("latency.high_ms", l.HighMS, maxMillis),
		within("latency.sigma", l.Sigma, maxSigma),
		within("latency.slow_rate", l.SlowRate, 1),
		within("latency.cold", l.Cold, maxCold),
		around("latency.drift_per_s", l.Drift, maxDrift),
		within("latency.body_ms", l.BodyMS, maxMillis),
	)
	switch l.Kind {
	case "", Constant, Exponential, Lognormal:
	case Uniform, Bimodal:
		if l.HighMS < l.BaseMS {
			err = errors.Join(err, fmt.Errorf("latency.high_ms must be at least base_ms (%v), got %v", l.BaseMS, l.HighMS))
		}
	default:
		err = errors.Join(err, fmt.Errorf("latency.kind must be constant, uniform, exponential, lognormal or bimodal, got %.60q", l.Kind))
	}
	return err
}

// validate leaves out informational, successful and redirecting statuses: a fault
// is an answer that no client can take for the one it asked for.
func (f Faults) validate() error {
	err := errors.Join(
		within("faults.status_rate", f.StatusRate, 1),
		within("faults.fail_rate", f.FailRate, 1),
	)
	if f.Status == 0 && f.StatusRate == 0 {
		return err
	}
	return errors.Join(err, between("faults.status", f.Status, minFault, maxFault))
}

// validate refuses what would never be used: a queue and an overload without slots,
// and half a rate limit.
func (s Slots) validate() error {
	err := errors.Join(
		between("slots.capacity", s.Capacity, 0, maxSlots),
		between("slots.queue", s.Queue, 0, maxSlots),
		within("slots.overload", s.Overload, maxLoad),
		between("slots.burst", s.Burst, 0, maxSlots),
	)
	if s.PerSecond != 0 {
		err = errors.Join(err, inside("slots.rate_per_s", s.PerSecond, minRate, maxRate))
	}
	if s.Capacity == 0 && s.Queue > 0 {
		err = errors.Join(err, fmt.Errorf("slots.queue needs slots.capacity, got a queue of %d and no capacity", s.Queue))
	}
	if s.Capacity == 0 && s.Overload > 0 {
		err = errors.Join(err, fmt.Errorf("slots.overload needs slots.capacity, got an overload of %v and no capacity", s.Overload))
	}
	if (s.PerSecond == 0) != (s.Burst == 0) {
		err = errors.Join(err, fmt.Errorf("slots.rate_per_s and slots.burst need each other, got %v and %d", s.PerSecond, s.Burst))
	}
	return err
}

// between checks a whole number against its bounds, both of which are allowed.
func between(what string, n, low, high int) error {
	if n < low || n > high {
		return fmt.Errorf("%s must be %d to %d, got %d", what, low, high, n)
	}
	return nil
}

// within checks that a number lies between 0 and its bound, both allowed. NaN lies
// nowhere: as a rate it would compare as never, as a latency as for ever.
func within(what string, x, high float64) error {
	return inside(what, x, 0, high)
}

// around checks that a number, which may be negative, lies no further from 0 than
// its bound.
func around(what string, x, bound float64) error {
	return inside(what, x, -bound, bound)
}

// inside checks a number against its bounds, both of which are allowed.
func inside(what string, x, low, high float64) error {
	if math.IsNaN(x) || x < low || x > high {
		return fmt.Errorf("%s must be in [%v, %v], got %v", what, low, high, x)
	}
	return nil
}
