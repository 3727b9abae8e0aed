package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// checkFieller wants nothing at all where the interval is not bounded.
func checkFieller(t *testing.T, c goldenCase) {
	var in struct {
		Base, Cand []float64
		Conf       float64
	}
	var want struct {
		Ratio   float64 `json:"ratio_of_means"`
		Lo, Hi  *number
		Bounded bool
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	ratio, iv, bounded, err := Fieller(in.Base, in.Cand, in.Conf)
	if err != nil || bounded != want.Bounded {
		t.Fatalf("bounded %v, error %v, want %v", bounded, err, want.Bounded)
	}
	near(t, "ratio", ratio, want.Ratio, 1e-10)
	if !bounded {
		if iv != (Interval{}) || want.Lo != nil || want.Hi != nil {
			t.Errorf("unbounded with %+v", iv)
		}
		return
	}
	nearInterval(t, "interval", iv, ends{*want.Lo, *want.Hi}, 1e-10)
}

// An end r of Fieller's interval is a ratio at which the paired t-test of
// base - r contender is just significant: |mean| = t sd / sqrt(n).
func TestFiellerEndsAreJustSignificant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := times(t, "base", 2, 25)
		contender := rapid.SliceOfN(rapid.Float64Range(0.5, 2), len(base), len(base)).Draw(t, "contender")
		level := rapid.SampledFrom([]float64{0.5, 0.9, 0.95}).Draw(t, "level")
		ratio, iv, bounded, err := Fieller(base, contender, level)
		if err != nil {
			t.Fatal(err)
		}
		if !bounded {
			return
		}
		if iv.Lo > ratio*(1+1e-12) || iv.Hi < ratio*(1-1e-12) {
			t.Fatalf("ratio %v not in %+v", ratio, iv)
		}
		n := float64(len(base))
		for _, r := range []float64{iv.Lo, iv.Hi} {
			e := make([]float64, len(base))
			for i := range e {
				e[i] = base[i] - r*contender[i]
			}
			sd, err := SD(e)
			size := mean(base) + math.Abs(r)*mean(contender)
			if away := math.Abs(mean(e)) - tQuantile((1+level)/2, n-1)*sd/math.Sqrt(n); err != nil || math.Abs(away) > 1e-6*size {
				t.Fatalf("at %v the test is %v away", r, away)
			}
		}
	})
}

// Exchanging the two inverts the ratio and its interval.
func TestFiellerInverts(t *testing.T) {
	a, b := []float64{4, 5, 6, 5.5, 4.2}, []float64{1, 1.2, 1.4, 1.1, 0.9}
	r1, iv1, ok1, err1 := Fieller(a, b, 0.95)
	r2, iv2, ok2, err2 := Fieller(b, a, 0.95)
	if err1 != nil || err2 != nil || !ok1 || !ok2 {
		t.Fatal(ok1, err1, ok2, err2)
	}
	near(t, "ratio", 1/r2, r1, 1e-14)
	near(t, "lo", 1/iv2.Hi, iv1.Lo, 1e-12)
	near(t, "hi", 1/iv2.Lo, iv1.Hi, 1e-12)
}

// Rounds with a failure are left out, and extreme times still have a ratio.
func TestLogRatios(t *testing.T) {
	inf := math.Inf(1)
	d := must(LogRatios([]float64{2, inf, 3, 1e308}, []float64{1, 1, inf, 1e-308}))(t)
	if len(d) != 2 {
		t.Fatalf("%v, want two rounds", d)
	}
	near(t, "ln 2", d[0], math.Ln2, 1e-15)
	near(t, "616 decades", d[1], 616*math.Ln10, 1e-12)
}

// Swapping the sides of a comparison must not change its p-value, ties among the
// ratios included: ln(5/3) and ln(3/5) differ in the last digit when computed
// each by itself.
func TestLogRatiosAreAntisymmetric(t *testing.T) {
	var a, b []float64
	for i := 1; i <= 9; i++ {
		for k := 1; k <= 9; k++ {
			a, b = append(a, float64(i)), append(b, float64(k))
		}
	}
	forth, err1 := LogRatios(a, b)
	back, err2 := LogRatios(b, a)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	for i := range forth {
		if forth[i] != -back[i] {
			t.Errorf("ln(%v/%v) is %v and ln(%v/%v) %v", a[i], b[i], forth[i], b[i], a[i], back[i])
		}
	}
}
