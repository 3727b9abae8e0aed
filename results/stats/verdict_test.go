package stats

import (
	"math"
	"testing"
)

func checkVerdict(t *testing.T, c goldenCase) {
	var in struct {
		D            []float64
		Delta, Alpha float64
	}
	type level struct {
		ends
		Achieved float64
	}
	var want struct {
		P       float64 `json:"p_exact"`
		HL      float64
		CI95    level
		CI90    level
		Limit   float64
		Verdict Verdict
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	p := must(SignedRank(in.D))(t)
	at95, at90 := must(HodgesLehmann(in.D, 0.95))(t), must(HodgesLehmann(in.D, 0.90))(t)
	near(t, "p", p, want.P, 1e-9)
	near(t, "estimate", at95.Estimate, want.HL, 1e-9)
	nearInterval(t, "95 %", at95.Interval, want.CI95.ends, 1e-9)
	nearInterval(t, "90 %", at90.Interval, want.CI90.ends, 1e-9)
	near(t, "95 %", at95.Interval.Level, want.CI95.Achieved, 1e-9)
	near(t, "90 %", at90.Interval.Level, want.CI90.Achieved, 1e-9)
	near(t, "limit", math.Log1p(in.Delta), want.Limit, 1e-9)
	got := Judge(Evidence{
		Rounds: len(in.D), Equivalence: at90.Interval, P: p, Direction: at95.Estimate,
		Delta: in.Delta, Alpha: in.Alpha,
	})
	if got != want.Verdict {
		t.Errorf("verdict %q, want %q", got, want.Verdict)
	}
}
