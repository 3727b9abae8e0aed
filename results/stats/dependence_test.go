package stats

import "testing"

func checkSpeedupDependence(t *testing.T, c goldenCase) {
	var in struct {
		D    []float64 `json:"d_in_round_order"`
		Conf float64
	}
	var want struct {
		RVN      float64 `json:"bartels_rvn"`
		Z        float64 `json:"bartels_z"`
		P        float64 `json:"bartels_p"`
		S        int     `json:"mann_kendall_S"`
		PTrend   float64 `json:"mann_kendall_p"`
		shiftLog         // embedded, to keep to the budget of fields
		Warn     bool    `json:"warn_effect_not_constant"`
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	b := must(Bartels(in.D))(t)
	near(t, "rvn", b.RVN, want.RVN, 1e-8)
	near(t, "z", b.Z, want.Z, 1e-8)
	near(t, "p", b.P, want.P, 1e-8)
	trend := must(MannKendall(in.D))(t)
	if trend.S != want.S {
		t.Errorf("S = %d, want %d", trend.S, want.S)
	}
	near(t, "trend p", trend.P, want.PTrend, 1e-8)
	shift := must(HodgesLehmann(in.D, in.Conf))(t)
	if k, _ := SignedRankK(len(in.D), in.Conf); k != want.K {
		t.Errorf("k = %d, want %d", k, want.K)
	}
	near(t, "achieved", shift.Interval.Level, want.Achieved, 1e-8)
	near(t, "estimate", shift.Estimate, want.Estimate, 1e-8)
	nearInterval(t, "interval", shift.Interval, ends{number(want.Lo), number(want.Hi)}, 1e-8)
	if warn := must(EffectChanges(in.D))(t); warn != want.Warn {
		t.Errorf("effect changes is %v, want %v", warn, want.Warn)
	}
}

type shiftLog struct {
	K        int
	Achieved float64
	Estimate float64 `json:"estimate_log"`
	Lo       float64 `json:"lo_log"`
	Hi       float64 `json:"hi_log"`
}
