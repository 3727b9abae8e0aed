package stats

import (
	"math"
	"testing"
)

// reportIn is a run: the times of each contender, round by round.
type reportIn struct {
	Baseline     string
	Alpha, Delta float64
	Times        map[string][]number `json:"times_in_round_order"`
}

// contenderWant is what a report says about one contender alone.
type contenderWant struct {
	Trials, OK int
	Success    ends    `json:"success_wilson"`
	Mean       float64 `json:"mean_of_successes"`
	Median     float64
	MedianCI   struct {
		ends
		D         int
		Inflation float64
	} `json:"median_ci"`
	MeanCI *struct {
		ends
		Inflation float64
	} `json:"mean_ci"`
}

// comparisonWant is what it says about one contender and the baseline.
type comparisonWant struct {
	Candidate string
	roundsWant
	testWant
	ratiosWant
	Difference struct {
		ends
		Diff float64
	} `json:"success_difference"`
	Verdict Verdict
}

// roundsWant counts the rounds behind a comparison.
type roundsWant struct {
	Informative int `json:"informative_rounds"`
	Faster      int `json:"faster_in_rounds"`
	Method      string
}

// testWant has the p-values.
type testWant struct {
	P          float64
	PHolm      float64  `json:"p_holm"`
	PDependent *float64 `json:"serial_dependence_p"`
}

// ratiosWant has the three speed-ups.
type ratiosWant struct {
	Log float64 `json:"estimate_log"`
	CI  struct {
		ends
		Achieved float64
	}
	Speedup float64
	Means   *struct {
		ends
		Ratio float64
	} `json:"ratio_of_means"`
	Medians float64 `json:"ratio_of_medians"`
}

// checkReport puts the primitives together as a report does.
func checkReport(t *testing.T, c goldenCase) {
	var in reportIn
	var want struct {
		Strategies  map[string]contenderWant
		Comparisons []comparisonWant
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	for name, w := range want.Strategies {
		checkContender(t, floats(in.Times[name]), w)
	}
	base := floats(in.Times[in.Baseline])
	var ps []float64
	for _, w := range want.Comparisons {
		ps = append(ps, checkRatios(t, base, floats(in.Times[w.Candidate]), w))
	}
	holm := must(Holm(ps))(t)
	for i, w := range want.Comparisons {
		near(t, "p holm", holm[i], w.PHolm, 1e-7)
		if got := reportVerdict(t, in, base, floats(in.Times[w.Candidate]), holm[i]); got != w.Verdict {
			t.Errorf("%s: verdict %q, want %q", w.Candidate, got, w.Verdict)
		}
	}
}

// checkContender compares the numbers of one column of a report.
func checkContender(t *testing.T, times []float64, want contenderWant) {
	t.Helper()
	ok := Successes(times)
	if len(times) != want.Trials || len(ok) != want.OK {
		t.Errorf("%d of %d, want %d of %d", len(ok), len(times), want.OK, want.Trials)
	}
	nearInterval(t, "success", must(Wilson(len(ok), len(times), 0.95))(t), want.Success, 1e-7)
	near(t, "mean", must(Mean(ok))(t), want.Mean, 1e-7)
	near(t, "median", must(Median(times))(t), want.Median, 1e-7)
	nearInterval(t, "median", must(MedianInterval(times, 0.95))(t), want.MedianCI.ends, 1e-7)
	f := Inflation(times)
	near(t, "inflation", f, want.MedianCI.Inflation, 1e-7)
	if d, _ := medianRanksTail(len(times), inflatedTail(0.95, f)); d != want.MedianCI.D {
		t.Errorf("d = %d, want %d", d, want.MedianCI.D)
	}
	iv, err := MeanInterval(times, 0.95)
	if (err == nil) != (want.MeanCI != nil) {
		t.Errorf("mean interval %+v, %v, want %+v", iv, err, want.MeanCI)
	}
	if want.MeanCI != nil {
		nearInterval(t, "mean", iv, want.MeanCI.ends, 1e-7)
		near(t, "inflation", f, want.MeanCI.Inflation, 1e-7)
	}
}

// checkRatios returns the p-value of the comparison.
func checkRatios(t *testing.T, base, contender []float64, want comparisonWant) float64 {
	t.Helper()
	ratio, _, err := RatioOfMedians(base, contender, 0.95, 1)
	near(t, "ratio of medians", must(ratio, err)(t), want.Medians, 1e-7)
	d := must(LogRatios(base, contender))(t)
	if want.Method == "worst-rank median" {
		w := must(WorstRank(base, contender, 0.95))(t)
		if w.Rounds != want.Informative || w.Faster != want.Faster || len(d) == len(base) {
			t.Errorf("%+v, want %+v", w, want.roundsWant)
		}
		near(t, "p", w.P, want.P, 1e-7)
		near(t, "speed-up", w.Speedup, want.Speedup, 1e-7)
		near(t, "estimate", math.Log(w.Speedup), want.Log, 1e-7)
		nearInterval(t, "interval", w.Interval, want.CI.ends, 1e-7)
		near(t, "level", w.Interval.Level, want.CI.Achieved, 1e-7)
		if _, _, _, err := Fieller(base, contender, 0.95); err == nil || want.Means != nil {
			t.Error("ratio of averages of failed trials")
		}
		return w.P
	}
	shift := must(HodgesLehmann(d, 0.95))(t)
	near(t, "speed-up", math.Exp(shift.Estimate), want.Speedup, 1e-7)
	near(t, "estimate", shift.Estimate, want.Log, 1e-7)
	nearInterval(t, "interval", shift.Interval.Exp(), want.CI.ends, 1e-7)
	near(t, "level", shift.Interval.Level, want.CI.Achieved, 1e-7)
	near(t, "dependence", must(Bartels(d))(t).P, *want.PDependent, 1e-7)
	means, iv, bounded, err := Fieller(base, contender, 0.95)
	near(t, "ratio of averages", must(means, err)(t), want.Means.Ratio, 1e-7)
	nearInterval(t, "ratio of averages", iv, want.Means.ends, 1e-7)
	w := must(WorstRank(base, contender, 0.95))(t)
	if !bounded || len(d) != want.Informative || w.Faster != want.Faster {
		t.Errorf("bounded %v, %d of %d rounds, want %+v", bounded, w.Faster, len(d), want.roundsWant)
	}
	p := must(SignedRank(d))(t)
	near(t, "p", p, want.P, 1e-7)
	return p
}

// reportVerdict judges a pair with its adjusted p-value.
func reportVerdict(t *testing.T, in reportIn, base, contender []float64, p float64) Verdict {
	t.Helper()
	e := Evidence{P: p, Delta: in.Delta, Alpha: in.Alpha}
	ok1, ok2 := len(Successes(base)), len(Successes(contender))
	e.Success = must(Newcombe(ok1, len(base), ok2, len(contender), 0.95))(t)
	w := must(WorstRank(base, contender, 0.90))(t)
	e.Rounds, e.Direction, e.Equivalence = w.Rounds, float64(w.Faster-w.Slower), w.Interval.Log()
	if ok1 == len(base) && ok2 == len(contender) {
		shift := must(HodgesLehmann(must(LogRatios(base, contender))(t), 0.90))(t)
		e.Direction, e.Equivalence = shift.Estimate, shift.Interval
	}
	return Judge(e)
}
