package stats

import (
	"math"
	"testing"
)

// checkSpecial holds each function to the tolerance of the file, which is looser
// for far tails of the normal quantile and for the binomial.
func checkSpecial(t *testing.T, c goldenCase) {
	var in struct {
		F           string
		P, DF, Z, X float64
		K, N        int
	}
	var want float64
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	switch in.F {
	case "student_t_quantile":
		near(t, c.Name, tQuantile(in.P, in.DF), want, 1e-12)
	case "normal_quantile":
		tolerance := 1e-12
		if in.P < 1e-4 || in.P > 1-1e-4 {
			tolerance = 1e-8
		}
		near(t, c.Name, normalQuantile(in.P), want, tolerance)
	case "normal_cdf":
		near(t, c.Name, normalCDF(in.Z), want, 1e-12)
	case "chi2_sf":
		near(t, c.Name, chi2Survival(in.X, in.DF), want, 1e-12)
	case "binom_cdf":
		near(t, c.Name, binomCDF(in.K, in.N, in.P), want, 1e-10)
		if in.P == 0.5 {
			near(t, c.Name+" by terms", halfBinomCDF(in.K, in.N), want, 1e-12)
		}
	default:
		t.Errorf("function %q: not known", in.F)
	}
}

// The distribution function of a quantile gives back its probability.
func TestTQuantileInvertsItsDistribution(t *testing.T) {
	for _, df := range []float64{1, 1.5, 2, 5, 19, 1000} {
		for _, p := range []float64{0.6, 0.9, 0.975, 0.995, 0.9995} {
			if got := tSurvival(tQuantile(p, df), df); math.Abs(got-(1-p)) > 1e-12 {
				t.Errorf("df %v: tail beyond the quantile of %v is %v", df, p, got)
			}
		}
	}
}
