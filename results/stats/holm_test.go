package stats

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// checkHolm wants the adjusted values in the order of the input, none for none.
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

// Holm's procedure is the closure of Bonferroni's: the adjusted p of a test is
// the largest, over all sets of tests it belongs to, of the set's size times its
// smallest p. The oracle goes through all sets.
func TestHolmIsTheClosureOfBonferroni(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 7).Draw(t, "p")
		got, err := Holm(p)
		if err != nil {
			t.Fatal(err)
		}
		want := make([]float64, len(p))
		for set := 1; set < 1<<len(p); set++ {
			size, least := 0, 1.0
			for i, v := range p {
				if set>>i&1 == 1 {
					size, least = size+1, min(least, v)
				}
			}
			for i := range p {
				if set>>i&1 == 1 {
					want[i] = max(want[i], min(1, float64(size)*least))
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}
