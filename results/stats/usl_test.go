package stats

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// uslCoefficients are three numbers under the names of the file.
type uslCoefficients struct{ Alpha, Beta, Gamma float64 }

func (u uslCoefficients) list() [3]float64 { return [3]float64{u.Alpha, u.Beta, u.Gamma} }

// checkUSL wants residuals no larger than those of the reference, so that a
// coefficient within its tolerance is not enough.
func checkUSL(t *testing.T, c goldenCase) {
	var in struct{ Concurrency, Throughput []float64 }
	var want struct {
		uslCoefficients
		SE         uslCoefficients
		Sigma, RSS float64
		DF         float64
		Wald95     struct{ Lo, Hi uslCoefficients }
		NPeak      *float64 `json:"n_peak"`
		XPeak      *float64 `json:"x_peak"`
		Published  string
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	u := must(FitUSL(in.Concurrency, in.Throughput, 0.95))(t)
	got := []Coefficient{u.Alpha, u.Beta, u.Gamma}
	for i, g := range got {
		near(t, "coefficient", g.Value, want.list()[i], 1e-4)
		near(t, "standard error", g.SE, want.SE.list()[i], 1e-3)
		near(t, "lo", g.Interval.Lo, want.Wald95.Lo.list()[i], 1e-3)
		near(t, "hi", g.Interval.Hi, want.Wald95.Hi.list()[i], 1e-3)
	}
	near(t, "sigma", u.Sigma, want.Sigma, 1e-4)
	near(t, "rss", u.RSS, want.RSS, 1e-6)
	if u.RSS > want.RSS*(1+1e-8) || float64(u.DF) != want.DF {
		t.Errorf("rss %.12g with %d degrees, want at most %.12g with %v", u.RSS, u.DF, want.RSS, want.DF)
	}
	k, x, ok := u.Peak()
	if ok != (want.NPeak != nil) {
		t.Fatalf("peak %v %v %v, want %v", k, x, ok, want.NPeak)
	}
	if ok {
		near(t, "peak", k, *want.NPeak, 1e-4)
		near(t, "throughput at the peak", x, *want.XPeak, 1e-4)
	}
}

// Throughput that follows the law exactly gives back its coefficients.
func TestFitUSLRecoversALaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		truth := curve{
			rapid.Float64Range(0.001, 0.5).Draw(t, "a"),
			rapid.Float64Range(1e-5, 0.01).Draw(t, "b"),
			math.Exp(rapid.Float64Range(-5, 8).Draw(t, "ln g")),
		}
		sizes := []float64{1, 2, 4, 8, 16, 32, 64, 128}
		x := mapped(sizes, truth.at)
		u, err := FitUSL(sizes, x, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		alike(t, "a", u.Alpha.Value, truth[0], 1e-5)
		alike(t, "b", u.Beta.Value, truth[1], 1e-5)
		alike(t, "g", u.Gamma.Value, truth[2], 1e-5)
		if k, _, ok := u.Peak(); !ok || math.Abs(k/math.Sqrt((1-truth[0])/truth[1])-1) > 1e-4 {
			t.Fatalf("peak at %v of %+v", k, u)
		}
	})
}

// No point of a grid around the fit, within the bounds, leaves smaller residuals.
func TestFitUSLIsAMinimum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := []float64{1, 2, 4, 8, 16, 32, 64}
		noise := rapid.SliceOfN(rapid.Float64Range(0.7, 1.3), len(sizes), len(sizes)).Draw(t, "noise")
		truth := curve{rapid.Float64Range(0, 0.3).Draw(t, "a"), rapid.Float64Range(0, 0.003).Draw(t, "b"), 100}
		x := make([]float64, len(sizes))
		for i, k := range sizes {
			x[i] = truth.at(k) * noise[i]
		}
		u, err := FitUSL(sizes, x, 0.95)
		if errors.Is(err, ErrNoFit) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		best := curve{u.Alpha.Value, u.Beta.Value, u.Gamma.Value}
		for _, da := range []float64{-0.01, -1e-4, 0, 1e-4, 0.01} {
			for _, db := range []float64{-1e-4, -1e-6, 0, 1e-6, 1e-4} {
				for _, fg := range []float64{0.99, 0.9999, 1, 1.0001, 1.01} {
					other := curve{min(max(best[0]+da, 0), 1), min(max(best[1]+db, 0), 1), best[2] * fg}
					if s := other.rss(sizes, x); s < u.RSS*(1-1e-7) {
						t.Fatalf("%v leaves %v, the fit %v leaves %v", other, s, best, u.RSS)
					}
				}
			}
		}
	})
}

// A straight line has no crosstalk and so no peak.
func TestFitUSLOfALineHasNoPeak(t *testing.T) {
	u := must(FitUSL([]float64{1, 2, 3, 4, 5, 6}, []float64{10, 20.1, 29.9, 40, 50.1, 59.9}, 0.95))(t)
	if k, x, ok := u.Peak(); ok {
		t.Errorf("peak at %v, %v", k, x)
	}
	near(t, "throughput of 6", u.At(6), 60, 0.01)
}
