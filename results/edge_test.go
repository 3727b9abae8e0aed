package results_test

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/fetchbench/fetchbench/results"
)

// TestR44FewRoundsSayWhatTheyCan: from the first round on there are means and
// medians, from the second their spread and an interval with the level that it
// achieves, 1-2/2^n, from the third an interval of the mean, from the sixth a
// verdict.
func TestR44FewRoundsSayWhatTheyCan(t *testing.T) {
	base, fast := []float64{4, 4.1, 4.2, 4.3, 4.4, 4.5}, []float64{1, 1.1, 1.2, 1.3, 1.4, 1.5}
	for n := range 7 {
		run := timed([]string{"a", "b"}, base[:n], fast[:n])
		j := results.Judge(run)
		c, got := j.Contenders[1], j.Comparisons[0]
		equal(t, "trials", c.Trials, n)
		present := []bool{c.Mean != nil, c.Median != nil, c.SD != nil, c.MedianCI != nil, c.MeanCI != nil, got.SpeedUp != nil}
		equal(t, "what there is", present, []bool{n > 0, n > 0, n > 1, n > 1, n > 2, n > 0})
		verdict := "insufficient rounds"
		if n >= 6 {
			verdict = "candidate faster"
		}
		equal(t, "verdict", got.Verdict, verdict)
		if n == 0 {
			continue
		}
		level := 1 - math.Ldexp(2, -n)
		near(t, "level of the speed-up", &got.SpeedUp.Level, level)
		equal(t, "has an interval", [2]bool{got.SpeedUp.Lo != nil, got.SpeedUp.Hi != nil}, [2]bool{n > 1, n > 1})
		if n > 1 {
			near(t, "level of the median", &c.MedianCI.Level, level)
			near(t, "lower end", &c.MedianCI.Lo, 1)
			near(t, "upper end", c.MedianCI.Hi, fast[n-1])
		}
	}
}

// TestEqualTimesAreEquivalent, without a spread: ratios are 1, p is 1.
func TestEqualTimesAreEquivalent(t *testing.T) {
	same := slices.Repeat([]float64{2}, 10)
	j := results.Judge(timed([]string{"a", "b"}, same, same))
	near(t, "sd", j.Contenders[0].SD, 0)
	near(t, "mad", j.Contenders[0].MAD, 0)
	near(t, "mean from", &j.Contenders[0].MeanCI.Lo, 2)
	near(t, "mean to", j.Contenders[0].MeanCI.Hi, 2)
	got := j.Comparisons[0]
	near(t, "speed-up", &got.SpeedUp.Estimate, 1)
	near(t, "p", got.P, 1)
	near(t, "ratio of means", &got.RatioOfMeans.Estimate, 1)
	near(t, "ratio of medians", &got.RatioOfMedians.Estimate, 1)
	equal(t, "verdict", got.Verdict, "equivalent")
	equal(t, "faster in", got.FasterIn, 0)
}

// TestFailedTrialsHaveNoTime: where all fail there is no time and no comparison;
// where half fail the median is not reached; its interval has no upper end from
// the failure on that the upper rank meets: the last but one of ten.
func TestFailedTrialsHaveNoTime(t *testing.T) {
	inf, all := math.Inf(1), slices.Repeat([]float64{1}, 10)
	none := slices.Repeat([]float64{inf}, 10)
	j := results.Judge(timed([]string{"a", "b"}, none, none))
	c := j.Contenders[0]
	equal(t, "times", c.Times, results.Times{})
	equal(t, "intervals", [2]bool{c.MedianCI == nil, c.MeanCI == nil}, [2]bool{true, true})
	near(t, "success from", &c.Success.Lo, 0)
	equal(t, "speed-up", j.Comparisons[0].SpeedUp, (*results.SpeedUp)(nil))
	equal(t, "verdict", j.Comparisons[0].Verdict, "insufficient rounds")
	for failures := range 7 {
		c := results.Summarize(timed([]string{"a"}, append(slices.Clone(all[failures:]), none[:failures]...))).Contenders[0]
		equal(t, "ok", c.OK, 10-failures)
		near(t, "mean of the others", c.Mean, 1)
		equal(t, "has a median", c.Median != nil, failures < 5)
		equal(t, "has an upper end", c.MedianCI.Hi != nil, failures < 2)
		equal(t, "has an interval of the mean", c.MeanCI != nil, failures == 0)
	}
}

