package stats

import "testing"

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
