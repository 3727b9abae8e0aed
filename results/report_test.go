package results_test

import (
	"math"
	"slices"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// The tolerance that golden/report.json states.
const reportTolerance = 1e-7

// A report is one case of golden/report.json, in its words: strategies are our
// contenders, the candidate is the contender.
type report struct {
	Input struct {
		Baseline string
		Times    map[string][]word `json:"times_in_round_order"`
	}
	Expect struct {
		Strategies  map[string]strategy
		Comparisons []comparison
	}
}

// A strategy is what is expected of one contender.
type strategy struct {
	Trials, OK int
	Success    ends     `json:"success_wilson"`
	Mean       *float64 `json:"mean_of_successes"`
	Median     *float64
	MedianCI   inflated  `json:"median_ci"`
	MeanCI     *inflated `json:"mean_ci"`
}

// An inflated interval says how much dependence has widened it.
type inflated struct {
	ends
	Inflation float64
}

// A comparison is what is expected of one.
type comparison struct {
	Candidate       string
	Rounds          int `json:"informative_rounds"`
	FasterIn        int `json:"faster_in_rounds"`
	Method, Verdict string
	chances
	estimate
	ratios
	Success struct {
		Diff float64
		ends
	} `json:"success_difference"`
}

// The chances are the p-values of a comparison.
type chances struct {
	P                *float64
	PHolm            *float64 `json:"p_holm"`
	SerialDependence *float64 `json:"serial_dependence_p"`
}

// An estimate is the speed-up with its interval.
type estimate struct {
	Speedup     float64
	EstimateLog float64 `json:"estimate_log"`
	CI          ends
}

// The ratios are the other estimates of the same.
type ratios struct {
	RatioOfMeans *struct {
		Ratio float64
		ends
	} `json:"ratio_of_means"`
	RatioOfMedians *float64 `json:"ratio_of_medians"`
}

// TestReportAgreesWithGolden takes golden/report.json from end to end: times
// become a journal, the journal is read and judged, and every number and every
// verdict is what other programs say.
func TestReportAgreesWithGolden(t *testing.T) {
	for name, c := range golden[report](t, "report.json", 2) {
		t.Run(name, func(t *testing.T) {
			run, err := results.Open(journal(t, c.run()))
			must(t, err)
			j := results.Judge(run)
			equal(t, "contenders", len(j.Contenders), len(c.Expect.Strategies))
			for i := range j.Contenders {
				got := &j.Contenders[i]
				want := c.Expect.Strategies[got.Name]
				want.check(t, got, floats(c.Input.Times[got.Name]))
			}
			equal(t, "comparisons", len(j.Comparisons), len(c.Expect.Comparisons))
			for i := range j.Comparisons {
				c.Expect.Comparisons[i].check(t, &j.Comparisons[i])
				c.Expect.Comparisons[i].checkStats(t, floats(c.Input.Times[c.Input.Baseline]), floats(c.Input.Times[j.Comparisons[i].Contender]))
			}
		})
	}
}

// run has the baseline first.
func (c *report) run() *results.Run {
	names := []string{c.Input.Baseline}
	for _, comparison := range c.Expect.Comparisons {
		names = append(names, comparison.Candidate)
	}
	var times [][]float64
	for _, name := range names {
		times = append(times, floats(c.Input.Times[name]))
	}
	return timed(names, times...)
}

func (want *strategy) check(t *testing.T, got *results.Contender, times []float64) {
	t.Helper()
	equal(t, "trials", [2]int{got.Trials, got.OK}, [2]int{want.Trials, want.OK})
	want.Success.check(t, "success", &got.Success.Lo, &got.Success.Hi, reportTolerance)
	within(t, "mean", got.Mean, want.Mean, reportTolerance)
	within(t, "median", got.Median, want.Median, reportTolerance)
	want.MedianCI.check(t, "median", &got.MedianCI.Lo, got.MedianCI.Hi, reportTolerance)
	inflation(t, times, want.MedianCI.Inflation)
	equal(t, "has an interval of the mean", got.MeanCI != nil, want.MeanCI != nil)
	if want.MeanCI != nil {
		want.MeanCI.check(t, "mean", &got.MeanCI.Lo, got.MeanCI.Hi, reportTolerance)
	}
	ok := stats.Successes(times)
	equal(t, "extremes", [2]float64{*got.Min, *got.Max}, [2]float64{slices.Min(ok), slices.Max(ok)})
}

func (want *comparison) check(t *testing.T, got *results.Comparison) {
	t.Helper()
	equal(t, "contender", got.Contender, want.Candidate)
	equal(t, "verdict", got.Verdict, want.Verdict)
	equal(t, "rounds", [2]int{got.Rounds, got.FasterIn}, [2]int{want.Rounds, want.FasterIn})
	equal(t, "method", got.SpeedUp.Method, want.Method)
	within(t, "p", got.P, want.P, reportTolerance)
	within(t, "p by Holm", got.PHolm, want.PHolm, reportTolerance)
	within(t, "speed-up", &got.SpeedUp.Estimate, &want.Speedup, reportTolerance)
	near(t, "log of the speed-up", &want.EstimateLog, math.Log(want.Speedup))
	want.CI.check(t, "speed-up", got.SpeedUp.Lo, got.SpeedUp.Hi, reportTolerance)
	within(t, "level", &got.SpeedUp.Level, &want.CI.Achieved, reportTolerance)
	want.Success.check(t, "difference of success rates", &got.SuccessDifference.Lo, &got.SuccessDifference.Hi, reportTolerance)
	within(t, "ratio of medians", &got.RatioOfMedians.Estimate, want.RatioOfMedians, reportTolerance)
	equal(t, "has a ratio of means", got.RatioOfMeans != nil, want.RatioOfMeans != nil)
	if want.RatioOfMeans != nil {
		within(t, "ratio of means", &got.RatioOfMeans.Estimate, &want.RatioOfMeans.Ratio, reportTolerance)
		want.RatioOfMeans.check(t, "ratio of means", got.RatioOfMeans.Lo, got.RatioOfMeans.Hi, reportTolerance)
	}
}

// checkStats is about what the verdict rests on and no field shows.
func (want *comparison) checkStats(t *testing.T, base, contender []float64) {
	t.Helper()
	iv, err := stats.Newcombe(len(stats.Successes(base)), len(base), len(stats.Successes(contender)), len(contender), 0.95)
	must(t, err)
	want.Success.check(t, "difference of success rates", &iv.Lo, &iv.Hi, reportTolerance)
	d, err := stats.LogRatios(base, contender)
	must(t, err)
	if want.SerialDependence != nil {
		dependence, err := stats.Bartels(d)
		must(t, err)
		within(t, "dependence", &dependence.P, want.SerialDependence, reportTolerance)
	}
}
