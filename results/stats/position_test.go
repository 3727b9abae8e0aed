package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// checkPosition compares the effect as logarithm and as ratio.
func checkPosition(t *testing.T, c goldenCase) {
	var in struct {
		D         []float64
		BaseFirst []bool `json:"base_ran_first"`
	}
	var want struct {
		Log   float64 `json:"effect_log"`
		Ratio float64 `json:"effect_ratio"`
		P     float64
		ends
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	p := must(PositionEffect(in.D, in.BaseFirst, 0.95))(t)
	near(t, "log", math.Log(p.Ratio), want.Log, 1e-9)
	near(t, "ratio", p.Ratio, want.Ratio, 1e-9)
	near(t, "p", p.P, want.P, 1e-9)
	nearInterval(t, "interval", p.Interval, want.ends, 1e-9)
}

// By hand: rounds with the baseline first have d = 1 and 3, the others -1 and 1.
// Means 2 and 0, both variances 2, so the standard error is sqrt(2/2 + 2/2) and
// df = 2; the effect is exp((2-0)/2) and t = 2/sqrt(2), of which the tail is
// (1 - t/sqrt(2+t^2))/2 = (1 - 1/sqrt(2))/2.
func TestPositionEffectByHand(t *testing.T) {
	p := must(PositionEffect([]float64{1, -1, 3, 1}, []bool{true, false, true, false}, 0.95))(t)
	near(t, "ratio", p.Ratio, math.E, 1e-14)
	near(t, "p", p.P, 1-math.Sqrt2/2, 1e-12)
	near(t, "hi", p.Interval.Hi, math.Exp(1+tQuantile(0.975, 2)*math.Sqrt2/2), 1e-12)
}

// Calling the other contender the baseline inverts the order and d, and the
// effect of running first is the same; a difference is significant just when
// the interval excludes 1.
func TestPositionEffectDoesNotDependOnNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := effects(t, 4, 20)
		first := rapid.SliceOfN(rapid.Bool(), len(d), len(d)).Draw(t, "base first")
		not := make([]bool, len(d))
		for i, b := range first {
			not[i] = !b
		}
		a, err1 := PositionEffect(d, first, 0.95)
		b, err2 := PositionEffect(mapped(d, func(v float64) float64 { return -v }), not, 0.95)
		if (err1 == nil) != (err2 == nil) {
			t.Fatal(err1, err2)
		}
		if err1 != nil {
			return
		}
		alike(t, "ratio", a.Ratio, b.Ratio, 1e-12)
		if math.Abs(a.P-0.05) > 1e-6 && (a.P < 0.05) != a.Interval.Excludes(1) {
			t.Fatalf("%+v", a)
		}
	})
}
