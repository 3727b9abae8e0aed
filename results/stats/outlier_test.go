package stats

import (
	"slices"
	"testing"
)

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
