package results_test

import (
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// spread are eight times around a median that differ from it by up to so much,
// in an order that turn shifts.
func spread(median, by float64, turn int) []float64 {
	steps := []float64{-1, 0.6, -0.4, 0.9, 0.2, -0.7, 1, -0.1}
	times := make([]float64, len(steps))
	for i := range times {
		times[i] = median * (1 + by*steps[(i+turn)%len(steps)])
	}
	return times
}

// advised is the advice on a run of sequential, which takes 6 s, and the others.
// Each of them may have so many in flight.
func advised(names []string, asked []int, times ...[]float64) *results.Run {
	run := timed(append([]string{"sequential"}, names...), append([][]float64{spread(6, .02, 0)}, times...)...)
	for i, n := range asked {
		run.Contenders[i+1].Asked = n
	}
	return run
}

// TestAdviceFollowsFromTheVerdicts. A contender that takes 1.8 of 6 s saves 4.2,
// one that takes 1.2 saves 4.8: 4.2/4.8 is 87.5 % of the gain.
func TestAdviceFollowsFromTheVerdicts(t *testing.T) {
	type advice struct {
		use            string
		asGood, untold []string
		enough         string
		keeps          float64
	}
	for name, c := range map[string]struct {
		run  *results.Run
		want advice
	}{
		"the fastest": {
			advised([]string{"pool:4", "goroutines"}, []int{4, 10}, spread(3, .02, 1), spread(1.2, .02, 2)),
			advice{use: "goroutines"},
		},
		"more in flight and slower": {
			advised([]string{"pool:4", "goroutines"}, []int{4, 10}, spread(1.2, .02, 1), spread(1.5, .02, 2)),
			advice{use: "pool:4"},
		},
		"one keeps most of it": {
			advised([]string{"pool:4", "goroutines"}, []int{4, 10}, spread(1.8, .02, 1), spread(1.2, .02, 2)),
			advice{use: "goroutines", enough: "pool:4", keeps: 0.875},
		},
		"of two that do the smaller one": {
			advised([]string{"pool:4", "pool:6", "goroutines"}, []int{4, 6, 10}, spread(1.8, .02, 1), spread(1.5, .02, 3), spread(1.2, .02, 2)),
			advice{use: "goroutines", enough: "pool:4", keeps: 0.875},
		},
		"equivalent with fewer in flight": {
			advised([]string{"pool:4", "goroutines"}, []int{4, 10}, spread(1.21, .005, 1), spread(1.2, .005, 2)),
			advice{use: "pool:4", asGood: []string{"goroutines"}},
		},
		"equivalent with as many": {
			advised([]string{"workers:4", "pool:4"}, []int{4, 4}, spread(1.21, .005, 1), spread(1.2, .005, 2)),
			advice{use: "pool:4", asGood: []string{"workers:4"}},
		},
		"not told apart": {
			advised([]string{"pool:4", "goroutines"}, []int{4, 10}, spread(1.22, .3, 1), spread(1.2, .3, 2)),
			advice{use: "goroutines", untold: []string{"pool:4"}},
		},
	} {
		got := results.Judge(c.run).Advice
		if got == nil {
			t.Errorf("%s: no advice", name)
			continue
		}
		equal(t, name+": use", got.Use, c.want.use)
		equal(t, name+": as good", got.AsGood, c.want.asGood)
		equal(t, name+": not told apart", got.Untold, c.want.untold)
		equal(t, name+": enough", got.Enough != nil, c.want.enough != "")
		if got.Enough != nil {
			equal(t, name+": enough", got.Enough.Use, c.want.enough)
			within(t, name+": keeps", &got.Enough.Keeps, &c.want.keeps, 0.02)
		}
	}
}

// TestAdviceClaimsNoMore than its verdicts: where nothing is faster it says how
// sure that is, and where speed is not what was measured it says nothing.
func TestAdviceClaimsNoMore(t *testing.T) {
	fast := func() *results.Run { return advised([]string{"b"}, []int{4}, spread(2, .02, 1)) }
	slow := advised([]string{"b"}, []int{4}, spread(9, .02, 1))
	open := advised([]string{"b"}, []int{4}, spread(6, .4, 3))
	alike := advised([]string{"b"}, []int{4}, spread(6, .01, 3))
	equal(t, "slower", results.Judge(slow).Advice, &results.Advice{Decided: true})
	equal(t, "equivalent", results.Judge(alike).Advice, &results.Advice{Decided: true})
	equal(t, "inconclusive", results.Judge(open).Advice, &results.Advice{})
	equal(t, "faster", results.Judge(fast()).Advice.Use, "b")
	equal(t, "faster in sixteen rounds", results.Judge(twice(fast())).Advice.Use, "b")
	for name, change := range map[string]func(*results.Run){
		"a mock":            func(r *results.Run) { r.Target.Form = "mock" },
		"itself":            func(r *results.Run) { r.Design.AA = true },
		"a fixed order":     func(r *results.Run) { r.Design.Order = "fixed" },
		"blocks":            func(r *results.Run) { r.Design.Order = "blocks" },
		"five rounds":       func(r *results.Run) { r.Trials = r.Trials[:10] },
		"upstream differs":  func(r *results.Run) { r.Trials = append(r.Trials, refuted()) },
		"a failure of it":   func(r *results.Run) { *r = *twice(r); r.Trials[3] = failed(1, "b") },
		"fewer bytes of it": func(r *results.Run) { r.Trials[3].Tally.Bytes = 1 },
		"one contender":     func(r *results.Run) { r.Contenders = r.Contenders[:1] },
	} {
		run := fast()
		if change(run); name == "a failure of it" {
			equal(t, "is faster all the same", results.Compare(run, "sequential")[0].Verdict, string(stats.Faster))
		}
		equal(t, name, results.Judge(run).Advice, (*results.Advice)(nil))
	}
}

// refuted is a trial of a warm-up round of which the upstream saw something else.
func refuted() results.Trial {
	t := succeeded(-1, "b", 1e9)
	t.Seen = &results.Seen{Differs: []string{"x"}}
	return t
}

// twice is a run with every round made again, so that one failure in sixteen
// leaves the verdict as it is.
func twice(run *results.Run) *results.Run {
	for i := range run.Trials {
		again := run.Trials[i]
		again.Round += 8
		run.Trials = append(run.Trials, again)
	}
	return run
}

// TestIntervalsAfterBonferroni hold together: those of three comparisons are at
// 1 - 0.05/3 each, and that of one is the usual one.
func TestIntervalsAfterBonferroni(t *testing.T) {
	run := advised([]string{"b", "c", "d"}, []int{4, 4, 4}, spread(3, .3, 1), spread(2, .3, 2), spread(5, .3, 3))
	for _, c := range results.Compare(run, "sequential") {
		base, contender := make([]float64, 8), make([]float64, 8)
		for i := range run.Trials {
			switch trial := &run.Trials[i]; trial.Contender {
			case "sequential":
				base[trial.Round] = float64(trial.ElapsedNS)
			case c.Contender:
				contender[trial.Round] = float64(trial.ElapsedNS)
			}
		}
		d, err := stats.LogRatios(base, contender)
		must(t, err)
		shift, err := stats.HodgesLehmann(d, 1-0.05/3)
		must(t, err)
		want := shift.Interval.Exp()
		within(t, "lower end", c.Bonferroni.Lo, &want.Lo, 1e-9)
		within(t, "upper end", c.Bonferroni.Hi, &want.Hi, 1e-9)
		if *c.Bonferroni.Lo > *c.SpeedUp.Lo || *c.Bonferroni.Hi < *c.SpeedUp.Hi || c.Bonferroni.Level <= c.SpeedUp.Level {
			t.Errorf("%+v is not wider than %+v", c.Bonferroni, c.SpeedUp)
		}
	}
	one := results.Compare(advised([]string{"b"}, []int{4}, spread(3, .3, 1)), "sequential")[0]
	equal(t, "one comparison", one.Bonferroni, one.SpeedUp)
}

// TestRatiosSayWhyTheyDiffer: the baseline takes 6 s, the contender 1. One trial
// of the contender that takes 5 s makes its average 1.5 and the ratio of averages
// 4 beside one of 6 by rounds and medians.
func TestRatiosSayWhyTheyDiffer(t *testing.T) {
	with := func(trial int, seconds float64) *results.Run {
		times := append(spread(1, .02, 1), spread(1, .02, 3)...)
		base := append(spread(6, .02, 0), spread(6, .02, 5)...)
		if trial >= 0 {
			times[trial] = seconds
		}
		return timed([]string{"a", "b"}, base, times)
	}
	skewed := timed([]string{"a", "b"}, []float64{6, 6, 6, 6, 6, 6, 6, 6, 6, 6}, []float64{1, 1.2, 1.5, 2, 2.5, 3, 3.2, 3.5, 4, 10})
	longTail := timed([]string{"a", "b"}, []float64{6, 6, 6, 6, 6, 6, 6, 6, 6, 6}, []float64{1, 1.2, 1.5, 2, 2.5, 3, 3.2, 3.5, 4, 14})
	spread := timed([]string{"a", "b"}, []float64{6, 6, 6, 6, 6, 6}, []float64{1, 1, 3, 1, 3, 1})
	for name, c := range map[string]struct {
		run  *results.Run
		want string
	}{
		"alike":            {with(-1, 0), ""},
		"a little apart":   {with(3, 4.9), ""}, // average 1.24
		"rare":             {with(3, 6), results.ApartRare},
		"the first round":  {with(0, 6), results.ApartFirst},
		"skewed":           {skewed, results.ApartSkew},
		"rare by its size": {longTail, results.ApartRare}, // 14 is 5.1 medians, and no outlier
		"spread":           {spread, results.ApartSpread},
	} {
		equal(t, name, results.Compare(c.run, "a")[0].RatiosDiffer, c.want)
	}
}

// TestShareOfRoundsWon is Wilson's: 10 of 10 are 72 to 100 %.
func TestShareOfRoundsWon(t *testing.T) {
	got := results.Compare(timed([]string{"a", "b"}, append(spread(6, .02, 0), 6, 6), append(spread(1, .02, 0), 1, 1)), "a")[0]
	equal(t, "won", got.FasterIn, 10)
	lo := 0.722467200137114
	within(t, "from", &got.FasterShare.Lo, &lo, 1e-9)
	near(t, "to", &got.FasterShare.Hi, 1)
}
