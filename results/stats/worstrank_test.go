package stats

import (
	"testing"
)

func checkWorstRank(t *testing.T, c goldenCase) {
	var in struct {
		Base, Cand []number
		Conf       float64
	}
	var want struct {
		Rounds, N     int
		Uninformative int     `json:"uninformative_rounds"`
		Faster        int     `json:"cand_faster_rounds"`
		P             float64 `json:"sign_p"`
		Speedup       float64 `json:"median_speedup"`
		CI            struct {
			ends
			Achieved   float64
			Attainable bool
		}
		BaseOK int `json:"base_ok"`
		CandOK int `json:"cand_ok"`
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	base, contender := floats(in.Base), floats(in.Cand)
	w := must(WorstRank(base, contender, in.Conf))(t)
	if w.Rounds != want.N || w.Uninformative != want.Uninformative || w.Rounds+w.Uninformative != want.Rounds || w.Faster != want.Faster {
		t.Errorf("%+v, want %+v", w, want)
	}
	near(t, "p", w.P, want.P, 1e-10)
	near(t, "speed-up", w.Speedup, want.Speedup, 1e-10)
	nearInterval(t, "interval", w.Interval, want.CI.ends, 1e-10)
	near(t, "achieved", w.Interval.Level, want.CI.Achieved, 1e-10)
	if (w.Interval.Level >= in.Conf) != want.CI.Attainable || !w.Reached {
		t.Errorf("%+v, attainable should be %v", w, want.CI.Attainable)
	}
	if len(Successes(base)) != want.BaseOK || len(Successes(contender)) != want.CandOK {
		t.Errorf("%d and %d succeeded, want %d and %d", len(Successes(base)), len(Successes(contender)), want.BaseOK, want.CandOK)
	}
}
