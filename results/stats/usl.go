package stats

import (
	"fmt"
	"math"
	"slices"
)

// leastSizes is the number of different sizes below which the law is not fitted.
const leastSizes = 6

// A Coefficient is a fitted number with its standard error and Wald interval,
// which may reach beyond the values that the law allows.
type Coefficient struct {
	Value, SE float64
	Interval  Interval
}

// A USL is a fit of the universal scalability law.
type USL struct {
	// Alpha is contention, Beta crosstalk, Gamma the throughput of one.
	Alpha, Beta, Gamma Coefficient
	// RSS is the sum of squared residuals and Sigma their standard error.
	RSS, Sigma float64
	// DF is the number of sizes less the three coefficients.
	DF int
}

// FitUSL fits X(K) = gK / (1 + a(K-1) + bK(K-1)) (Gunther, Guerrilla Capacity
// Planning, 2007) to throughput X at sizes K by plain least squares, with
// 0 <= a, b <= 1 and g > 0, by the method of Levenberg and Marquardt from
// several starting points, the best of which counts. Standard errors are
// sqrt(diag((J'J)^-1) RSS/df), intervals a -+ t se with Student's quantile for
// df = n-3. It describes the sizes tried and says nothing beyond twice the
// largest. It needs 6 different sizes of at least 1 and throughputs above 0;
// where the coefficients cannot be told apart: ErrNoFit.
func FitUSL(sizes, throughput []float64, level float64) (USL, error) {
	if err := checkLevel(level); err != nil {
		return USL{}, fmt.Errorf("scalability law: %w", err)
	}
	if err := checkScaling(sizes, throughput, leastSizes); err != nil {
		return USL{}, fmt.Errorf("scalability law: %w", err)
	}
	// In units of the largest throughput, so that squares stay within range.
	unit := slices.Max(throughput)
	scaled := make([]float64, len(throughput))
	for i, x := range throughput {
		scaled[i] = x / unit
	}
	c := bestCurve(sizes, scaled)
	fit, ok := c.summary(sizes, scaled, unit, level)
	if !ok {
		return USL{}, fmt.Errorf("scalability law: %w", ErrNoFit)
	}
	return fit, nil
}

// At is the throughput that the fit gives for size k.
func (u USL) At(k float64) float64 {
	return curve{u.Alpha.Value, u.Beta.Value, u.Gamma.Value}.at(k)
}

// Peak is the size sqrt((1-a)/b) of the largest throughput, and that
// throughput. ok is false where the interval of b does not exclude 0: then there
// is no peak within the sizes tried.
func (u USL) Peak() (k, throughput float64, ok bool) {
	if !(u.Beta.Interval.Lo > 0) {
		return 0, 0, false
	}
	k = math.Sqrt((1 - u.Alpha.Value) / u.Beta.Value)
	return k, u.At(k), true
}

// summary adds errors and intervals to the coefficients, in units of the data.
func (c curve) summary(sizes, scaled []float64, unit, level float64) (USL, bool) {
	normal, _ := c.normalEquations(sizes, scaled)
	rss, df := c.rss(sizes, scaled), len(sizes)-3
	t := tQuantile((1+level)/2, float64(df))
	var coefficients [3]Coefficient
	for i := range c {
		// Column i of the inverse.
		var e vec3
		e[i] = 1
		column, ok := normal.solve(e, [3]bool{true, true, true})
		se := math.Sqrt(column[i] * rss / float64(df))
		if !ok || math.IsNaN(se) || math.IsInf(se, 0) {
			return USL{}, false
		}
		factor := 1.0
		if i == 2 {
			factor = unit
		}
		value, half := float64(c[i]*factor), float64(t*se*factor)
		coefficients[i] = Coefficient{value, se * factor, Interval{Lo: value - half, Hi: value + half, Level: level}}
	}
	u := USL{Alpha: coefficients[0], Beta: coefficients[1], Gamma: coefficients[2], DF: df}
	u.RSS = rss * unit * unit
	u.Sigma = math.Sqrt(rss/float64(df)) * unit
	g := coefficients[2].Interval
	return u, checkFinite([]float64{u.RSS, u.Sigma, g.Lo, g.Hi}) == nil
}
