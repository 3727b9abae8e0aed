package stats

import "testing"

func checkQuantileRanks(t *testing.T, c goldenCase) {
	var in struct {
		N       int
		P, Conf float64
	}
	var want struct {
		Lower        int  `json:"lower_rank"`
		Upper        int  `json:"upper_rank"`
		LowerBounded bool `json:"lower_bounded"`
		UpperBounded bool `json:"upper_bounded"`
		Printable    bool
		Achieved     float64
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	r := must(RanksOfQuantile(in.N, in.P, in.Conf))(t)
	if r.Lower != want.Lower || r.Upper != want.Upper || r.Printable != want.Printable {
		t.Errorf("%+v, want %+v", r, want)
	}
	if (r.Lower >= 1) != want.LowerBounded || (r.Upper <= in.N) != want.UpperBounded {
		t.Errorf("%+v, want %+v", r, want)
	}
	near(t, "achieved", r.Level, want.Achieved, 1e-11)
	need := must(TrialsForQuantile(in.P, in.Conf))(t)
	if (in.N >= need) != want.Printable {
		t.Errorf("%d trials needed, but printable from %d is %v", need, in.N, want.Printable)
	}
}
