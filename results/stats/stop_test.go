package stats

import "testing"

func checkStop(t *testing.T, c goldenCase) {
	var in struct {
		D      []float64
		Target float64
		Min    int     `json:"n_min"`
		Step   int     `json:"step"`
		Max    int     `json:"n_max"`
		Level  float64 `json:"nominal_conf"`
	}
	var want struct {
		Trace []struct {
			N, K int
			Half float64 `json:"half_width"`
		}
		Stop     int `json:"stop_n"`
		Reason   StopReason
		Estimate float64
		ends
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	rule := StopRule{Min: in.Min, Step: in.Step, Max: in.Max, Target: in.Target, Level: in.Level}
	looks := 0
	for n := 1; ; n++ {
		if !rule.IsLook(n) {
			continue
		}
		l := must(rule.Look(in.D[:n]))(t)
		if looks >= len(want.Trace) || l.Rounds != want.Trace[looks].N || l.K != want.Trace[looks].K {
			t.Fatalf("look %d: %+v, want %+v", looks, l, want.Trace)
		}
		near(t, "half width", l.HalfWidth, want.Trace[looks].Half, 1e-9)
		looks++
		reason, done := rule.Done(n, []Look{l})
		if !done {
			continue
		}
		if n != want.Stop || reason != want.Reason || looks != len(want.Trace) {
			t.Errorf("stopped after %d, %q, %d looks, want %d, %q", n, reason, looks, want.Stop, want.Reason)
		}
		iv := l.Shift.Interval.Exp()
		shift := Interval{Lo: l.Shift.Estimate, Hi: l.Shift.Estimate, Level: 1}.Exp()
		near(t, "estimate", shift.Lo, want.Estimate, 1e-9)
		nearInterval(t, "interval", iv, want.ends, 1e-9)
		return
	}
}
