package stats

import (
	"testing"
)

func checkHolm(t *testing.T, c goldenCase) {
	var in struct{ P []float64 }
	var want struct{ Adjusted []float64 }
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	got := must(Holm(in.P))(t)
	if len(got) != len(want.Adjusted) {
		t.Fatalf("%v, want %v", got, want.Adjusted)
	}
	for i := range got {
		near(t, "p", got[i], want.Adjusted[i], 1e-12)
	}
}
