package stats

import (
	"testing"
)

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
