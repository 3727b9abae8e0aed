package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// checkSpeedupDependence also holds the estimate and its interval against the
// file, which shows that the warning leaves them alone.
func checkSpeedupDependence(t *testing.T, c goldenCase) {
	var in struct {
		D    []float64 `json:"d_in_round_order"`
		Conf float64
	}
	var want struct {
		RVN      float64 `json:"bartels_rvn"`
		Z        float64 `json:"bartels_z"`
		P        float64 `json:"bartels_p"`
		S        int     `json:"mann_kendall_S"`
		PTrend   float64 `json:"mann_kendall_p"`
		shiftLog         // embedded, to keep to the budget of fields
		Warn     bool    `json:"warn_effect_not_constant"`
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	b := must(Bartels(in.D))(t)
	near(t, "rvn", b.RVN, want.RVN, 1e-8)
	near(t, "z", b.Z, want.Z, 1e-8)
	near(t, "p", b.P, want.P, 1e-8)
	trend := must(MannKendall(in.D))(t)
	if trend.S != want.S {
		t.Errorf("S = %d, want %d", trend.S, want.S)
	}
	near(t, "trend p", trend.P, want.PTrend, 1e-8)
	shift := must(HodgesLehmann(in.D, in.Conf))(t)
	if k, _ := SignedRankK(len(in.D), in.Conf); k != want.K {
		t.Errorf("k = %d, want %d", k, want.K)
	}
	near(t, "achieved", shift.Interval.Level, want.Achieved, 1e-8)
	near(t, "estimate", shift.Estimate, want.Estimate, 1e-8)
	nearInterval(t, "interval", shift.Interval, ends{number(want.Lo), number(want.Hi)}, 1e-8)
	if warn := must(EffectChanges(in.D))(t); warn != want.Warn {
		t.Errorf("effect changes is %v, want %v", warn, want.Warn)
	}
}

// shiftLog is an expected Shift, as logarithms.
type shiftLog struct {
	K        int
	Achieved float64
	Estimate float64 `json:"estimate_log"`
	Lo       float64 `json:"lo_log"`
	Hi       float64 `json:"hi_log"`
}

// Over all orders of 6 values, RVN has the mean and the variance that the test
// takes for granted.
func TestBartelsMomentsAgreeWithAllOrders(t *testing.T) {
	var first, second, n float64
	permutations(6, func(x []float64) {
		rvn := must(Bartels(x))(t).RVN
		first, second, n = first+rvn, second+rvn*rvn, n+1
	})
	m := first / n
	variance := second/n - m*m
	near(t, "mean", m, 2, 1e-12)
	b := must(Bartels([]float64{1, 2, 3, 4, 5, 6}))(t)
	near(t, "sd", (b.RVN-2)/b.Z, math.Sqrt(variance), 1e-9)
}

// A trend is full of dependence; swinging from one end to the other is its
// opposite.
func TestBartelsKnowsTrendsAndAlternations(t *testing.T) {
	rising, alternating := make([]float64, 20), make([]float64, 20)
	for i := range rising {
		rising[i], alternating[i] = float64(i+1), float64((1-i%2*2)*(20-i))
	}
	if p := must(Bartels(rising))(t).P; p > 1e-4 {
		t.Errorf("trend: p = %v", p)
	}
	if p := must(Bartels(alternating))(t).P; p < 0.999 {
		t.Errorf("alternation: p = %v", p)
	}
}

// The test sees ranks only: a change of unit or of shape does not matter.
func TestBartelsIsOfRanks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := times(t, "x", 3, 30)
		a, err1 := Bartels(x)
		b, err2 := Bartels(mapped(x, math.Sqrt))
		if (err1 == nil) != (err2 == nil) || a != b {
			t.Fatalf("%+v and %+v", a, b)
		}
	})
}

// Under independence 5 % of samples of 20 fall below p = 0.05: 2000 of them
// leave 4.9 % with a standard error of 0.5.
func TestBartelsKeepsItsSize(t *testing.T) {
	random := rand.New(rand.NewPCG(13, 14))
	rejected, runs := 0, 2000
	for range runs {
		if must(Bartels(lognormal(random, 20, 1)))(t).P < 0.05 {
			rejected++
		}
	}
	if share := float64(rejected) / float64(runs); share < 0.032 || share > 0.066 {
		t.Errorf("rejects %.3f", share)
	}
}

// By hand: 1, 2, 3, 4, 5 have deviations -2..2, sum of squares 10 and products
// of neighbours 2+0+0+2 = 4, so r = 0.4 and Q = 5*7*0.16/4 = 1.4.
func TestLjungBoxByHand(t *testing.T) {
	box := must(LjungBox([]float64{1, 2, 3, 4, 5}))(t)
	near(t, "Q", box.Q, 1.4, 1e-14)
	near(t, "r", box.ACF[0], 0.4, 1e-14)
	// P(chi-squared with 1 degree > 1.4) = 2 Phi(-sqrt(1.4)).
	near(t, "p", box.P, 2*normalCDF(-math.Sqrt(1.4)), 1e-12)
}

// A shift and a change of unit leave the autocorrelations as they are.
func TestLjungBoxIgnoresUnitAndOffset(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := times(t, "x", 3, 60)
		a, err1 := LjungBox(x)
		b, err2 := LjungBox(mapped(x, func(v float64) float64 { return 4*v + 1000 }))
		if err1 != nil || err2 != nil {
			return // all equal, or equal once 1000 has been added
		}
		if math.Abs(a.Q-b.Q) > 1e-6*(1+a.Q) || a.Lags != b.Lags {
			t.Fatalf("%+v and %+v", a, b)
		}
	})
}

// Fewer than 10 rounds, or ratios that are all equal, raise no warning.
func TestEffectChangesNeedsTenRounds(t *testing.T) {
	d := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	if !must(EffectChanges(d))(t) || must(EffectChanges(d[:9]))(t) || must(EffectChanges(make([]float64, 30)))(t) {
		t.Error("the warning does not follow its rule")
	}
}

// Either test alone is enough, from 0.01: among random walks of 12 rounds there
// are runs of which only one of them disapproves, and not by much.
func TestEffectChangesTakesEitherTest(t *testing.T) {
	random := rand.New(rand.NewPCG(19, 20))
	var onlyTrend, onlyBartels int
	for range 3000 {
		d, level := make([]float64, 12), 0.0
		for i := range d {
			level += random.NormFloat64()
			d[i] = level + 2*random.NormFloat64()
		}
		trend, bartels := must(MannKendall(d))(t).P, must(Bartels(d))(t).P
		changes := must(EffectChanges(d))(t)
		if changes != (trend < 0.01 || bartels < 0.01) {
			t.Fatalf("changes is %v with p = %v and %v", changes, trend, bartels)
		}
		onlyTrend += nearlyAlone(trend, bartels)
		onlyBartels += nearlyAlone(bartels, trend)
	}
	if onlyTrend == 0 || onlyBartels == 0 {
		t.Errorf("%d runs with a trend only, %d with dependence only", onlyTrend, onlyBartels)
	}
}

// nearlyAlone counts one where p falls just below 0.01 and the other does not.
func nearlyAlone(p, other float64) int {
	if p > 0.005 && p < 0.01 && other > 0.01 {
		return 1
	}
	return 0
}
