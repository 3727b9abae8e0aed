package stats

import "testing"

// diagnosticsWant mirrors diagnostics.json.
type diagnosticsWant struct {
	AllNull  bool `json:"all_null"`
	LjungBox *struct {
		H   int
		Q   float64
		P   float64
		ACF []float64
	} `json:"ljung_box"`
	Slope       *float64 `json:"theil_sen_log_slope_per_round"`
	MannKendall *struct {
		S    int
		Var  float64
		Z, P float64
		PEx  *float64 `json:"p_exact"`
	} `json:"mann_kendall"`
	Bartels *struct {
		RVN float64
		Z   float64
		P   float64 `json:"p_positive_dependence"`
	}
}

func checkDiagnostics(t *testing.T, c goldenCase) {
	var in struct {
		X []float64 `json:"x_in_round_order"`
	}
	var want diagnosticsWant
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	trend, trendErr := MannKendall(in.X)
	dependence, dependenceErr := Bartels(in.X)
	box, boxErr := LjungBox(logs(in.X))
	slope, slopeErr := TheilSen(logs(in.X))
	if want.AllNull {
		if trendErr == nil || dependenceErr == nil || boxErr == nil || slopeErr == nil {
			t.Errorf("%+v %+v %+v %v, want four errors", trend, dependence, box, slope)
		}
		return
	}
	if trend.S != want.MannKendall.S {
		t.Errorf("S = %d, want %d", trend.S, want.MannKendall.S)
	}
	near(t, "variance", must(trend, trendErr)(t).Variance, want.MannKendall.Var, 1e-8)
	near(t, "z", trend.Z, want.MannKendall.Z, 1e-8)
	near(t, "p normal", trend.PNormal, want.MannKendall.P, 1e-8)
	if exact := want.MannKendall.PEx; exact != nil {
		near(t, "p exact", kendallP(len(in.X), trend.S), *exact, 1e-8)
		if len(in.X) <= exactKendall {
			near(t, "p", trend.P, *exact, 1e-8)
		}
	}
	near(t, "rvn", must(dependence, dependenceErr)(t).RVN, want.Bartels.RVN, 1e-8)
	near(t, "bartels z", dependence.Z, want.Bartels.Z, 1e-8)
	near(t, "bartels p", dependence.P, want.Bartels.P, 1e-8)
	if want.Slope != nil {
		near(t, "slope", must(slope, slopeErr)(t), *want.Slope, 1e-8)
	}
	if want.LjungBox != nil {
		near(t, "Q", must(box, boxErr)(t).Q, want.LjungBox.Q, 1e-8)
		near(t, "p", box.P, want.LjungBox.P, 1e-8)
		if box.Lags != want.LjungBox.H || len(box.ACF) != box.Lags {
			t.Fatalf("%d lags, want %d", box.Lags, want.LjungBox.H)
		}
		for i, r := range box.ACF {
			near(t, "autocorrelation", r, want.LjungBox.ACF[i], 1e-8)
		}
	}
}
