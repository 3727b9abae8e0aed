package report_test

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/fetchbench/fetchbench/results/stats"
)

// A detail is a change to the article run, what the report then has, and what it
// has not.
type detail struct {
	change       func(*results.Judgement)
	want, absent string
}

// show wants every detail to be shown.
func show(t *testing.T, details map[string]detail) {
	t.Helper()
	for name, d := range details {
		j := article()
		d.change(j)
		out := text(t, j, report.Options{Width: wide})
		if !strings.Contains(out, d.want) || d.absent != "" && strings.Contains(out, d.absent) {
			t.Errorf("%s: want %q and no %q in\n%s", name, d.want, d.absent, out)
		}
	}
}

// only replaces the comparisons by one.
func only(c results.Comparison) func(*results.Judgement) {
	return func(j *results.Judgement) { j.Comparisons = []results.Comparison{c} }
}

// TestRatiosAreThereWhereTheyDiffer, below the sentence and with the reason.
func TestRatiosAreThereWhereTheyDiffer(t *testing.T) {
	with := func(verdict stats.Verdict, means, medians *results.Ratio) func(*results.Judgement) {
		c := compared("goroutines", verdict, 7.9, 6.9, 9)
		c.RatioOfMeans, c.RatioOfMedians, c.RatiosDiffer = means, medians, results.ApartRare
		return only(c)
	}
	fast := &results.Ratio{Estimate: 5.5, Lo: some(4), Hi: some(7.25)}
	show(t, map[string]detail{
		"both": {
			with(stats.Faster, fast, &results.Ratio{Estimate: 8.4, Lo: some(6), Hi: some(9.9)}),
			"p = 0.002).\n  by average 5.5x faster (4.0 to 7.2), by median 8.4x faster (6.0 to 9.9), because of rare slow trials\n", "",
		},
		// 1/0.8 is 1.25, the ends of its interval 1/0.5 and 1/1.25; those of a ratio of
		// 0.5 between 0.25 and 0.8 are 1.25 and 4.
		"slower": {
			with(stats.Slower, &results.Ratio{Estimate: 0.8, Lo: some(0.5), Hi: some(1.25)}, &results.Ratio{Estimate: 0.5, Lo: some(0.25), Hi: some(0.8)}),
			"  by average 1.2x slower (2.0x slower to 1.2x faster), by median 2.0x slower (1.2 to 4.0), because", "",
		},
		"no interval":    {with(stats.Faster, &results.Ratio{Estimate: 5.5}, nil), "  by average 5.5x faster, because of rare slow trials\n", "median 8"},
		"not comparable": {with(stats.NotComparable, fast, fast), "success rates differ", "by average"},
		"alike":          {func(*results.Judgement) {}, "goroutines is 7.9x faster", "by average"},
	})
	j := article()
	with(stats.Faster, fast, nil)(j)
	var out bytes.Buffer
	if err := report.Markdown(&out, j, report.Options{}); err != nil || !strings.Contains(out.String(), "p = 0.002).\n  - by average 5.5x faster") {
		t.Errorf("%v, got\n%s", err, out.String())
	}
}

// TestInconclusiveSaysWhatItTakes, or that nothing will do, and what decided
// where the interval by itself would have.
func TestInconclusiveSaysWhatItTakes(t *testing.T) {
	needing := func(n int, delta float64) func(*results.Judgement) {
		c := compared("goroutines", stats.Inconclusive, 1, 0.5, 1.5)
		c.RoundsNeeded = &n
		return func(j *results.Judgement) { only(c)(j); j.Run.Design.Delta = delta }
	}
	adjusted := compared("goroutines", stats.Inconclusive, 1.2, 1.05, 1.4)
	adjusted.PHolm = some(0.08)
	show(t, map[string]detail{
		"rounds":   {needing(340, 0), "is not excluded (10 rounds, p = 0.002); about 340 rounds would settle differences of 5 %.\n", ""},
		"of 2.5 %": {needing(340, 0.025), "about 340 rounds would settle differences of 2.5 %.\n", ""},
		"too many": {needing(10_001, 0), "p = 0.002); more rounds will hardly settle it, calmer ones may.\n", "10001"},
		"no more":  {needing(10, 0), "is not excluded (10 rounds, p = 0.002).\n", "settle"},
		"by p": {
			only(adjusted), "goroutines: inconclusive: its interval has 1.05x faster to 1.4x faster, but p = 0.080 is not below 0.05 (10 rounds).\n", "excluded",
		},
	})
}

// TestWhoDidLessIsNotComparable, whatever the success rates in the table say.
func TestWhoDidLessIsNotComparable(t *testing.T) {
	c := compared("goroutines", stats.NotComparable, 1, 1, 1)
	c.UnequalIn = 1
	show(t, map[string]detail{
		"unequal": {only(c), "goroutines is not comparable with sequential: they did not do the same work in 1 round.\n", "success rates"},
	})
}

