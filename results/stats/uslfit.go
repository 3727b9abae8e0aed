package stats

import "math"

// A vec3 holds something for each of the coefficients a, b and g.
type vec3 [3]float64

// A curve is the coefficients a, b, g of the universal scalability law.
type curve vec3

// at is gK / (1 + a(K-1) + bK(K-1)).
func (c curve) at(k float64) float64 { return c[2] * k / c.load(k) }

// load is the denominator, by which the law falls behind gK.
func (c curve) load(k float64) float64 {
	return 1 + float64(c[0]*(k-1)) + float64(c[1]*k*(k-1))
}

// rss is the sum of squared residuals.
func (c curve) rss(sizes, throughput []float64) float64 {
	var s float64
	for i, k := range sizes {
		r := throughput[i] - c.at(k)
		s += float64(r * r)
	}
	return s
}

// bestCurve fits from several starting points, the first of which is the usual
// one, and keeps the curve with the smallest residuals.
func bestCurve(sizes, throughput []float64) curve {
	starts := startingCurves(sizes, throughput)
	best, least := starts[0], math.Inf(1)
	for _, start := range starts {
		c := start.refine(sizes, throughput)
		if s := c.rss(sizes, throughput); s < least {
			best, least = c, s
		}
	}
	return best
}

// startingCurves are where a fit begins, the usual one first.
func startingCurves(sizes, throughput []float64) []curve {
	var g float64
	for i, k := range sizes {
		g = max(g, throughput[i]/k)
	}
	return []curve{{0.01, 1e-4, g}, {0.1, 1e-3, g}, {0.5, 0.01, g}, {1e-6, 1e-9, g}}
}

// refine walks down from c with damped Gauss-Newton steps. A coefficient that
// stands at its bound and would leave it is held for that step.
func (c curve) refine(sizes, throughput []float64) curve {
	rss, damping := c.rss(sizes, throughput), 1e-3
	// Damping turns the step from Gauss-Newton towards steepest descent and makes
	// it shorter, until one leads down; where none does, this is the bottom.
	for range 500 {
		normal, downhill := c.normalEquations(sizes, throughput)
		free := c.free(downhill)
		for i := range normal {
			normal[i][i] *= 1 + damping
		}
		step, ok := normal.solve(downhill, free)
		next := c.moved(step)
		s := next.rss(sizes, throughput)
		if !ok || !(s < rss) {
			if damping *= 10; damping > 1e12 {
				return c
			}
			continue
		}
		c, rss, damping = next, s, max(damping/10, 1e-12)
	}
	return c
}

// free says which coefficients may move along downhill without leaving 0..1.
func (c curve) free(downhill vec3) [3]bool {
	free := [3]bool{2: true}
	for i := range 2 {
		free[i] = !(c[i] <= 0 && downhill[i] < 0) && !(c[i] >= 1 && downhill[i] > 0)
	}
	return free
}

// moved adds a step and brings the result back within the bounds.
func (c curve) moved(step vec3) curve {
	for i := range c {
		c[i] += step[i]
	}
	c[0], c[1] = min(max(c[0], 0), 1), min(max(c[1], 0), 1)
	c[2] = max(c[2], 1e-300)
	return c
}

// normalEquations are J'J and J'r, J the derivatives of the law by a, b and g:
//
//	dX/da = -gK(K-1)/D^2   dX/db = -gK^2(K-1)/D^2   dX/dg = K/D
//
// with D the load and r the residuals. J'r points downhill.
func (c curve) normalEquations(sizes, throughput []float64) (normal mat3, downhill vec3) {
	for at, k := range sizes {
		load := c.load(k)
		slope := -c[2] * k * (k - 1) / (load * load)
		row := vec3{slope, slope * k, k / load}
		r := throughput[at] - c.at(k)
		for i := range row {
			downhill[i] += float64(row[i] * r)
			for j := range row {
				normal[i][j] += float64(row[i] * row[j])
			}
		}
	}
	return normal, downhill
}

// A mat3 is a symmetric matrix with positive diagonal.
type mat3 [3]vec3

// solve finds x with m x = b over the free coordinates, the others 0, by
// Gaussian elimination after scaling the diagonal to 1: a, b and g differ by
// many orders of magnitude. ok is false where m is singular.
func (m mat3) solve(b vec3, free [3]bool) (x vec3, ok bool) {
	for i := range m {
		if free[i] {
			continue
		}
		// A coordinate that is held has an equation of its own, x = 0.
		for j := range m {
			m[i][j], m[j][i] = 0, 0
		}
		m[i][i], b[i] = 1, 0
	}
	var scale vec3
	for i := range m {
		scale[i] = math.Sqrt(m[i][i])
	}
	for i := range m {
		b[i] /= scale[i]
		for j := range m {
			m[i][j] /= scale[i] * scale[j]
		}
	}
	if !m.eliminate(&b) {
		return vec3{}, false
	}
	for i := range b {
		x[i] = b[i] / scale[i]
	}
	return x, true
}

// eliminate turns b into the solution in place. A positive definite matrix with
// unit diagonal needs no pivoting.
func (m mat3) eliminate(b *vec3) bool {
	for i := range m {
		if !(m[i][i] > 1e-14) {
			return false
		}
		for j := i + 1; j < 3; j++ {
			f := m[j][i] / m[i][i]
			for k := i; k < 3; k++ {
				m[j][k] -= float64(f * m[i][k])
			}
			b[j] -= float64(f * b[i])
		}
	}
	for i := 2; i >= 0; i-- {
		for k := i + 1; k < 3; k++ {
			b[i] -= float64(m[i][k] * b[k])
		}
		b[i] /= m[i][i]
	}
	return true
}
