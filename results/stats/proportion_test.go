package stats

import (
	"math"
	"testing"
)

func checkWilson(t *testing.T, c goldenCase) {
	var in struct {
		K, N int
		Conf float64
	}
	var want struct{ P, Lo, Hi float64 }
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	iv := must(Wilson(in.K, in.N, in.Conf))(t)
	near(t, "rate", float64(in.K)/float64(in.N), want.P, 1e-10)
	if math.Abs(iv.Lo-want.Lo) > 1e-14 {
		near(t, "lo", iv.Lo, want.Lo, 1e-10)
	}
	near(t, "hi", iv.Hi, want.Hi, 1e-10)
	if (in.K == 0 && iv.Lo != 0) || (in.K == in.N && iv.Hi != 1) {
		t.Errorf("%+v, want the end at the edge exactly", iv)
	}
}

func checkRateDifference(t *testing.T, c goldenCase) {
	var in struct{ K1, N1, K2, N2 int }
	var want struct {
		Diff   float64
		Lo     float64 `json:"newcombe_lo"`
		Hi     float64 `json:"newcombe_hi"`
		Fisher float64 `json:"fisher_p"`
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	iv := must(Newcombe(in.K1, in.N1, in.K2, in.N2, 0.95))(t)
	near(t, "difference", float64(in.K1)/float64(in.N1)-float64(in.K2)/float64(in.N2), want.Diff, 1e-7)
	near(t, "lo", iv.Lo, want.Lo, 1e-7)
	near(t, "hi", iv.Hi, want.Hi, 1e-7)
	near(t, "fisher", must(Fisher(in.K1, in.N1, in.K2, in.N2))(t), want.Fisher, 1e-7)
}
