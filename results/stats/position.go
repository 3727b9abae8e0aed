package stats

import (
	"fmt"
	"math"
)

// A Position is how much slower the contender is that runs first in a round.
type Position struct {
	// Ratio is the factor, 1.3 for 30 % slower.
	Ratio float64
	// Interval is the interval for it.
	Interval Interval
	// P is the two-sided p-value that there is no effect.
	P float64
}

// PositionEffect compares the log ratios d of the rounds in which the baseline
// ran first with those in which the contender did, for two contenders: half the
// difference of the two means, exponentiated, with half of Welch's interval
// ("The generalization of Student's problem when several different population
// variances are involved", Biometrika 34, 1947). It needs 2 rounds of each
// order (ErrTooFew) and ratios that vary within an order (ErrConstant).
func PositionEffect(d []float64, baseFirst []bool, level float64) (Position, error) {
	if len(d) != len(baseFirst) {
		return Position{}, fmt.Errorf("position effect: %w: %d and %d", ErrUnequal, len(d), len(baseFirst))
	}
	if err := checkSample(d, 1, level); err != nil {
		return Position{}, fmt.Errorf("position effect: %w", err)
	}
	var first, second []float64
	for i, v := range d {
		if baseFirst[i] {
			first = append(first, v)
		} else {
			second = append(second, v)
		}
	}
	if len(first) < 2 || len(second) < 2 {
		return Position{}, fmt.Errorf("position effect: %w: %d and %d rounds, need 2 of each order", ErrTooFew, len(first), len(second))
	}
	return welch(first, second, level)
}

// welch is half the difference of two means with half of Welch's interval, which
// allows the two orders to vary differently. Half, because the effect stands in
// the numerator of the ratio in one order and in its denominator in the other.
func welch(first, second []float64, level float64) (Position, error) {
	sd1, err := SD(first)
	if err != nil {
		return Position{}, err
	}
	sd2, err := SD(second)
	if err != nil {
		return Position{}, err
	}
	n1, n2 := float64(len(first)), float64(len(second))
	se1, se2 := sd1/math.Sqrt(n1), sd2/math.Sqrt(n2)
	se := math.Hypot(se1, se2)
	if se == 0 {
		return Position{}, fmt.Errorf("position effect: within each order %w", ErrConstant)
	}
	// Welch-Satterthwaite, on shares of the variance.
	w1, w2 := (se1/se)*(se1/se), (se2/se)*(se2/se)
	df := 1 / (float64(w1*w1)/(n1-1) + float64(w2*w2)/(n2-1))
	diff := mean(first) - mean(second)
	half := float64(tQuantile((1+level)/2, df) * se)
	p := Position{
		Ratio:    math.Exp(diff / 2),
		Interval: Interval{Lo: (diff - half) / 2, Hi: (diff + half) / 2, Level: level}.Exp(),
		P:        min(1, 2*tSurvival(math.Abs(diff)/se, df)),
	}
	if math.IsInf(p.Ratio, 0) || math.IsNaN(p.P) {
		return Position{}, fmt.Errorf("position effect: %w", ErrNotFinite)
	}
	return p, nil
}
