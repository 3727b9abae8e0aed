package stats

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// checkOutliers wants no z where the median deviation is 0.
func checkOutliers(t *testing.T, c goldenCase) {
	var in struct{ X []float64 }
	var want struct {
		Z       []float64 `json:"modified_z"`
		MAD     *float64
		Flagged []int
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	z, err := ModifiedZ(in.X)
	if (err == nil) != (want.Z != nil) || len(z) != len(want.Z) {
		t.Fatalf("%v, %v, want %v", z, err, want.Z)
	}
	for i := range z {
		near(t, "z", z[i], want.Z[i], 1e-10)
	}
	if want.MAD != nil {
		near(t, "mad", must(MADRaw(logs(in.X)))(t), *want.MAD, 0)
	}
	if got := must(Outliers(in.X))(t); !slices.Equal(got, want.Flagged) {
		t.Errorf("flagged %v, want %v", got, want.Flagged)
	}
}

// Failed trials are passed over without moving the indices, a trial a thousand
// times slower is named, and 9 trials name none.
func TestOutliersNameTheRound(t *testing.T) {
	x := []float64{1, 1.1, 0.9, math.Inf(1), 1.2, 0.8, 1.05, 0.95, 1.15, 1000, 0.85, 1.01}
	if got := must(Outliers(x))(t); !slices.Equal(got, []int{9}) {
		t.Errorf("%v, want round 9", got)
	}
	if got := must(Outliers(x[1:11]))(t); got != nil {
		t.Errorf("%v of 9 successes, want none", got)
	}
	if _, err := Outliers([]float64{1, 0, 1, 2, 3, 4, 5, 6, 7, 8}); err == nil {
		t.Error("a time of 0 has no logarithm")
	}
}

// A change of unit moves no flag, and half of the |z| is at most 0.6745, the
// quartile of the normal distribution, by the definition of the MAD.
func TestModifiedZIgnoresTheUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := times(t, "x", 3, 30)
		a, err1 := ModifiedZ(x)
		b, err2 := ModifiedZ(mapped(x, func(v float64) float64 { return 1000 * v }))
		if err1 != nil || err2 != nil {
			return // MAD 0, or a rounding away from it
		}
		small := 0
		for i, z := range a {
			if math.Abs(z) <= normalQuartile*(1+1e-9) {
				small++
			}
			if math.Abs(z-b[i]) > 1e-6*(1+math.Abs(z)) && math.Abs(z) < 1e6 {
				t.Fatalf("%v and %v", a, b)
			}
		}
		if 2*small < len(a) {
			t.Fatalf("%d of %d within the quartile", small, len(a))
		}
	})
}
