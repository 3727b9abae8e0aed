package stats

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// checkWilson wants the ends at 0 and 1 exactly, not nearly.
func checkWilson(t *testing.T, c goldenCase) {
	var in struct {
		K, N int
		Conf float64
	}
	var want struct{ P, Lo, Hi float64 }
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	iv := must(Wilson(in.K, in.N, in.Conf))(t)
	near(t, "rate", float64(in.K)/float64(in.N), want.P, 1e-10)
	if math.Abs(iv.Lo-want.Lo) > 1e-14 {
		near(t, "lo", iv.Lo, want.Lo, 1e-10)
	}
	near(t, "hi", iv.Hi, want.Hi, 1e-10)
	if (in.K == 0 && iv.Lo != 0) || (in.K == in.N && iv.Hi != 1) {
		t.Errorf("%+v, want the end at the edge exactly", iv)
	}
}

// checkRateDifference compares the interval of the difference and the exact test.
func checkRateDifference(t *testing.T, c goldenCase) {
	var in struct{ K1, N1, K2, N2 int }
	var want struct {
		Diff   float64
		Lo     float64 `json:"newcombe_lo"`
		Hi     float64 `json:"newcombe_hi"`
		Fisher float64 `json:"fisher_p"`
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	iv := must(Newcombe(in.K1, in.N1, in.K2, in.N2, 0.95))(t)
	near(t, "difference", float64(in.K1)/float64(in.N1)-float64(in.K2)/float64(in.N2), want.Diff, 1e-7)
	near(t, "lo", iv.Lo, want.Lo, 1e-7)
	near(t, "hi", iv.Hi, want.Hi, 1e-7)
	near(t, "fisher", must(Fisher(in.K1, in.N1, in.K2, in.N2))(t), want.Fisher, 1e-7)
}

// The ends of Wilson's interval are the rates p at which the observed one lies
// just z standard errors away: (k/n - p)^2 = z^2 p(1-p)/n.
func TestWilsonEndsSolveTheScoreEquation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "n")
		k := rapid.IntRange(0, n).Draw(t, "k")
		level := rapid.Float64Range(0.5, 0.999).Draw(t, "level")
		iv, err := Wilson(k, n, level)
		if err != nil {
			t.Fatal(err)
		}
		rate, z := float64(k)/float64(n), twoSidedZ(level)
		for _, p := range []float64{iv.Lo, iv.Hi} {
			away := (rate-p)*(rate-p) - z*z*p*(1-p)/float64(n)
			if math.Abs(away) > 1e-12 {
				t.Fatalf("%d of %d: %v leaves %v", k, n, p, away)
			}
		}
		// Failures instead of successes mirror it.
		other, _ := Wilson(n-k, n, level)
		alike(t, "mirrored", 1-other.Hi, iv.Lo, 1e-9)
		if iv.Excludes(rate) || iv.Lo < 0 || iv.Hi > 1 {
			t.Fatalf("%d of %d: %+v", k, n, iv)
		}
	})
}

// Exchanging the two turns the interval of the difference round, and it
// contains the difference.
func TestNewcombeIsAntisymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n1, n2 := rapid.IntRange(1, 60).Draw(t, "n1"), rapid.IntRange(1, 60).Draw(t, "n2")
		k1, k2 := rapid.IntRange(0, n1).Draw(t, "k1"), rapid.IntRange(0, n2).Draw(t, "k2")
		a, err1 := Newcombe(k1, n1, k2, n2, 0.95)
		b, err2 := Newcombe(k2, n2, k1, n1, 0.95)
		if err1 != nil || err2 != nil || math.Abs(a.Lo+b.Hi) > 1e-12 || math.Abs(a.Hi+b.Lo) > 1e-12 {
			t.Fatalf("%+v and %+v", a, b)
		}
		diff := float64(k1)/float64(n1) - float64(k2)/float64(n2)
		if a.Lo > diff+1e-12 || a.Hi < diff-1e-12 || a.Lo < -1-1e-12 || a.Hi > 1+1e-12 {
			t.Fatalf("difference %v in %+v", diff, a)
		}
	})
}

// The oracle counts tables with whole numbers of any size.
func TestFisherAgreesWithCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n1, n2 := rapid.IntRange(1, 25).Draw(t, "n1"), rapid.IntRange(1, 25).Draw(t, "n2")
		k1, k2 := rapid.IntRange(0, n1).Draw(t, "k1"), rapid.IntRange(0, n2).Draw(t, "k2")
		ways := func(i int) *big.Int {
			w := new(big.Int)
			if i < 0 || i > n1 || k1+k2-i < 0 || k1+k2-i > n2 {
				return w
			}
			return w.Mul(w.Binomial(int64(n1), int64(i)), new(big.Int).Binomial(int64(n2), int64(k1+k2-i)))
		}
		observed, likelier, all := ways(k1), new(big.Int), new(big.Int)
		for i := range n1 + 1 {
			w := ways(i)
			all.Add(all, w)
			if w.Cmp(observed) <= 0 {
				likelier.Add(likelier, w)
			}
		}
		want, _ := new(big.Rat).SetFrac(likelier, all).Float64()
		p, err := Fisher(k1, n1, k2, n2)
		if err != nil {
			t.Fatal(err)
		}
		alike(t, "p", p, want, 1e-9)
	})
}
