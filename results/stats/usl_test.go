package stats

import "testing"

type uslCoefficients struct{ Alpha, Beta, Gamma float64 }

func (u uslCoefficients) list() [3]float64 { return [3]float64{u.Alpha, u.Beta, u.Gamma} }

func checkUSL(t *testing.T, c goldenCase) {
	var in struct{ Concurrency, Throughput []float64 }
	var want struct {
		uslCoefficients
		SE         uslCoefficients
		Sigma, RSS float64
		DF         float64
		Wald95     struct{ Lo, Hi uslCoefficients }
		NPeak      *float64 `json:"n_peak"`
		XPeak      *float64 `json:"x_peak"`
		Published  string
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	u := must(FitUSL(in.Concurrency, in.Throughput, 0.95))(t)
	got := []Coefficient{u.Alpha, u.Beta, u.Gamma}
	for i, g := range got {
		near(t, "coefficient", g.Value, want.list()[i], 1e-4)
		near(t, "standard error", g.SE, want.SE.list()[i], 1e-3)
		near(t, "lo", g.Interval.Lo, want.Wald95.Lo.list()[i], 1e-3)
		near(t, "hi", g.Interval.Hi, want.Wald95.Hi.list()[i], 1e-3)
	}
	near(t, "sigma", u.Sigma, want.Sigma, 1e-4)
	if u.RSS > want.RSS*(1+1e-8) || float64(u.DF) != want.DF {
		t.Errorf("rss %.12g with %d degrees, want at most %.12g with %v", u.RSS, u.DF, want.RSS, want.DF)
	}
	k, x, ok := u.Peak()
	if ok != (want.NPeak != nil) {
		t.Fatalf("peak %v %v %v, want %v", k, x, ok, want.NPeak)
	}
	if ok {
		near(t, "peak", k, *want.NPeak, 1e-4)
		near(t, "throughput at the peak", x, *want.XPeak, 1e-4)
	}
}
