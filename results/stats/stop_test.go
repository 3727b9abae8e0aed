package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// checkStop plays a run round by round and wants the same looks, with the same
// widths, and the same end.
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

// The looks are where the rule says, and the run ends at the limit at the latest.
func TestStopRuleLooksAndEnds(t *testing.T) {
	rule := DefaultStop(0.05)
	var looks []int
	for n := 1; n <= 30; n++ {
		if rule.IsLook(n) {
			looks = append(looks, n)
		}
	}
	if len(looks) != 5 || looks[0] != 10 || looks[4] != 30 {
		t.Errorf("looks %v", looks)
	}
	if early := (StopRule{Min: 2, Step: 1, Max: 50}); early.IsLook(9) || !early.IsLook(10) {
		t.Error("a first look before 10 rounds")
	}
	precise, wide := Look{Precise: true}, Look{}
	for _, c := range []struct {
		n      int
		looks  []Look
		reason StopReason
	}{
		{15, []Look{precise, precise}, PrecisionReached},
		{15, []Look{precise, wide}, ""},
		{16, []Look{precise}, ""}, // not a look
		{15, nil, ""},
		{100, []Look{wide}, MaximumRounds},
		{100, []Look{precise}, PrecisionReached},
		{100, nil, MaximumRounds},
	} {
		if reason, done := rule.Done(c.n, c.looks); reason != c.reason || done != (c.reason != "") {
			t.Errorf("%d rounds, %+v: %q, want %q", c.n, c.looks, reason, c.reason)
		}
	}
}

// The rule sees the width only: moving or turning the effect changes nothing.
func TestStopRuleIgnoresTheEffect(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := effects(t, 10, 40)
		rule := DefaultStop(rapid.Float64Range(0.01, 1).Draw(t, "target"))
		a, err1 := rule.Look(d)
		b, err2 := rule.Look(mapped(d, func(v float64) float64 { return 8 - v }))
		if err1 != nil || err2 != nil || math.Abs(a.HalfWidth-b.HalfWidth) > 1e-12 || a.K != b.K {
			t.Fatalf("%+v, %v and %+v, %v", a, err1, b, err2)
		}
		if a.Precise != (a.HalfWidth <= math.Log1p(rule.Target)) {
			t.Fatalf("%+v of %v", a, rule.Target)
		}
	})
}

// Stopping on width at 96 % leaves at least 94 % at the round where a run
// happened to stop: 1000 runs, standard error 0.65 points.
func TestStopRuleKeepsCoverage(t *testing.T) {
	random := rand.New(rand.NewPCG(15, 16))
	covered, runs := 0, 1000
	for range runs {
		rule, d := DefaultStop(0.2), []float64{}
		for {
			d = append(d, 0.4*random.NormFloat64())
			if !rule.IsLook(len(d)) {
				continue
			}
			l := must(rule.Look(d))(t)
			if _, done := rule.Done(len(d), []Look{l}); done {
				if !l.Shift.Interval.Excludes(0) {
					covered++
				}
				break
			}
		}
	}
	if share := float64(covered) / float64(runs); share < 0.935 {
		t.Errorf("covers %.3f", share)
	}
}
