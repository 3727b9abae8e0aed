package stats

import (
	"math"
	"testing"
)

func checkPosition(t *testing.T, c goldenCase) {
	var in struct {
		D         []float64
		BaseFirst []bool `json:"base_ran_first"`
	}
	var want struct {
		Log   float64 `json:"effect_log"`
		Ratio float64 `json:"effect_ratio"`
		P     float64
		ends
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	p := must(PositionEffect(in.D, in.BaseFirst, 0.95))(t)
	near(t, "log", math.Log(p.Ratio), want.Log, 1e-9)
	near(t, "ratio", p.Ratio, want.Ratio, 1e-9)
	near(t, "p", p.P, want.P, 1e-9)
	nearInterval(t, "interval", p.Interval, want.ends, 1e-9)
}
