package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// normalQuantile is the inverse of the normal distribution function. The
// inverse error function of the standard library loses digits in the far tail.
func normalQuantile(p float64) float64 { return distuv.UnitNormal.Quantile(p) }

// normalCDF is the normal distribution function; its lower tail keeps all digits.
func normalCDF(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }

// twoSidedZ is the normal quantile that leaves (1-level)/2 above it.
func twoSidedZ(level float64) float64 { return -normalQuantile((1 - level) / 2) }

// tQuantile is the quantile of Student's distribution with df degrees of
// freedom, which need not be whole.
func tQuantile(p, df float64) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile(p)
}

// tSurvival is the upper tail of Student's distribution.
func tSurvival(t, df float64) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Survival(t)
}

// chi2Survival is the upper tail of the chi-squared distribution.
func chi2Survival(x, df float64) float64 { return mathext.GammaIncRegComp(df/2, x/2) }

// binomCDF is P(X <= k) for X binomial(n, p), by the regularised incomplete
// beta function (NIST DLMF 8.17.5).
func binomCDF(k, n int, p float64) float64 {
	switch {
	case k < 0:
		return 0
	case k >= n:
		return 1
	}
	return mathext.RegIncBeta(float64(n-k), float64(k+1), 1-p)
}
