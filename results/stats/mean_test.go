package stats

import "testing"

func checkMeanInterval(t *testing.T, c goldenCase) {
	var in struct {
		X    []float64 `json:"x_in_round_order"`
		Conf float64
	}
	var want struct {
		Mean      float64
		Student   ends
		Skewness  float64 `json:"skewness_G1"`
		Willink   ends
		Inflation float64
		Adjusted  struct {
			ends
			T float64
		} `json:"willink_adjusted"`
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	f, n := Inflation(in.X), float64(len(in.X))
	near(t, "mean", must(Mean(in.X))(t), want.Mean, 1e-12)
	nearInterval(t, "student", must(StudentInterval(in.X, in.Conf))(t), want.Student, 1e-8)
	if g := must(AdjustedSkewness(in.X))(t); g > 1e-12 || g < -1e-12 { // else noise around 0
		near(t, "skewness", g, want.Skewness, 1e-8)
	}
	near(t, "inflation", f, want.Inflation, 1e-9)
	near(t, "t", tQuantile((1+in.Conf)/2, max(max(n/f, 2)-1, 1)), want.Adjusted.T, 1e-8)
	nearInterval(t, "willink", must(willink(in.X, 1, in.Conf))(t), want.Willink, 1e-8)
	nearInterval(t, "adjusted", must(willink(in.X, f, in.Conf))(t), want.Adjusted.ends, 1e-8)

	shown := must(MeanInterval(in.X, in.Conf))(t)
	near(t, "clipped lo", shown.Lo, max(float64(want.Adjusted.Lo), 0), 1e-8)
	near(t, "hi", shown.Hi, float64(want.Adjusted.Hi), 1e-8)
}
