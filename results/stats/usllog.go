package stats

import (
	"fmt"
	"math"
	"slices"
)

// A LogUSL is the scalability law fitted on the logarithm of throughput: Alpha is
// contention, Beta crosstalk, Gamma the throughput of one.
type LogUSL struct {
	Alpha, Beta, Gamma float64
	// RMSE is the root of the mean squared residual of ln X, which for small ones
	// is the relative error of the curve.
	RMSE float64
}

// FitLogUSL fits the law of FitUSL by least squares on ln X, with
// 0 < a, b <= 1 and g > 0, by the method of Levenberg and Marquardt over the
// logarithms of the three from several starting points. FitUSL weighs a size by
// its throughput squared, so that the largest decide; errors of throughput are
// relative ones, and here all sizes count alike. It is meant for asking where
// throughput peaks. It says nothing of how sure that is: a resample of the rounds
// does. It needs 6 different sizes of at least 1 and throughputs above 0.
func FitLogUSL(sizes, throughput []float64) (LogUSL, error) {
	if err := checkScaling(sizes, throughput, leastSizes); err != nil {
		return LogUSL{}, fmt.Errorf("scalability law on logarithms: %w", err)
	}
	best, least := logCurve{}, math.Inf(1)
	for _, start := range startingCurves(sizes, throughput) {
		c := logCurve{math.Log(start[0]), math.Log(start[1]), math.Log(start[2])}.refine(sizes, throughput)
		if s := c.rss(sizes, throughput); s < least {
			best, least = c, s
		}
	}
	if math.IsInf(least, 1) {
		return LogUSL{}, fmt.Errorf("scalability law on logarithms: %w", ErrNoFit)
	}
	return best.fit(sizes, throughput), nil
}

// Refit is FitLogUSL from u as the only starting point, for other throughputs at
// about the same sizes: those of a resample. It checks nothing.
func (u LogUSL) Refit(sizes, throughput []float64) LogUSL {
	start := logCurve{math.Log(u.Alpha), math.Log(u.Beta), math.Log(u.Gamma)}
	return start.refine(sizes, throughput).fit(sizes, throughput)
}

// At is the throughput that the fit gives for size k.
func (u LogUSL) At(k float64) float64 { return curve{u.Alpha, u.Beta, u.Gamma}.at(k) }

// Peak is the size sqrt((1-a)/b) of the largest throughput. It may lie far beyond
// the sizes that were fitted, where it means nothing.
func (u LogUSL) Peak() float64 { return math.Sqrt((1 - u.Alpha) / u.Beta) }

// checkScaling refuses what no law of throughput can be fitted to: fewer than
// least different sizes, sizes below 1, and throughputs that are not above 0.
func checkScaling(sizes, throughput []float64, least int) error {
	if len(sizes) != len(throughput) {
		return fmt.Errorf("%w: %d and %d", ErrUnequal, len(sizes), len(throughput))
	}
	for _, side := range [][]float64{sizes, throughput} {
		if err := checkPositive(side); err != nil {
			return err
		}
	}
	if slices.Min(sizes) < 1 {
		return fmt.Errorf("%w: size %v", ErrRange, slices.Min(sizes))
	}
	if n := len(slices.Compact(sortedCopy(sizes))); n < least {
		return fmt.Errorf("%w: %d sizes, need %d", ErrTooFew, n, least)
	}
	return nil
}

// A logCurve is ln a, ln b and ln g. On that scale no coefficient can leave 0
// downwards, and those that differ by many orders of magnitude are steps apart.
type logCurve vec3

// leastLog keeps a coefficient that is nothing a number.
const leastLog = -100

// plain is the law itself.
func (c logCurve) plain() curve { return curve{math.Exp(c[0]), math.Exp(c[1]), math.Exp(c[2])} }

// fit is the result with its residuals.
func (c logCurve) fit(sizes, throughput []float64) LogUSL {
	p := c.plain()
	return LogUSL{Alpha: p[0], Beta: p[1], Gamma: p[2], RMSE: math.Sqrt(c.rss(sizes, throughput) / float64(len(sizes)))}
}

// rss is the sum of squared residuals of ln X.
func (c logCurve) rss(sizes, throughput []float64) float64 {
	p := c.plain()
	var s float64
	for i, k := range sizes {
		r := math.Log(throughput[i] / p.at(k))
		s += float64(r * r)
	}
	return s
}

// refine walks down from c with damped Gauss-Newton steps until none leads down
// any more, or by too little to matter.
func (c logCurve) refine(sizes, throughput []float64) logCurve {
	rss, damping := c.rss(sizes, throughput), 1e-3
	for range 200 {
		normal, downhill := c.normalEquations(sizes, throughput)
		free := c.free(normal, downhill)
		for i := range normal {
			normal[i][i] *= 1 + damping
		}
		step, ok := c.step(normal, downhill, free)
		next := c.moved(step)
		s := next.rss(sizes, throughput)
		if !ok || !(s < rss) {
			if damping *= 10; damping > 1e12 {
				return c
			}
			continue
		}
		settled := rss-s <= 1e-13*rss
		c, rss, damping = next, s, max(damping/10, 1e-12)
		if settled {
			return c
		}
	}
	return c
}

// free says which coefficients may move: not those at their bound that would
// leave it, and not those so small that nothing depends on them.
func (c logCurve) free(normal mat3, downhill vec3) [3]bool {
	free := [3]bool{2: true}
	for i := range 2 {
		free[i] = normal[i][i] > 1e-30 && !(c[i] >= 0 && downhill[i] > 0) && !(c[i] <= leastLog && downhill[i] < 0)
	}
	return free
}

// step solves for the step of those that are free. One of more than a few powers of
// e is the slope of a plain, and is cut; then the others are solved for anew, as what
// suits them where it was to end may lead up from where it does.
func (c logCurve) step(normal mat3, downhill vec3, free [3]bool) (step vec3, ok bool) {
	const longest = 5
	for range c {
		rest, ok := normal.solve(downhill, free)
		if !ok {
			return vec3{}, false
		}
		cut := false
		for i := range rest {
			if !free[i] {
				continue
			}
			step[i] = min(max(rest[i], -longest), longest)
			if step[i] != rest[i] {
				free[i], cut = false, true
				for j := range downhill {
					downhill[j] -= float64(normal[j][i] * step[i])
				}
			}
		}
		if !cut {
			break
		}
	}
	return step, true
}

// moved adds a step, no further than to the bounds.
func (c logCurve) moved(step vec3) logCurve {
	for i := range c {
		c[i] += step[i]
	}
	c[0], c[1] = min(max(c[0], leastLog), 0), min(max(c[1], leastLog), 0)
	return c
}

// normalEquations are J'J and J'r, J the derivatives of ln X by ln a, ln b and
// ln g, with D the load:
//
//	-a(K-1)/D   -bK(K-1)/D   1
func (c logCurve) normalEquations(sizes, throughput []float64) (normal mat3, downhill vec3) {
	p := c.plain()
	for at, k := range sizes {
		load := p.load(k)
		row := vec3{-p[0] * (k - 1) / load, -p[1] * k * (k - 1) / load, 1}
		r := math.Log(throughput[at] / p.at(k))
		for i := range row {
			downhill[i] += float64(row[i] * r)
			for j := range row {
				normal[i][j] += float64(row[i] * row[j])
			}
		}
	}
	return normal, downhill
}
