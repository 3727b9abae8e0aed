package stats

import (
	"errors"
	"fmt"
	"math"
)

// The errors below are wrapped with the place and the value, so that a caller
// asks with errors.Is and a reader still learns which number was wrong.
var (
	// ErrNone says that there were no values at all.
	ErrNone = errors.New("no values")
	// ErrTooFew says that the quantity needs more values than were given.
	ErrTooFew = errors.New("too few values")
	// ErrNotFinite says that a value was NaN or infinite where a number is needed.
	ErrNotFinite = errors.New("not a finite number")
	// ErrNegative says that a time was below zero.
	ErrNegative = errors.New("negative time")
	// ErrNotPositive says that a value was zero or less where a ratio or a
	// logarithm needs more than that.
	ErrNotPositive = errors.New("not above zero")
	// ErrUnequal says that two samples that must be paired differ in length.
	ErrUnequal = errors.New("samples of unequal length")
	// ErrLevel says that a confidence level was not strictly between 0 and 1.
	ErrLevel = errors.New("level not between 0 and 1")
	// ErrRange says that an argument lay outside of what the function is defined for.
	ErrRange = errors.New("argument out of range")
	// ErrConstant says that all values are equal, so that the quantity does not exist.
	ErrConstant = errors.New("all values are equal")
	// ErrNotReached says that a quantile lies among failed trials, so that it
	// is longer than any time measured.
	ErrNotReached = errors.New("not reached: too many failed trials")
	// ErrNoFit says that the data do not determine the coefficients of a law.
	ErrNoFit = errors.New("no fit")
)

// CheckTimes refuses what cannot be a time: no values, NaN, a negative number
// or -Inf. It lets +Inf pass, which stands for a failed trial.
func CheckTimes(times []float64) error {
	if len(times) == 0 {
		return ErrNone
	}
	for i, t := range times {
		if math.IsNaN(t) {
			return fmt.Errorf("value %d: %w: %v", i, ErrNotFinite, t)
		}
		if t < 0 {
			return fmt.Errorf("value %d: %w: %v", i, ErrNegative, t)
		}
	}
	return nil
}

// Successes returns the finite times in their order: the trials that did not
// fail. The result is a new slice, empty when all failed.
func Successes(times []float64) []float64 {
	ok := make([]float64, 0, len(times))
	for _, t := range times {
		if !math.IsInf(t, 1) {
			ok = append(ok, t)
		}
	}
	return ok
}

// checkFinite refuses an empty slice, NaN and both infinities.
func checkFinite(x []float64) error {
	if len(x) == 0 {
		return ErrNone
	}
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("value %d: %w: %v", i, ErrNotFinite, v)
		}
	}
	return nil
}

// checkPositive refuses all that checkFinite refuses, and zero and below.
func checkPositive(x []float64) error {
	if err := checkFinite(x); err != nil {
		return err
	}
	for i, v := range x {
		if v <= 0 {
			return fmt.Errorf("value %d: %w: %v", i, ErrNotPositive, v)
		}
	}
	return nil
}

// checkPairs refuses pairs of times from which no ratio can be formed. A
// failed trial, +Inf, passes.
func checkPairs(base, contender []float64) error {
	if len(base) != len(contender) {
		return fmt.Errorf("%w: %d and %d", ErrUnequal, len(base), len(contender))
	}
	for _, side := range [][]float64{base, contender} {
		if err := CheckTimes(side); err != nil {
			return err
		}
		for i, t := range side {
			if t == 0 {
				return fmt.Errorf("value %d: %w: %v", i, ErrNotPositive, t)
			}
		}
	}
	return nil
}

// checkLevel refuses what is no confidence level, NaN included.
func checkLevel(level float64) error {
	if !(level > 0 && level < 1) {
		return fmt.Errorf("%w: %v", ErrLevel, level)
	}
	return nil
}

// checkSample is checkFinite and a least number of values, with a level.
func checkSample(x []float64, least int, level float64) error {
	if err := checkFinite(x); err != nil {
		return err
	}
	if len(x) < least {
		return fmt.Errorf("%w: %d, need %d", ErrTooFew, len(x), least)
	}
	return checkLevel(level)
}
