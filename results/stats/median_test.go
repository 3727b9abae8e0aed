package stats

import (
	"testing"
)

func checkMedianRanks(t *testing.T, c goldenCase) {
	var in struct {
		N    int
		Conf float64
	}
	var want struct {
		D          int
		Lower      int `json:"lower_rank"`
		Upper      int `json:"upper_rank"`
		Achieved   float64
		Attainable bool
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	d, achieved := MedianRanks(in.N, in.Conf)
	if d != want.D || d != want.Lower || in.N+1-d != want.Upper {
		t.Errorf("ranks %d and %d, want %d and %d", d, in.N+1-d, want.Lower, want.Upper)
	}
	near(t, "achieved", achieved, want.Achieved, 1e-12)
	if (achieved >= in.Conf) != want.Attainable {
		t.Errorf("achieved %v of %v, attainable should be %v", achieved, in.Conf, want.Attainable)
	}
}

// orderWant is an expected interval from order statistics.
type orderWant struct {
	ends
	D          int
	Achieved   float64
	AchievedID float64 `json:"achieved_iid"`
	Attainable bool
}

func checkMedianInterval(t *testing.T, c goldenCase) {
	var in struct {
		X    []float64 `json:"x_in_round_order"`
		Conf float64
	}
	var want struct {
		Median     float64
		IID        orderWant
		RankLag1   float64 `json:"rank_lag1"`
		Inflation  float64
		NEffective float64 `json:"n_effective"`
		RaisedConf float64 `json:"raised_conf"`
		Adjusted   orderWant
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	near(t, "median", must(Median(in.X))(t), want.Median, 1e-12)
	f, n := Inflation(in.X), len(in.X)
	r1, _ := rankLag1(in.X)
	near(t, "lag 1", r1, want.RankLag1, 1e-9)
	near(t, "inflation", f, want.Inflation, 1e-9)
	near(t, "effective n", float64(n)/f, want.NEffective, 1e-9)
	near(t, "raised level", 1-2*inflatedTail(in.Conf, f), want.RaisedConf, 1e-9)

	d, achieved := MedianRanks(n, in.Conf)
	iid := must(orderInterval(in.X, d, achieved))(t)
	nearInterval(t, "without inflation", iid, want.IID.ends, 0)
	near(t, "achieved", achieved, want.IID.Achieved, 1e-12)
	if (achieved >= in.Conf) != want.IID.Attainable {
		t.Errorf("achieved %v, attainable should be %v", achieved, want.IID.Attainable)
	}

	iv := must(MedianInterval(in.X, in.Conf))(t)
	d, _ = medianRanksTail(n, inflatedTail(in.Conf, f))
	if d != want.Adjusted.D {
		t.Errorf("d = %d, want %d", d, want.Adjusted.D)
	}
	nearInterval(t, "interval", iv, want.Adjusted.ends, 0)
	near(t, "level", iv.Level, want.Adjusted.AchievedID, 1e-12)
	if (iv.Level >= want.RaisedConf) != want.Adjusted.Attainable {
		t.Errorf("level %v of %v, attainable should be %v", iv.Level, want.RaisedConf, want.Adjusted.Attainable)
	}
}
