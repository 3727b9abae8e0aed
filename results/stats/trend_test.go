package stats

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

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

// checkDiagnostics wants all numbers of a case, or four errors where the file
// says that none of them exists.
func checkDiagnostics(t *testing.T, c goldenCase) {
	var in struct {
		X []float64 `json:"x_in_round_order"`
	}
	var want diagnosticsWant
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	if want.AllNull {
		for what, err := range map[string]error{
			"trend": second(MannKendall(in.X)), "dependence": second(Bartels(in.X)),
			"ljung-box": second(LjungBox(logs(in.X))), "slope": second(TheilSen(logs(in.X))),
		} {
			if err == nil {
				t.Errorf("%s exists", what)
			}
		}
		return
	}
	checkTrend(t, in.X, want)
	dependence := must(Bartels(in.X))(t)
	near(t, "rvn", dependence.RVN, want.Bartels.RVN, 1e-8)
	near(t, "bartels z", dependence.Z, want.Bartels.Z, 1e-8)
	near(t, "bartels p", dependence.P, want.Bartels.P, 1e-8)
	if want.LjungBox != nil {
		checkLjungBox(t, must(LjungBox(logs(in.X)))(t), want)
	}
}

// checkTrend compares S and its p-values, the exact one also where the rule
// would not use it.
func checkTrend(t *testing.T, x []float64, want diagnosticsWant) {
	t.Helper()
	trend := must(MannKendall(x))(t)
	if trend.S != want.MannKendall.S {
		t.Errorf("S = %d, want %d", trend.S, want.MannKendall.S)
	}
	near(t, "variance", trend.Variance, want.MannKendall.Var, 1e-8)
	near(t, "z", trend.Z, want.MannKendall.Z, 1e-8)
	near(t, "p normal", trend.PNormal, want.MannKendall.P, 1e-8)
	if exact := want.MannKendall.PEx; exact != nil {
		near(t, "p exact", kendallP(len(x), trend.S), *exact, 1e-8)
		if len(x) <= exactKendall {
			near(t, "p", trend.P, *exact, 1e-8)
		}
	}
	if want.Slope != nil {
		near(t, "slope", must(TheilSen(logs(x)))(t), *want.Slope, 1e-8)
	}
}

// checkLjungBox compares the statistic and each autocorrelation in it.
func checkLjungBox(t *testing.T, box Portmanteau, want diagnosticsWant) {
	t.Helper()
	near(t, "Q", box.Q, want.LjungBox.Q, 1e-8)
	near(t, "p", box.P, want.LjungBox.P, 1e-8)
	if box.Lags != want.LjungBox.H || len(box.ACF) != box.Lags {
		t.Fatalf("%d lags, want %d", box.Lags, want.LjungBox.H)
	}
	for i, r := range box.ACF {
		near(t, "autocorrelation", r, want.LjungBox.ACF[i], 1e-8)
	}
}

// permutations calls f with every order of 1..n.
func permutations(n int, f func([]float64)) {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i + 1)
	}
	var place func(k int)
	place = func(k int) {
		if k == n {
			f(x)
			return
		}
		for i := k; i < n; i++ {
			x[k], x[i] = x[i], x[k]
			place(k + 1)
			x[k], x[i] = x[i], x[k]
		}
	}
	place(0)
}

// Over all orders of 7 values, the exact p-value is the share of orders with an
// |S| at least as large, and the variance that of S.
func TestMannKendallAgreesWithAllOrders(t *testing.T) {
	var all []Trend
	permutations(7, func(x []float64) { all = append(all, must(MannKendall(x))(t)) })
	var square float64
	for _, a := range all {
		square += float64(a.S * a.S)
	}
	near(t, "variance", all[0].Variance, square/float64(len(all)), 1e-12)
	for _, a := range all[:200] {
		count := 0
		for _, b := range all {
			if max(b.S, -b.S) >= max(a.S, -a.S) {
				count++
			}
		}
		near(t, "p", a.P, float64(count)/float64(len(all)), 1e-12)
	}
}

// Running backwards turns S and the slope round and keeps p; the scale of the
// times does not matter to the test.
func TestTrendBackwards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := times(t, "x", 3, 60)
		y := mapped(x, math.Log)
		slices.Reverse(y)
		a, err1 := MannKendall(x)
		b, err2 := MannKendall(y)
		if (err1 == nil) != (err2 == nil) || a.S != -b.S || a.P != b.P || a.P > 1 {
			t.Fatalf("%+v, %v and %+v, %v", a, err1, b, err2)
		}
		slope, _ := TheilSen(x)
		slices.Reverse(x)
		back, _ := TheilSen(x)
		alike(t, "slope", slope, -back, 1e-12)
	})
}

// On a line with one wild value the median slope is that of the line.
func TestTheilSenOfALine(t *testing.T) {
	x := []float64{1, 1.5, 2, 2.5, 1000, 3.5, 4, 4.5}
	near(t, "slope", must(TheilSen(x))(t), 0.5, 1e-12)
}

// The exact p-value is used up to 50 values without ties, and only there.
func TestMannKendallMethod(t *testing.T) {
	x := make([]float64, 51)
	for i := range x {
		x[i] = float64((i*37)%51) + 0.5
	}
	exact, approximate := must(MannKendall(x[:50]))(t), must(MannKendall(x))(t)
	if exact.P == exact.PNormal || approximate.P != approximate.PNormal {
		t.Errorf("%+v and %+v", exact, approximate)
	}
	near(t, "p where the methods meet", exact.P, exact.PNormal, 0.02)
	x[0] = x[1]
	if tied := must(MannKendall(x[:50]))(t); tied.P != tied.PNormal {
		t.Errorf("with a tie: %+v", tied)
	}
}
