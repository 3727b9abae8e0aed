package results_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/fetchbench/fetchbench/results"
)

// TestChangingSidesInvertsTheSpeedUp: what is twice as fast as the other is
// twice as slow seen from there, with the same p-value and the same certainty.
// An end that there is not, among failures, is an end at 0.
func TestChangingSidesInvertsTheSpeedUp(t *testing.T) {
	mirror := map[string]string{"candidate faster": "candidate slower", "candidate slower": "candidate faster"}
	rapid.Check(t, func(r *rapid.T) {
		run := drawTimed(r)
		there, back := results.Compare(run, "a")[0], results.Compare(run, "b")[0]
		if want := mirror[there.Verdict]; want != back.Verdict && (want != "" || there.Verdict != back.Verdict) {
			r.Fatalf("%s, and from the other side %s", there.Verdict, back.Verdict)
		}
		agree(r, "p", back.P, there.P)
		agree(r, "p by Holm", back.PHolm, there.PHolm)
		if there.SpeedUp == nil || back.SpeedUp == nil {
			if there.SpeedUp != nil || back.SpeedUp != nil {
				r.Fatalf("%+v, and from the other side %+v", there.SpeedUp, back.SpeedUp)
			}
			return
		}
		inverse := 1 / there.SpeedUp.Estimate
		agree(r, "estimate", &back.SpeedUp.Estimate, &inverse)
		agree(r, "lower end", back.SpeedUp.Lo, inverted(there.SpeedUp, there.SpeedUp.Hi))
		agree(r, "upper end", inverted(back.SpeedUp, back.SpeedUp.Hi), there.SpeedUp.Lo)
	})
}

// inverted is one over an upper end, 0 where the interval has none.
func inverted(s *results.SpeedUp, hi *float64) *float64 {
	v := 0.0
	switch {
	case s.Lo == nil:
		return nil
	case hi != nil:
		v = 1 / *hi
	}
	return &v
}

// TestUnitsDoNotMatter: times three times as long leave speed-up, p-value and
// verdict as they are.
func TestUnitsDoNotMatter(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		run := drawTimed(r)
		before := results.Compare(run, "a")[0]
		for i := range run.Trials {
			run.Trials[i].ElapsedNS *= 3
		}
		after := results.Compare(run, "a")[0]
		alike(r, "verdict", after.Verdict, before.Verdict)
		agree(r, "p", after.P, before.P)
		if before.SpeedUp != nil {
			agree(r, "estimate", &after.SpeedUp.Estimate, &before.SpeedUp.Estimate)
			agree(r, "lower end", after.SpeedUp.Lo, before.SpeedUp.Lo)
			agree(r, "upper end", after.SpeedUp.Hi, before.SpeedUp.Hi)
		}
	})
}

// TestAFailureNeverHelps: a trial more that fails raises neither the estimate,
// failures being there already, nor the share of successful trials.
func TestAFailureNeverHelps(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		run := drawTimed(r)
		run.Trials[len(run.Trials)-2] = failed(run.Design.Rounds-1, "a")
		before, share := results.Compare(run, "a")[0], results.Summarize(run).Contenders[1].Success
		round := rapid.IntRange(0, run.Design.Rounds-1).Draw(r, "fails")
		run.Trials[2*round+1] = failed(round, "b")
		after := results.Compare(run, "a")[0]
		if after.SpeedUp != nil && before.SpeedUp != nil && after.SpeedUp.Estimate > before.SpeedUp.Estimate {
			r.Fatalf("%v became %v", before.SpeedUp.Estimate, after.SpeedUp.Estimate)
		}
		if now := results.Summarize(run).Contenders[1].Success; now.Lo > share.Lo || now.Hi > share.Hi {
			r.Fatalf("%v became %v", share, now)
		}
	})
}