// TestAdjustmentIsSaidOnce, and for several comparisons only.
func TestAdjustmentIsSaidOnce(t *testing.T) {
	two := func(j *results.Judgement) {
		j.Comparisons = append(j.Comparisons, compared("b", stats.Slower, 0.5, 0.4, 0.6), without(stats.NotComparable, 9))
	}
	show(t, map[string]detail{
		"two": {two, "p is adjusted for 2 comparisons (Holm), intervals are not.\n", ""},
		"one": {func(*results.Judgement) {}, "faster", "Holm"},
	})
}

// TestAARunsSayWhatTheMachineCanSee: the interval 0.98 to 1.0192 is 1 +- 2 % on
// the scale of logarithms, as sqrt(1.0192/0.98) is 1.0198.
func TestAARunsSayWhatTheMachineCanSee(t *testing.T) {
	itself := func(c results.Comparison) func(*results.Judgement) {
		return func(j *results.Judgement) { only(c)(j); j.Run.Design.AA = true }
	}
	point := compared("again", stats.Inconclusive, 1, 0, 0)
	point.SpeedUp = nil
	show(t, map[string]detail{
		"alike": {
			itself(compared("again", stats.Equivalent, 1, 0.98, 1.0192)),
			"A/A: sequential against itself over 10 rounds: the smallest change this machine can see is 2.0 %.\n", "equivalent",
		},
		"open": {
			itself(compared("again", stats.Inconclusive, 1, 0.5, 2)),
			"the smallest change this machine can see is 100 %.\n", "inconclusive",
		},
		"faster": {
			itself(compared("again", stats.Faster, 1.2, 1.1, 1.3)),
			"A/A FAILED: sequential against itself came out 1.20x faster (95 % interval 1.10 to 1.30, 10 rounds, p = 0.002). " +
				"Believe no change below 30 % from this machine.\n", "",
		},
		// 0.8 is 1.25 times slower; 1/0.75 is a third.
		"slower": {
			itself(compared("again", stats.Slower, 0.8, 0.75, 0.9)),
			"came out 1.2x slower (95 % interval 1.11 to 1.33, 10 rounds, p = 0.002). Believe no change below 33 % from this machine.\n", "",
		},
		"no interval": {itself(point), "A/A: sequential against itself: 10 rounds do not say what the smallest change is", ""},
	})
}

// TestAdviceIsWorded as far as it goes.
func TestAdviceIsWorded(t *testing.T) {
	advised := func(a results.Advice, comparisons ...results.Comparison) func(*results.Judgement) {
		return func(j *results.Judgement) {
			j.Advice = &a
			if comparisons != nil {
				j.Comparisons = comparisons
			}
		}
	}
	use := results.Advice{Use: "goroutines"}
	most := results.Advice{
		Use: "goroutines", AsGood: []string{"a", "b", "c", "d", "e", "f"}, Untold: []string{"pool:2"},
		Enough: &results.Enough{Use: "pool:4", Asked: 4, Keeps: 0.87},
	}
	slower, alike := compared("a", stats.Slower, 0.5, 0.4, 0.6), compared("b", stats.Equivalent, 1, 0.99, 1.01)
	show(t, map[string]detail{
		"use":          {advised(use), "Use goroutines: 0.41 s instead of 3.42 s (medians).\n", "equivalent"},
		"unknown":      {advised(results.Advice{Use: "x"}), "Use x.\n", ""},
		"as good":      {advised(most), "(medians); equivalent to it: a, b, c, d and 2 more.\n", ""},
		"untold":       {advised(most), "Not told apart from it, and with fewer in flight: pool:2.\n", ""},
		"enough":       {advised(most), "pool:4 keeps 87 % of the gain with 4 in flight.\n", ""},
		"all slower":   {advised(results.Advice{Decided: true}, slower), "Nothing here is faster than sequential.\n", ""},
		"some alike":   {advised(results.Advice{Decided: true}, slower, alike), "Nothing here is faster than sequential by anything that matters.\n", ""},
		"not shown":    {advised(results.Advice{}, slower), "Nothing here is shown to be faster than sequential.\n", ""},
		"no advice":    {func(*results.Judgement) {}, "", "Use "},
		"none to give": {func(j *results.Judgement) { j.Advice, j.Comparisons = &results.Advice{}, nil }, "", "Nothing here"},
	})
}

