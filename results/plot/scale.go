package plot

import "math"

// A Scale maps values to shares of a length. The zero value maps 0 to 1.
type Scale struct {
	lo, hi float64
	log    bool
}

// Linear is an even scale. One without a width gets some, so that there is always a
// place for a value.
func Linear(lo, hi float64) Scale {
	if !finite(lo, hi) {
		lo, hi = 0, 1
	}
	lo, hi = min(lo, hi), max(lo, hi)
	if lo == hi {
		room := max(math.Abs(lo)/10, 1e-12)
		lo, hi = lo-room, hi+room
	}
	return Scale{lo: lo, hi: hi}
}

// Log is a scale of ratios. Without two positive ends it is linear.
func Log(lo, hi float64) Scale {
	if !finite(lo, hi) || lo <= 0 || hi <= 0 {
		return Linear(lo, hi)
	}
	s := Scale{lo: min(lo, hi), hi: max(lo, hi), log: true}
	if s.lo == s.hi {
		s.lo, s.hi = s.lo/1.1, s.hi*1.1
	}
	return s
}

// wide is the ratio from which values are easier to tell apart on a scale of ratios.
const wide = 12

// Fit is the scale for positive values from lo to hi: from 0 where that leaves the
// smallest room to be seen, else a scale of ratios.
func Fit(lo, hi float64) Scale {
	if lo > 0 && hi/lo >= wide {
		return Log(lo, hi)
	}
	return Linear(0, hi)
}

// IsLog tells whether it is a scale of ratios.
func (s Scale) IsLog() bool { return s.log }

// Ends returns the least and the largest value.
func (s Scale) Ends() (lo, hi float64) {
	if s == (Scale{}) {
		return 0, 1
	}
	return s.lo, s.hi
}

// Share is where a value lies, 0 at the low end and 1 at the high one. What lies
// beyond an end is put there.
func (s Scale) Share(v float64) float64 {
	lo, hi := s.Ends()
	v = min(max(v, lo), hi)
	if s.log {
		lo, hi, v = math.Log(lo), math.Log(hi), math.Log(v)
	}
	return (v - lo) / (hi - lo)
}

// Nice widens the scale to the next ticks outside of it.
func (s Scale) Nice(most int) Scale {
	lo, hi := s.Ends()
	if s.log {
		s.lo, s.hi = below(lo), above(hi)
		return s
	}
	step := step(hi-lo, most)
	return Scale{lo: math.Floor(lo/step+slack) * step, hi: math.Ceil(hi/step-slack) * step}
}

// slack is what rounding may have done to a quotient that should be whole.
const slack = 1e-9

// Ticks are at most so many round values between the ends.
func (s Scale) Ticks(most int) []float64 {
	lo, hi := s.Ends()
	if s.log {
		for _, multiples := range [][]float64{{1, 2, 5}, {1, 3}, {1}} {
			if ticks := decades(lo, hi, multiples, 1); len(ticks) > 2 && len(ticks) <= most {
				return ticks
			}
		}
		if every := math.Ceil(math.Log10(hi/lo) / float64(max(most-1, 1))); every > 1 {
			return decades(lo, hi, []float64{1}, int(every))
		}
	}
	var ticks []float64
	step := step(hi-lo, most)
	first := math.Ceil(lo/step - slack)
	for i := 0; i <= most; i++ {
		v := (first + float64(i)) * step
		if v > hi+slack*step {
			break
		}
		ticks = append(ticks, v)
	}
	return ticks
}

// step is the least of 1, 2 and 5 times a power of ten that goes into a width at most
// so many times less one, so that both ends may have a tick.
func step(width float64, most int) float64 {
	raw := width / float64(max(most-1, 1))
	ten := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5} {
		if m*ten >= raw*(1-slack) {
			return m * ten
		}
	}
	return 10 * ten
}

// decades lists the multiples of every so many powers of ten between two values.
func decades(lo, hi float64, multiples []float64, every int) []float64 {
	var ticks []float64
	for e := int(math.Floor(math.Log10(lo))); e <= int(math.Ceil(math.Log10(hi))); e += every {
		for _, m := range multiples {
			if v := m * math.Pow(10, float64(e)); v >= lo*(1-slack) && v <= hi*(1+slack) {
				ticks = append(ticks, v)
			}
		}
	}
	return ticks
}

// below is the largest of 1, 2 and 5 times a power of ten that is not above v.
func below(v float64) float64 {
	ten := math.Pow(10, math.Floor(math.Log10(v)+slack))
	for _, m := range []float64{5, 2} {
		if m*ten <= v*(1+slack) {
			return m * ten
		}
	}
	return ten
}

// above is the least of them that is not below v.
func above(v float64) float64 {
	ten := math.Pow(10, math.Floor(math.Log10(v)-slack))
	for _, m := range []float64{1, 2, 5} {
		if m*ten >= v*(1-slack) {
			return m * ten
		}
	}
	return 10 * ten
}
