package results_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// find is the first warning of a code about a contender, or about any where that
// is empty.
func find(run *results.Run, code, contender string) (results.Warning, bool) {
	for _, w := range results.Judge(run).Warnings {
		if w.Code == code && (contender == "" || w.Contender == contender) {
			return w, true
		}
	}
	return results.Warning{}, false
}

// exactly are trials of these times to the last digit, as an import has them.
func exactly(names []string, times ...[]float64) *results.Run {
	run := timed(names, times...)
	for i := range run.Trials {
		run.Trials[i].Exact = times[i%len(names)][i/len(names)]
	}
	return run
}

// inRatios are the trials of two contenders whose log ratios are d. The quicker
// of a round takes a second, so that ratios of one size are ties to the last digit.
func inRatios(d []float64) *results.Run {
	base, contender := make([]float64, len(d)), make([]float64, len(d))
	for i, v := range d {
		base[i], contender[i] = math.Exp(max(v, 0)), math.Exp(max(-v, 0))
	}
	return exactly([]string{"base", "cand"}, base, contender)
}

// A diagnostic is one case of golden/diagnostics.json.
type diagnostic struct {
	Input struct {
		X []float64 `json:"x_in_round_order"`
	}
	Expect struct {
		Slope       *float64 `json:"theil_sen_log_slope_per_round"`
		MannKendall *struct {
			P     float64
			Exact *float64 `json:"p_exact"`
		} `json:"mann_kendall"`
		Bartels *struct {
			P float64 `json:"p_positive_dependence"`
		}
	}
}

// drifts tells whether other programs see a trend, by the exact p-value where
// there is one for so few.
func (c *diagnostic) drifts() bool {
	mk := c.Expect.MannKendall
	switch {
	case mk == nil:
		return false
	case mk.Exact != nil && len(c.Input.X) <= 50:
		return *mk.Exact < 0.01
	}
	return mk.P < 0.01
}

// related tells whether they see dependence.
func (c *diagnostic) related() bool {
	return c.Expect.Bartels != nil && c.Expect.Bartels.P < 0.05 && len(c.Input.X) >= 10
}

// TestTrendAndDependenceAgreeWithGolden runs golden/diagnostics.json through
// Judge: the warnings come where the p-values of other programs say so.
func TestTrendAndDependenceAgreeWithGolden(t *testing.T) {
	trends, dependent := 0, 0
	for name, c := range golden[diagnostic](t, "diagnostics.json", 10) {
		run := exactly([]string{"a"}, c.Input.X)
		_, got := find(run, results.WarnDependence, "a")
		equal(t, name+": dependence", got, c.related())
		if got {
			dependent++
		}
		w, got := find(run, results.WarnTrend, "")
		equal(t, name+": trend", got, c.drifts())
		if !got || c.Expect.Slope == nil {
			continue
		}
		trends++
		// Times are taken to the logarithm, so the slope adds up to a factor.
		change := 100 * (math.Exp(*c.Expect.Slope*float64(len(c.Input.X)-1)) - 1)
		if want := fmt.Sprintf("became %.0f %% slower over the run", change); !strings.Contains(w.Text, want) {
			t.Errorf("%s: %q does not say %q", name, w.Text, want)
		}
	}
	if trends == 0 || dependent == 0 {
		t.Errorf("%d trends and %d dependences say little", trends, dependent)
	}
}

// TestChangingSpeedUpAgreesWithGolden runs golden/speedup_dependence.json.
func TestChangingSpeedUpAgreesWithGolden(t *testing.T) {
	type changing struct {
		Input struct {
			D []float64 `json:"d_in_round_order"`
		}
		Expect struct {
			Warn     bool    `json:"warn_effect_not_constant"`
			Estimate float64 `json:"estimate_log"`
			Lo       float64 `json:"lo_log"`
			Hi       float64 `json:"hi_log"`
		}
	}
	for name, c := range golden[changing](t, "speedup_dependence.json", 4) {
		run := inRatios(c.Input.D)
		_, got := find(run, results.WarnEffect, "cand")
		equal(t, name+": changes", got, c.Expect.Warn)
		// The warning leaves estimate and interval as they are.
		s := results.Judge(run).Comparisons[0].SpeedUp
		for what, pair := range map[string][2]float64{
			"estimate": {s.Estimate, c.Expect.Estimate}, "lower end": {*s.Lo, c.Expect.Lo}, "upper end": {*s.Hi, c.Expect.Hi},
		} {
			want := math.Exp(pair[1])
			within(t, name+": "+what, &pair[0], &want, 1e-8)
		}
	}
}

