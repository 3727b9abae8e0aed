package stats

import (
	"math"
	"testing"
)

// Exp and Log undo each other, keep Open, and give nothing where there is nothing.
func TestIntervalsOfLogsAndRatios(t *testing.T) {
	iv := Interval{Lo: -0.5, Hi: 1.5, Level: 0.95}
	back := iv.Exp().Log()
	near(t, "lo", back.Lo, iv.Lo, 1e-15)
	near(t, "hi", back.Hi, iv.Hi, 1e-15)
	if back.Level != 0.95 || back.Open {
		t.Errorf("%+v", back)
	}
	open := Interval{Lo: 2, Level: 0.9, Open: true}
	if log := open.Log(); !log.Open || log.Lo != math.Ln2 || log.Exp().Lo != 2 || !log.Exp().Open {
		t.Errorf("%+v", log)
	}
	if huge := (Interval{Lo: 1, Hi: 1e4, Level: 0.9}).Exp(); !huge.Open || huge.Hi != 0 {
		t.Errorf("beyond float64: %+v", huge)
	}
	for _, none := range []Interval{Interval{}.Exp(), Interval{}.Log(), Interval{Hi: 3, Level: 0.9}.Log()} {
		if none != (Interval{}) {
			t.Errorf("%+v, want none", none)
		}
	}
}

// Ends belong to the interval; an open one excludes nothing above it, an absent
// one nothing at all.
func TestIntervalExcludes(t *testing.T) {
	iv := Interval{Lo: 1, Hi: 2, Level: 0.95}
	for v, want := range map[float64]bool{0.999: true, 1: false, 1.5: false, 2: false, 2.001: true} {
		if iv.Excludes(v) != want {
			t.Errorf("excludes %v is %v", v, !want)
		}
	}
	open := Interval{Lo: 1, Level: 0.95, Open: true}
	if open.Excludes(1e9) || !open.Excludes(0.5) || (Interval{Lo: 1, Hi: 2}).Excludes(5) {
		t.Error("open or absent intervals exclude the wrong numbers")
	}
	if !iv.Inside(0.9, 2.1) || iv.Inside(1, 2.1) || iv.Inside(0.9, 2) || open.Inside(0, 9) {
		t.Error("inside is not strict")
	}
}
