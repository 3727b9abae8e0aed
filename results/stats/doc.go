// Package stats holds the formulae of the project: pure functions over
// float64 slices, each with its source, its assumption and its edges.
//
// It knows nothing of trials, contenders or files: it reads no input, prints
// nothing, keeps no state and has no random numbers but those drawn from a
// seed that the caller gives. Inputs are never changed. The same data give the
// same digits, whatever ran before: products that are added to something are
// rounded first, as in float64(a*b) + c, because some processors would not.
//
// It is a library that is held to golden vectors, wider than what the program prints:
// some of its formulae are called by tests alone.
//
// Units: times are seconds or any other unit used throughout a call, all
// probabilities and confidence levels lie in (0, 1), and a ratio of times is
// handled as its natural logarithm d = ln(baseline / contender), so that twice
// as fast and twice as slow lie at the same distance from nothing.
//
// A failed trial is never a duration. Functions that can use it say so and
// take it as +Inf, the worst rank; all others refuse it. NaN is refused
// everywhere, and neither NaN nor Inf is ever returned: a number that does not
// exist is an error, an Interval of level 0, or one that says it is Open.
//
//	d, err := stats.LogRatios(baseline, contender)
//	shift, err := stats.HodgesLehmann(d, 0.95)
//	speedup, iv := math.Exp(shift.Estimate), shift.Interval.Exp()
package stats
