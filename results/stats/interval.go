package stats

import "math"

// An Interval is what the data do not exclude. Level is the level that was
// achieved, which is not always the one asked for: five rounds cannot give more
// than 0.9375 to a median. An Interval of Level 0 says nothing: there is none.
type Interval struct {
	// Lo and Hi are the ends, both part of the interval.
	Lo, Hi float64
	// Level is the achieved confidence level.
	Level float64
	// Open says that there is no upper end because it lies among failed
	// trials. Hi is then 0 and means nothing.
	Open bool
}

// Exp takes an interval of log ratios to one of ratios. Ends that leave the
// range of float64 make it Open.
func (iv Interval) Exp() Interval {
	if iv.Level == 0 {
		return Interval{}
	}
	hi := math.Exp(iv.Hi)
	if iv.Open || math.IsInf(hi, 1) {
		return Interval{Lo: min(math.Exp(iv.Lo), math.MaxFloat64), Level: iv.Level, Open: true}
	}
	return Interval{Lo: math.Exp(iv.Lo), Hi: hi, Level: iv.Level}
}

// Log takes an interval of ratios to one of log ratios. Where the lower end is
// 0 there is no logarithm, and the result has Level 0.
func (iv Interval) Log() Interval {
	if iv.Level == 0 || iv.Lo <= 0 {
		return Interval{}
	}
	if iv.Open {
		return Interval{Lo: math.Log(iv.Lo), Level: iv.Level, Open: true}
	}
	return Interval{Lo: math.Log(iv.Lo), Hi: math.Log(iv.Hi), Level: iv.Level}
}

// Excludes says that v lies outside. An interval of Level 0 excludes nothing.
func (iv Interval) Excludes(v float64) bool {
	return iv.Level > 0 && (v < iv.Lo || (!iv.Open && v > iv.Hi))
}

// Inside says that both ends lie strictly between lo and hi. An Open interval
// and one of Level 0 never do.
func (iv Interval) Inside(lo, hi float64) bool {
	return iv.Level > 0 && !iv.Open && iv.Lo > lo && iv.Hi < hi
}