// TestPositionAgreesWithGolden runs golden/position_effect.json: whoever runs
// first is 30 and 25 % slower. In the near miss the same ratios are dealt to both
// orders in turn, largest first, so that the two means are nearly alike.
func TestPositionAgreesWithGolden(t *testing.T) {
	type position struct {
		Input struct {
			D     []float64
			First []bool `json:"base_ran_first"`
		}
		Expect struct {
			Ratio float64 `json:"effect_ratio"`
		}
	}
	for name, c := range golden[position](t, "position_effect.json", 2) {
		run := inRatios(c.Input.D)
		for round, first := range c.Input.First {
			if !first {
				run.Trials[2*round].Position, run.Trials[2*round+1].Position = 1, 0
			}
		}
		w, got := find(run, results.WarnPosition, "")
		equal(t, name+": warned", got, true)
		want := fmt.Sprintf("runs first in a round is %.0f %% slower", 100*(c.Expect.Ratio-1))
		if !strings.Contains(w.Text, want) {
			t.Errorf("%s: %q does not say %q", name, w.Text, want)
		}
		dealt := make([]bool, len(c.Input.D))
		for i, d := range c.Input.D {
			rank := 0
			for _, other := range c.Input.D {
				if other > d {
					rank++
				}
			}
			dealt[i] = rank%4 == 0 || rank%4 == 3
		}
		for round, first := range dealt {
			run.Trials[2*round].Position, run.Trials[2*round+1].Position = 0, 1
			if !first {
				run.Trials[2*round].Position, run.Trials[2*round+1].Position = 1, 0
			}
		}
		_, got = find(run, results.WarnPosition, "")
		equal(t, name+": warned of none", got, false)
	}
}

// TestOutliersAgreeWithGolden runs golden/outliers.json: the trials flagged there
// are named by their rounds, and from ten trials on only.
func TestOutliersAgreeWithGolden(t *testing.T) {
	type outliers struct {
		Input  struct{ X []float64 }
		Expect struct{ Flagged []int }
	}
	for name, c := range golden[outliers](t, "outliers.json", 5) {
		w, got := find(exactly([]string{"a"}, c.Input.X), results.WarnOutliers, "a")
		equal(t, name+": warned", got, len(c.Expect.Flagged) > 0 && len(c.Input.X) >= 10)
		for _, round := range c.Expect.Flagged {
			if got && !strings.Contains(w.Text, fmt.Sprintf("in round %d", round)) {
				t.Errorf("%s: %q does not name round %d", name, w.Text, round)
			}
		}
	}
}

// TestVerdictAgreesWithGolden runs golden/verdict.json through Compare.
func TestVerdictAgreesWithGolden(t *testing.T) {
	type verdict struct {
		Input struct {
			D            []float64
			Delta, Alpha float64
		}
		Expect struct {
			P       float64 `json:"p_exact"`
			HL      float64
			CI      ends `json:"ci95"`
			Verdict string
		}
	}
	for name, c := range golden[verdict](t, "verdict.json", 4) {
		run := inRatios(c.Input.D)
		run.Design.Delta, run.Design.Alpha = c.Input.Delta, c.Input.Alpha
		got := results.Compare(run, "base")[0]
		equal(t, name+": verdict", got.Verdict, c.Expect.Verdict)
		within(t, name+": p", got.P, &c.Expect.P, 1e-9)
		log := math.Log(got.SpeedUp.Estimate)
		if math.Abs(log-c.Expect.HL) > 1e-12 {
			t.Errorf("%s: estimate %v, want %v", name, log, c.Expect.HL)
		}
		lo, hi := math.Exp(float64(c.Expect.CI.Lo)), math.Exp(float64(*c.Expect.CI.Hi))
		within(t, name+": lower end", got.SpeedUp.Lo, &lo, 1e-9)
		within(t, name+": upper end", got.SpeedUp.Hi, &hi, 1e-9)
		equal(t, name+": says how many rounds it lacks", got.RoundsNeeded != nil, c.Expect.Verdict == "inconclusive")
		if got.RoundsNeeded != nil {
			// Half of the width is 0.275; 8 (0.275 / ln 1.05)^2 is 254.1.
			equal(t, name+": rounds needed", *got.RoundsNeeded, 255)
		}
	}
}
