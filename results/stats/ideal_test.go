package stats

import "testing"

func checkIdealTime(t *testing.T, c goldenCase) {
	var in struct {
		Latencies   []float64
		Concurrency int
		Makespan    float64
	}
	var want struct {
		Error      bool
		Sum, Max   float64
		Lower      float64 `json:"lower_bound"`
		Upper      float64 `json:"graham_upper_bound"`
		Efficiency float64
		Speedup    float64 `json:"speedup_over_serial"`
		MaxSpeedup float64 `json:"max_speedup"`
		Stalled    bool
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	b, err := Makespan(in.Latencies, in.Concurrency)
	if want.Error {
		if err == nil {
			t.Errorf("%+v, want an error", b)
		}
		return
	}
	near(t, "sum", must(b, err)(t).Sum, want.Sum, 1e-12)
	near(t, "max", b.Max, want.Max, 1e-12)
	near(t, "lower", b.Lower, want.Lower, 1e-12)
	near(t, "upper", b.Upper, want.Upper, 1e-12)
	near(t, "packing", must(b.Packing(in.Makespan))(t), want.Efficiency, 1e-12)
	near(t, "speed-up", must(b.SpeedupOverSerial(in.Makespan))(t), want.Speedup, 1e-12)
	near(t, "most", b.MaxSpeedup, want.MaxSpeedup, 1e-12)
	if b.Stalled(in.Makespan) != want.Stalled {
		t.Errorf("stalled is %v", !want.Stalled)
	}
}
