package stats

import (
	"math"
	"math/bits"
	"testing"

	"pgregory.net/rapid"
)

// checkMannWhitney compares what a case has: exact p-values without and with
// ties, and the normal ones with and without continuity correction.
func checkMannWhitney(t *testing.T, c goldenCase) {
	var in struct{ X, Y []float64 }
	var want struct {
		U           *float64
		P           *float64
		PTies       *float64 `json:"p_exact_conditional_on_ties"`
		PContinuity *float64 `json:"p_normal_continuity"`
		PNormal     *float64 `json:"p_normal_no_continuity"`
		Delta       *float64 `json:"cliffs_delta"`
		A12         *float64
		PExact      *float64 `json:"p_exact"`
		Note        string
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	got, s := must(MannWhitney(in.X, in.Y))(t), poolRanks(in.X, in.Y)
	compared := 0
	for _, v := range []struct {
		what string
		got  float64
		want *float64
	}{
		{"U", got.U, want.U},
		{"p", got.P, want.P},
		{"p exact", got.P, want.PExact},
		{"p exact with ties", got.P, want.PTies},
		{"p normal, continuity", s.normalP(0.5), want.PContinuity},
		{"p normal", s.normalP(0), want.PNormal},
		{"delta", got.Delta, want.Delta},
		{"a12", got.A12, want.A12},
	} {
		if v.want != nil {
			near(t, v.what, v.got, *v.want, 1e-9)
			compared++
		}
	}
	if compared == 0 {
		t.Error("nothing was compared")
	}
}

// The oracle draws m of the n values in all ways and counts the rank sums that
// lie as far from their mean, ties included.
func TestMannWhitneyAgreesWithCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := times(t, "x", 1, 6), times(t, "y", 1, 6)
		got, err := MannWhitney(x, y)
		if err != nil {
			t.Fatal(err)
		}
		s := poolRanks(x, y)
		middle := float64(s.m*(s.n+1)) / 2
		beyond, all := 0, 0
		for subset := range uint(1) << s.n {
			if bits.OnesCount(subset) != s.m {
				continue
			}
			r := 0.0
			for i, rank := range s.ranks {
				r += rank * float64(subset>>i&1)
			}
			all++
			if math.Abs(r-middle) >= math.Abs(s.sum-middle) {
				beyond++
			}
		}
		alike(t, "p", got.P, float64(beyond)/float64(all), 1e-13)
	})
}

// U counts pairs; exchanging the samples gives the rest of them, the same p and
// the opposite delta. Failed trials are the largest values.
func TestMannWhitneyCountsPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := times(t, "x", 1, 20), times(t, "y", 1, 20)
		if rapid.Bool().Draw(t, "one fails") {
			x[0] = math.Inf(1)
		}
		u := 0.0
		for _, a := range x {
			for _, b := range y {
				if a > b {
					u++
				}
				if a == b {
					u += 0.5
				}
			}
		}
		a, err1 := MannWhitney(x, y)
		b, err2 := MannWhitney(y, x)
		if err1 != nil || err2 != nil || a.U != u || a.U+b.U != float64(len(x)*len(y)) {
			t.Fatalf("U %v and %v, want %v", a.U, b.U, u)
		}
		alike(t, "p", a.P, b.P, 1e-12)
		if math.Abs(a.Delta+b.Delta) > 1e-12 || math.Abs(a.A12+b.A12-1) > 1e-12 {
			t.Fatalf("%+v and %+v", a, b)
		}
	})
}

// Above 100 values the normal approximation takes over without a jump.
func TestMannWhitneyMethodsMeet(t *testing.T) {
	x, y := make([]float64, 50), make([]float64, 51)
	for i := range y {
		y[i] = float64((i*31)%51) + 0.5
	}
	for i := range x {
		x[i] = float64((i*17)%50) * 0.8
	}
	large, s := must(MannWhitney(x, y))(t), poolRanks(x, y[:50])
	exact := must(MannWhitney(x, y[:50]))(t)
	if large.P != poolRanks(x, y).normalP(0.5) || exact.P == s.normalP(0.5) {
		t.Errorf("%v and %v", large.P, exact.P)
	}
	near(t, "p", exact.P, s.normalP(0.5), 0.02)
}
