package stats

import (
	"math"
	"testing"
)

func checkSignedRankK(t *testing.T, c goldenCase) {
	var in struct {
		N    int
		Conf float64
	}
	var want struct {
		K        int
		Achieved float64
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	k, achieved := SignedRankK(in.N, in.Conf)
	if k != want.K {
		t.Errorf("k = %d, want %d", k, want.K)
	}
	near(t, "achieved", achieved, want.Achieved, 1e-10)
}

func checkSignedRank(t *testing.T, c goldenCase) {
	var in struct {
		D    []float64
		Conf float64
	}
	var want struct {
		N           int      `json:"n_used"`
		W           float64  `json:"W_plus"`
		P           float64  `json:"p_exact"`
		PContinuity float64  `json:"p_normal_continuity"`
		PNormal     float64  `json:"p_normal_no_continuity"`
		HL          *float64 `json:"hodges_lehmann"`
		CI          *struct {
			ends
			K          int
			Achieved   float64
			Attainable bool
		}
		Speedup *struct {
			ends
			Estimate float64
		}
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	s := signedRanks(in.D)
	if s.n != want.N || s.plus != want.W {
		t.Errorf("n = %d, W = %v, want %d, %v", s.n, s.plus, want.N, want.W)
	}
	near(t, "p", must(SignedRank(in.D))(t), want.P, 1e-9)
	if s.n > 0 {
		near(t, "p normal, continuity", s.normalP(0.5), want.PContinuity, 1e-9)
		near(t, "p normal", s.normalP(0), want.PNormal, 1e-9)
	}
	shift := must(HodgesLehmann(in.D, in.Conf))(t)
	if want.HL == nil {
		if shift.Interval.Level != 0 {
			t.Errorf("interval %+v, want none", shift.Interval)
		}
		return
	}
	near(t, "estimate", shift.Estimate, *want.HL, 1e-9)
	nearInterval(t, "interval", shift.Interval, want.CI.ends, 1e-9)
	near(t, "achieved", shift.Interval.Level, want.CI.Achieved, 1e-10)
	if k, _ := SignedRankK(len(in.D), in.Conf); k != want.CI.K {
		t.Errorf("k = %d, want %d", k, want.CI.K)
	}
	if (shift.Interval.Level >= in.Conf) != want.CI.Attainable {
		t.Errorf("achieved %v, attainable should be %v", shift.Interval.Level, want.CI.Attainable)
	}
	near(t, "speed-up", math.Exp(shift.Estimate), want.Speedup.Estimate, 1e-9)
	nearInterval(t, "speed-up", shift.Interval.Exp(), want.Speedup.ends, 1e-9)
}