// TestATrialOfNoTimeIsNoTime: no clock can have measured it.
func TestATrialOfNoTimeIsNoTime(t *testing.T) {
	c := results.Summarize(timed([]string{"a"}, []float64{0, 2})).Contenders[0]
	equal(t, "ok", c.OK, 1)
	near(t, "mean", c.Mean, 2)
}

// TestPercentilesNeedTrials: each is there from the number of trials on that
// bounds it on both sides, and no failure among them.
func TestPercentilesNeedTrials(t *testing.T) {
	for _, c := range []struct{ n, percentiles int }{{35, 0}, {36, 1}, {71, 1}, {72, 2}, {367, 2}, {368, 3}} {
		times := slices.Repeat([]float64{1}, c.n)
		got := results.Summarize(timed([]string{"a"}, times)).Contenders[0].Times
		equal(t, "percentiles", []bool{got.P90 != nil, got.P95 != nil, got.P99 != nil},
			[]bool{c.percentiles > 0, c.percentiles > 1, c.percentiles > 2})
		times[0] = math.Inf(1)
		got = results.Summarize(timed([]string{"a"}, times)).Contenders[0].Times
		equal(t, "percentiles with a failure", []*float64{got.P90, got.P95, got.P99}, []*float64{nil, nil, nil})
	}
}

// TestOnlyWholeRoundsCount: a warm-up round, a round that lacks a trial and one
// with an aborted trial are in no time, and what they lack was not started.
func TestOnlyWholeRoundsCount(t *testing.T) {
	run := timed([]string{"a", "b"}, []float64{1, 2, 30, 40}, []float64{1, 2, 30, 40})
	run.Trials[4].Outcome = results.Aborted
	run.Trials = run.Trials[:7]
	warm := succeeded(-1, "a", 9e9)
	run.Trials = append([]results.Trial{warm, succeeded(-1, "b", 9e9)}, run.Trials...)
	s := results.Summarize(run)
	equal(t, "trials", s.Contenders[0].Trials, 2)
	near(t, "mean", s.Contenders[0].Mean, 1.5)
	equal(t, "rounds", results.Compare(run, "a")[0].Rounds, 2)
	equal(t, "account", s.Requests, results.Requests{
		Count: results.Count{Planned: 16, OK: 14, NotStarted: 2}, Attempts: 14, Warmup: 4,
		ByClass: map[string]int{results.ClassOK: 14},
	})
}

// TestForeignContendersAreNoRound: a journal edited by hand may have them.
func TestForeignContendersAreNoRound(t *testing.T) {
	run := timed([]string{"a", "b"}, []float64{1, 2}, []float64{1, 2})
	run.Trials[1].Contender = "z"
	equal(t, "rounds", len(run.Rounds()), 1)
	equal(t, "trials", results.Judge(run).Contenders[1].Trials, 1)
}

// TestR43NothingIsNaN: whatever a run has, its judgement can be written as JSON,
// and every planned request of it is accounted for.
func TestR43NothingIsNaN(t *testing.T) {
	times := []int64{0, 1, 2, 1e9, math.MaxInt64}
	rapid.Check(t, func(r *rapid.T) {
		names := []string{"a", "b", "c"}[:rapid.IntRange(0, 3).Draw(r, "contenders")]
		run := &results.Run{Header: header(names...), Complete: rapid.Bool().Draw(r, "complete")}
		run.Design.Rounds = rapid.IntRange(0, 8).Draw(r, "rounds")
		for round := range run.Design.Rounds {
			for _, name := range names {
				if rapid.IntRange(0, 9).Draw(r, "missing") == 0 {
					continue
				}
				trial := succeeded(round, name, rapid.SampledFrom(times).Draw(r, "elapsed"))
				trial.Outcome = rapid.SampledFrom(append(outcomes(), results.OK, results.OK, results.OK)).Draw(r, "outcome")
				trial.Tally.Flight.LatencyNS = rapid.SampledFrom(times).Draw(r, "latency")
				run.Trials = append(run.Trials, trial)
			}
		}
		j := results.Judge(run)
		if _, err := json.Marshal(j); err != nil {
			r.Fatal(err)
		}
		n := j.Requests
		if n.OK+n.Failed+n.Cancelled+n.NotStarted != n.Planned || n.Planned != 2*len(names)*run.Design.Rounds {
			r.Fatalf("%+v do not add up", n)
		}
	})
}
