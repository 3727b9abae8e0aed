package stats

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// checkQuantileRanks also holds the closed form of the smallest n against the
// file's word on what is printable.
func checkQuantileRanks(t *testing.T, c goldenCase) {
	var in struct {
		N       int
		P, Conf float64
	}
	var want struct {
		Lower        int  `json:"lower_rank"`
		Upper        int  `json:"upper_rank"`
		LowerBounded bool `json:"lower_bounded"`
		UpperBounded bool `json:"upper_bounded"`
		Printable    bool
		Achieved     float64
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	r := must(RanksOfQuantile(in.N, in.P, in.Conf))(t)
	if r.Lower != want.Lower || r.Upper != want.Upper || r.Printable != want.Printable {
		t.Errorf("%+v, want %+v", r, want)
	}
	if (r.Lower >= 1) != want.LowerBounded || (r.Upper <= in.N) != want.UpperBounded {
		t.Errorf("%+v, want %+v", r, want)
	}
	near(t, "achieved", r.Level, want.Achieved, 1e-11)
	need := must(TrialsForQuantile(in.P, in.Conf))(t)
	if (in.N >= need) != want.Printable {
		t.Errorf("%d trials needed, but printable from %d is %v", need, in.N, want.Printable)
	}
}

// cdfByFractions is P(X <= k) for X binomial(n, tenths/10), without rounding.
func cdfByFractions(k, n int, tenths int64) float64 {
	p, q, total := big.NewRat(tenths, 10), big.NewRat(10-tenths, 10), new(big.Rat)
	for i := 0; i <= k; i++ {
		term := new(big.Rat).SetInt(new(big.Int).Binomial(int64(n), int64(i)))
		for range i {
			term.Mul(term, p)
		}
		for range n - i {
			term.Mul(term, q)
		}
		total.Add(total, term)
	}
	f, _ := total.Float64()
	return f
}

// Ranks found one by one with fractions are those found by bisection.
func TestRanksOfQuantileAgreeWithFractions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "n")
		tenths := rapid.Int64Range(1, 9).Draw(t, "tenths")
		level := rapid.SampledFrom([]float64{0.81, 0.95, 0.99}).Draw(t, "level")
		tail := (1 - level) / 2
		lower, upper := 0, n+1
		for l := 1; l <= n && cdfByFractions(l-1, n, tenths) <= tail; l++ {
			lower = l
		}
		for u := n; u >= 1 && cdfByFractions(u-1, n, tenths) >= 1-tail; u-- {
			upper = u
		}
		r, err := RanksOfQuantile(n, float64(tenths)/10, level)
		if err != nil || r.Lower != lower || r.Upper != upper {
			t.Fatalf("%+v, %v, want %d and %d", r, err, lower, upper)
		}
		if r.Printable != (lower >= 1 && upper <= n) {
			t.Fatalf("%+v is printable", r)
		}
		want := cdfByFractions(upper-1, n, tenths) - cdfByFractions(lower-1, n, tenths)
		alike(t, "level", r.Level, want, 1e-11)
	})
}

// The published minima, and that they are the smallest that do.
func TestTrialsForQuantile(t *testing.T) {
	for p, want := range map[float64]int{0.1: 36, 0.5: 6, 0.75: 13, 0.9: 36, 0.95: 72, 0.99: 368, 0.999: 3688} {
		n := must(TrialsForQuantile(p, 0.95))(t)
		at, below := must(RanksOfQuantile(n, p, 0.95))(t), must(RanksOfQuantile(n-1, p, 0.95))(t)
		if n != want || !at.Printable || below.Printable {
			t.Errorf("p %v: %d trials, want %d; printable there %v, before %v", p, n, want, at.Printable, below.Printable)
		}
	}
}

// The interval for a quantile contains it; for the median it is that of the
// ranks of the median.
func TestQuantileIntervalContains(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := times(t, "x", 6, 60)
		p := rapid.SampledFrom([]float64{0.5, 0.75, 0.9}).Draw(t, "p")
		iv, err := QuantileInterval(x, p, 0.95)
		need, _ := TrialsForQuantile(p, 0.95)
		if (err == nil) != (len(x) >= need) {
			t.Fatalf("%d values, %d needed, %v", len(x), need, err)
		}
		if q, _ := Quantile(x, p); err == nil && iv.Excludes(q) {
			t.Fatalf("%v not in %+v", q, iv)
		}
	})
}