// TestSeveralComparisonsAreAdjusted by Holm: of two p-values the smaller counts
// twice. With 6 rounds all alike p is 2/64; twice that proves nothing any more.
func TestSeveralComparisonsAreAdjusted(t *testing.T) {
	six := func(v float64) []float64 { return []float64{v, v + .01, v + .02, v + .03, v + .04, v + .05} }
	alone := results.Compare(timed([]string{"a", "b"}, six(5), six(1)), "a")
	near(t, "p", alone[0].PHolm, 2./64)
	equal(t, "verdict", alone[0].Verdict, "candidate faster")
	both := results.Compare(timed([]string{"a", "b", "c"}, six(5), six(1), six(2)), "a")
	near(t, "p of two", both[1].P, 2./64)
	near(t, "p of two by Holm", both[1].PHolm, 4./64)
	equal(t, "verdict of two", both[1].Verdict, "inconclusive")
}

// TestEquivalenceTakesThe90PercentInterval, two tests at 5 % each. Of six rounds
// five are equal and one 6 % apart, so that the Walsh averages are ln 1.06, five
// times half of it, and zeros. The 95 % interval begins at the first of them and
// leaves the limit of 5 %, the 90 % interval at the third and does not.
func TestEquivalenceTakesThe90PercentInterval(t *testing.T) {
	got := results.Compare(timed([]string{"a", "b"}, []float64{1, 1, 1.06, 1, 1, 1}, []float64{1, 1, 1, 1, 1, 1}), "a")[0]
	near(t, "upper end of 95 %", got.SpeedUp.Hi, 1.06)
	equal(t, "verdict", got.Verdict, "equivalent")
}

// TestTheRunSaysWhatMatters: a difference of 20 % in ten rounds, p = 2/2^10, is
// none within 50 %, and none to be sure of at a size of 0.001.
func TestTheRunSaysWhatMatters(t *testing.T) {
	for _, c := range []struct {
		alpha, delta float64
		verdict      string
	}{
		{0, 0, "candidate faster"},
		{0, 0.5, "equivalent (difference detectable but negligible)"},
		{0.001, 0, "inconclusive"},
		{0.001, 0.5, "equivalent"},
	} {
		run := timed([]string{"a", "b"}, append(spread(6, .02, 0), 6, 6.01), append(spread(5, .02, 0), 5, 5))
		run.Design.Alpha, run.Design.Delta = c.alpha, c.delta
		equal(t, "verdict", results.Compare(run, "a")[0].Verdict, c.verdict)
	}
}

// TestNoVerdictFromDifferentSuccess: ten trials of which one contender makes all
// and the other two are not compared by time.
func TestNoVerdictFromDifferentSuccess(t *testing.T) {
	inf := math.Inf(1)
	run := timed([]string{"a", "b"},
		[]float64{5, 5, 5, 5, 5, 5, 5, 5, 5, 5}, []float64{1, 1, inf, inf, inf, inf, inf, inf, inf, inf})
	got := results.Compare(run, "a")[0]
	equal(t, "verdict", got.Verdict, "not comparable: success rates differ")
	equal(t, "speed-up", got.SpeedUp, (*results.SpeedUp)(nil))
}

// drawTimed draws a run of two contenders. Its times come from a generator, and
// so are never in ratios that only rounding tells apart.
func drawTimed(r *rapid.T) *results.Run {
	draw := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
	n := rapid.IntRange(1, 20).Draw(r, "rounds")
	factor, failing := rapid.SampledFrom([]float64{1, 1.01, 2, 0.3}).Draw(r, "factor"), rapid.SampledFrom([]float64{0, 0, .2, .8}).Draw(r, "failing")
	times := [2][]float64{}
	for range n {
		for i, f := range []float64{1, factor} {
			times[i] = append(times[i], f*(1+draw.Float64()/10))
			if draw.Float64() < failing {
				times[i][len(times[i])-1] = math.Inf(1)
			}
		}
	}
	return timed([]string{"a", "b"}, times[0], times[1])
}

// agree wants two numbers to agree to ten digits, or both to be absent.
func agree(r rapid.TB, what string, got, want *float64) {
	r.Helper()
	if (got == nil) != (want == nil) || got != nil && math.Abs(*got-*want) > 1e-10*math.Abs(*want) {
		r.Fatalf("%s: got %v, want %v", what, show(got), show(want))
	}
}

// show is a number or nil.
func show(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}
