package results_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// lognormal draws n times around a median, with this spread of their logarithms.
func lognormal(draw *rand.Rand, n int, median, sigma float64) []float64 {
	times := make([]float64, n)
	for i := range times {
		times[i] = median * math.Exp(sigma*draw.NormFloat64())
	}
	return times
}

// TestFalseAlarmsAreRare: 500 runs of a contender against itself, 20 rounds each
// of independent lognormal times, about which there is nothing to say. Each bound
// is the size of the test behind a warning plus three standard deviations of a
// share of 500 (or of 1000, where each of the two contenders can raise it):
//
//	verdict       5 %           0.05 + 3 sqrt(.05 .95/500)   = 0.079
//	trend         1 %           0.01 + 3 sqrt(.01 .99/500)   = 0.023
//	effect        2 % (2 tests) 0.02 + 3 sqrt(.02 .98/500)   = 0.039
//	position      5 %                                        = 0.079
//	dependence    5 %           0.05 + 3 sqrt(.05 .95/1000)  = 0.071
//	outliers, first round, together 1.5 % at n = 20 by simulation, 0.0265
func TestFalseAlarmsAreRare(t *testing.T) {
	long(t)
	const runs = 500
	draw := rand.New(rand.NewPCG(20, 2))
	count := map[string]float64{}
	for range runs {
		run := timed([]string{"a", "b"}, lognormal(draw, 20, 1, 0.3), lognormal(draw, 20, 1, 0.3))
		for i := 0; i < len(run.Trials); i += 2 {
			first := draw.IntN(2)
			run.Trials[i].Position, run.Trials[i+1].Position = first, 1-first
		}
		run.Design.AA = true
		j := results.Judge(run)
		for _, w := range j.Warnings {
			count[w.Code]++
		}
		if v := stats.Verdict(j.Comparisons[0].Verdict); (v == stats.Faster || v == stats.Slower) != (alarms(j, results.WarnAA) > 0) {
			t.Fatalf("%s, and %d warnings", v, alarms(j, results.WarnAA))
		}
	}
	count["outliers and first round"] = (count[results.WarnOutliers] + count[results.WarnFirst]) / 2
	count["dependence of each"] = count[results.WarnDependence] / 2
	for _, bound := range []struct {
		code string
		most float64
	}{
		{results.WarnAA, 0.079},
		{results.WarnTrend, 0.023},
		{results.WarnEffect, 0.039},
		{results.WarnPosition, 0.079},
		{"dependence of each", 0.071},
		{"outliers and first round", 0.0265},
	} {
		share := count[bound.code] / runs
		t.Logf("%-26s %.3f (at most %.4f)", bound.code, share, bound.most)
		if share > bound.most {
			t.Errorf("%s in %.3f of clean runs, at most %.4f", bound.code, share, bound.most)
		}
		if share == 0 {
			t.Errorf("%s in none of %d runs: is it tried at all?", bound.code, runs)
		}
	}
}

// alarms counts the warnings of a code.
func alarms(j *results.Judgement, code string) (n int) {
	for _, w := range j.Warnings {
		if w.Code == code {
			n++
		}
	}
	return n
}

// TestRealTroubleIsSeen is the other side: of 200 runs whose second contender is
// 30 % faster four in five say so, under a drift that trebles all times and with
// whoever runs first being 30 % slower; and these two are seen in nine of ten.
func TestRealTroubleIsSeen(t *testing.T) {
	const runs = 200
	draw := rand.New(rand.NewPCG(20, 3))
	count := map[string]int{}
	for range runs {
		run := timed([]string{"a", "b"}, lognormal(draw, 20, 1.3, 0.15), lognormal(draw, 20, 1, 0.15))
		for i := 0; i < len(run.Trials); i += 2 {
			first := draw.IntN(2)
			run.Trials[i].Position, run.Trials[i+1].Position = first, 1-first
			for k := range 2 {
				t := &run.Trials[i+k]
				factor := math.Exp(math.Log(3) * float64(t.Round) / 19)
				if t.Position == 0 {
					factor *= 1.3
				}
				t.ElapsedNS = int64(float64(t.ElapsedNS) * factor)
			}
		}
		j := results.Judge(run)
		count[j.Comparisons[0].Verdict]++
		for _, code := range []string{results.WarnTrend, results.WarnPosition, results.WarnDependence} {
			count[code] += min(1, alarms(j, code))
		}
	}
	if n := count[string(stats.Faster)]; n < runs*4/5 {
		t.Errorf("faster in %d of %d runs", n, runs)
	}
	for _, code := range []string{results.WarnTrend, results.WarnPosition, results.WarnDependence} {
		if count[code] < runs*9/10 {
			t.Errorf("%s in %d of %d runs", code, count[code], runs)
		}
	}
	equal(t, "runs that say the opposite", count[string(stats.Slower)], 0)
}