// TestAveragesSayOfWhat they are, and what is the least they could be: eight
// trials of 0.9 s and two cut off at 8 s are 2.32 s.
func TestAveragesSayOfWhat(t *testing.T) {
	lost := func(outcome results.TrialOutcome) func(*results.Judgement) {
		return func(j *results.Judgement) {
			j.Contenders[1].OK = 8
			for i := range j.Run.Trials {
				trial := &j.Run.Trials[i]
				if trial.Contender != "goroutines" {
					continue
				}
				if trial.ElapsedNS = int64(900 * time.Millisecond); trial.Round >= 8 {
					trial.Outcome, trial.ElapsedNS = outcome, int64(8*time.Second)
				}
			}
		}
	}
	many := func(j *results.Judgement) {
		for range 5 {
			c := contender("x", 2, 1, 1)
			c.OK = 9
			j.Contenders = append(j.Contenders, c)
		}
	}
	show(t, map[string]detail{
		"late":   {lost(results.Timeout), "\ngoroutines: avg 0.53 s of 8/10 successful trials, at least 2.32 s of all\n", "sequential: avg"},
		"failed": {lost(results.Failed), "\ngoroutines: avg 0.53 s of 8/10 successful trials\n", ""},
		"many":   {many, "x: avg 1.00 s of 9/10 successful trials · 1 more have failed trials\n", ""},
		"none":   {func(*results.Judgement) {}, "", "successful trials"},
		"no mean": {func(j *results.Judgement) {
			j.Contenders[1].OK, j.Contenders[1].Mean, j.Contenders[1].Median = 0, nil, nil
		}, "not reached", "avg"},
	})
}

// TestAnOpenIntervalIsSoMuchOrMore, and a median without a trial is no failure.
func TestAnOpenIntervalIsSoMuchOrMore(t *testing.T) {
	show(t, map[string]detail{
		"open": {func(j *results.Judgement) { j.Contenders[1].MedianCI.Hi = nil }, "  0.39 or more  ", ""},
		"none": {func(j *results.Judgement) {
			j.Contenders[1] = results.Contender{Name: "goroutines"}
		}, "–", "not reached"},
	})
}

// TestPercentilesNeedTheirTrials, which is said once for all.
func TestPercentilesNeedTheirTrials(t *testing.T) {
	of := func(n int, p90, p95 *float64) func(*results.Judgement) {
		return func(j *results.Judgement) {
			for i := range j.Contenders {
				c := &j.Contenders[i]
				c.Trials, c.OK, c.P90, c.P95 = n, n, p90, p95
			}
		}
	}
	show(t, map[string]detail{
		"few":      {of(35, nil, nil), "\np90, p95, p99: need 36, 72, 368 trials\n", "(s):"},
		"some":     {of(36, some(4.5), nil), "\np90 (s): sequential 4.50, goroutines 4.50\np95, p99: need 72, 368 trials\n", ""},
		"more":     {of(72, some(4.5), some(5)), "\np95 (s): sequential 5.00, goroutines 5.00\np99: need 368 trials\n", "p90:"},
		"all":      {of(368, some(4.5), some(5)), "", "need"},
		"failures": {of(36, nil, nil), "\np95, p99: need 72, 368 trials\n", "p90"},
		"nothing":  {of(0, nil, nil), "", "need"},
		"all failed": {func(j *results.Judgement) {
			for i := range j.Contenders {
				j.Contenders[i] = results.Contender{Name: j.Contenders[i].Name, Trials: 20}
			}
		}, "", "need"},
	})
}

// TestTheDesignIsTold with what ended the run.
func TestTheDesignIsTold(t *testing.T) {
	show(t, map[string]detail{
		"all": {func(j *results.Judgement) { j.Run.Design.Warmup = 2 }, "\n10 rounds, random order, seed 1, fresh connections, 2 warm-up rounds\n", "stopped"},
		"imported": {func(j *results.Judgement) {
			j.Run.Design = results.Design{Rounds: 10, Baseline: "sequential"}
		}, "\n10 rounds\n", "order"},
		"precise": {func(j *results.Judgement) {
			j.Run.Design.Rounds, j.Run.Design.Precision = 100, 0.05
		}, "\nstopped after 10 rounds: precision of 5 % reached (limit 100)\n", ""},
		"cut short": {func(j *results.Judgement) {
			j.Run.Design.Rounds, j.Run.Design.Precision, j.Run.Complete = 100, 0.05, false
		}, "incomplete", "reached ("},
		"at its limit": {func(j *results.Judgement) { j.Run.Design.Precision = 0.05 }, "", "reached ("},
	})
}

// TestJudgedRunsHoldTheirWidth, whatever is in their sentences.
func TestJudgedRunsHoldTheirWidth(t *testing.T) {
	for _, j := range []*results.Judgement{drifting(), losing(), undecided(), itself(1.1), crowded()} {
		j.Comparisons[0].RatioOfMeans = &results.Ratio{Estimate: math.E, Lo: some(2), Hi: some(4)}
		j.Comparisons[0].RatiosDiffer = results.ApartSpread
		for width := 40; width < 120; width++ {
			out := text(t, j, report.Options{Width: width, Warnings: true})
			for line := range strings.Lines(out) {
				if got := len([]rune(strings.TrimRight(line, "\n"))); got > width {
					t.Fatalf("width %d: %d columns: %q", width, got, line)
				}
			}
		}
	}
}
