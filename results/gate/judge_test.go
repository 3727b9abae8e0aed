package gate_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/gate"
	"github.com/fetchbench/fetchbench/results/report"
)

// some is a pointer to a number.
func some(v float64) *float64 { return &v }

// judgement is that of a run of ten rounds of base and head, whose figures are put down
// and not computed, so that no formula decides what a gate should say.
func judgement(head results.Contender, c results.Comparison) *results.Judgement {
	run := &results.Run{Header: results.Header{
		ID: "20261120-3f2k", Started: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		Contenders: []results.Column{{Name: "base", Asked: 1}, {Name: "head", Asked: 8}},
		Design:     results.Design{Baseline: "base", Rounds: 10},
	}, Complete: true}
	head.Name, c.Contender, c.Baseline = "head", "head", "base"
	if head.Trials == 0 {
		head.Trials, head.OK = 10, 10
	}
	base := results.Contender{Name: "base", Trials: 10, OK: 10}
	return &results.Judgement{Run: run, Summary: results.Summary{Contenders: []results.Contender{base, head}}, Comparisons: []results.Comparison{c}}
}

// one judges one expression about head.
func one(t testing.TB, expr string, j *results.Judgement) results.Gated {
	t.Helper()
	g, err := gate.Parse(expr)
	if err != nil {
		t.Fatal(err)
	}
	list := gate.Judge([]gate.Gate{g}, j)
	if len(list) != 1 {
		t.Fatalf("%s: %d results, want one", expr, len(list))
	}
	return list[0]
}

// TestGateIsJudgedByTheWholeInterval: the median is 500 ms with an interval from 400 to
// 600 ms. Only a limit outside of that is decided, and on its very end by the operator.
func TestGateIsJudgedByTheWholeInterval(t *testing.T) {
	c := results.Contender{}
	c.Median = some(0.5)
	c.MedianCI = &results.Band{Range: results.Range{Lo: 0.4, Hi: some(0.6)}, Level: 0.979}
	j := judgement(c, results.Comparison{})
	for expr, want := range map[string]string{
		"head.median > 399ms": results.GateFailed, "head.median > 400ms": results.GateUndecided,
		"head.median > 500ms": results.GateUndecided, "head.median > 599ms": results.GateUndecided,
		"head.median > 600ms": results.GatePassed, "head.median > 601ms": results.GatePassed,
		"head.median >= 400ms": results.GateFailed, "head.median >= 401ms": results.GateUndecided,
		"head.median >= 600ms": results.GateUndecided, "head.median >= 601ms": results.GatePassed,
		"head.median < 601ms": results.GateFailed, "head.median < 600ms": results.GateUndecided,
		"head.median < 401ms": results.GateUndecided, "head.median < 400ms": results.GatePassed,
		"head.median <= 600ms": results.GateFailed, "head.median <= 599ms": results.GateUndecided,
		"head.median <= 400ms": results.GateUndecided, "head.median <= 399ms": results.GatePassed,
	} {
		if got := one(t, expr, j); got.Outcome != want || (got.Reason == "") != (want != results.GateUndecided) {
			t.Errorf("%s: %s (%s), want %s", expr, got.Outcome, got.Reason, want)
		}
	}
}

// compared is a speed-up of head with its interval.
func compared(estimate, lo, hi float64) results.Comparison {
	c := results.Comparison{Score: results.Score{Rounds: 10}, Verdict: "inconclusive"}
	c.SpeedUp = &results.SpeedUp{Estimate: estimate, Lo: &lo, Hi: &hi, Level: 0.951}
	return c
}

// TestRelativeGateHoldsThePairedChange: a head that takes 9 % longer, 8 to 10 %, has the
// speed-up 1/1.09. Half the width of that interval is sqrt(1.10 / 1.08) - 1 = 0.92 %.
// A limit below what can be seen never lets a head pass that is not faster.
func TestRelativeGateHoldsThePairedChange(t *testing.T) {
	slower := judgement(results.Contender{}, compared(1/1.09, 1/1.10, 1/1.08))
	even := judgement(results.Contender{}, compared(1, 1/1.04, 1.04))        // -3.8 to +4 %: half the width is 4 %
	level := judgement(results.Contender{}, compared(1/0.99, 1/1.009, 1.03)) // -2.9 to +0.9 %: half the width is 1.9 %
	faster := judgement(results.Contender{}, compared(2, 1.5, 3))            // -67 to -33 %: half the width is 41 %
	for _, c := range []struct {
		j          *results.Judgement
		expr, want string
	}{
		{slower, "median +5%", results.GateFailed},
		{slower, "head.median +5%", results.GateFailed},
		{slower, "*.median +5%", results.GateFailed},
		{slower, "median +9%", results.GateUndecided},
		{slower, "median +11%", results.GatePassed},
		{slower, "median +0.5%", results.GateFailed},
		{even, "median +5%", results.GatePassed},
		{even, "median +3%", results.GateUndecided},
		{even, "median +1%", results.GateUndecided},
		{level, "median +1%", results.GateUndecided},
		{level, "median +2%", results.GatePassed},
		{faster, "median +5%", results.GatePassed},
		{slower, "head.speedup < 0.93", results.GateFailed},
		{slower, "head.speedup < 0.92x", results.GateUndecided},
		{slower, "head.speedup < 0.9", results.GatePassed},
	} {
		if got := one(t, c.expr, c.j); got.Outcome != c.want {
			t.Errorf("%s: %s (%s; %v, %v to %v), want %s", c.expr, got.Outcome, got.Reason, *got.Measured, *got.Lo, *got.Hi, c.want)
		}
	}
	if got := one(t, "median +3%", even); !strings.Contains(got.Reason, "smallest change") {
		t.Errorf("a limit below what can be seen: %q", got.Reason)
	}
}

// TestOpenChangeBreaksALimitAndMeetsNone: of the ratio of the averages the interval is -0.3
// to 0.8, so that the head takes 25 % longer at least, and nobody knows what at most.
func TestOpenChangeBreaksALimitAndMeetsNone(t *testing.T) {
	c := compared(1, 0.9, 1.1)
	c.RatioOfMeans = &results.Ratio{Estimate: 0.25, Lo: some(-0.3), Hi: some(0.8)}
	for expr, want := range map[string]string{
		"mean +5%": results.GateFailed, "mean +26%": results.GateUndecided, "mean +400%": results.GateUndecided,
	} {
		got := one(t, expr, judgement(results.Contender{}, c))
		if got.Outcome != want || got.Hi != nil || got.Lo == nil || math.Abs(*got.Lo-0.25) > 1e-12 {
			t.Errorf("%s: %s, %+v; want %s from 25 %% on", expr, got.Outcome, got.Reading, want)
		}
		if text := report.GateReading(&got); !strings.Contains(text, "95 % interval +25.0 % or more") {
			t.Errorf("%s: said %q", expr, text)
		}
	}
}

// TestMissingNumbersNeverPass: whatever there is not, the reason stands in its place.
func TestMissingNumbersNeverPass(t *testing.T) {
	some := func(v float64) *float64 { return &v }
	few := results.Contender{Trials: 5, OK: 5}
	few.Median, few.MedianCI = some(0.5), &results.Band{Range: results.Range{Lo: 0.4, Hi: some(0.6)}, Level: 0.9375}
	failing := results.Contender{Trials: 10, OK: 8}
	failing.Mean, failing.Max = some(0.5), some(0.6)
	dead := results.Contender{Trials: 10}
	unlike := compared(3, 2.9, 3.1)
	unlike.Verdict = "not comparable: success rates differ"
	lazy := compared(3, 2.9, 3.1)
	lazy.UnequalIn = 2
	for _, c := range []struct {
		j            *results.Judgement
		expr, reason string
	}{
		{judgement(few, compared(1, 0.99, 1.01)), "head.median > 1s", "5 rounds: a 95 % interval takes 6"},
		{judgement(failing, results.Comparison{}), "head.mean > 1s", "2 of 10 trials failed"},
		{judgement(failing, results.Comparison{}), "head.max > 1s", "2 of 10 trials failed"},
		{judgement(dead, results.Comparison{}), "head.median > 1s", "no trial succeeded"},
		{judgement(results.Contender{}, results.Comparison{}), "median +5%", "it was not measured"},
		{judgement(results.Contender{}, unlike), "median +5%", "success rates differ"},
		{judgement(results.Contender{}, lazy), "head.speedup < 2", "did not do the same work in 2 rounds"},
		{judgement(results.Contender{}, results.Comparison{}), "head.p95 > 1s", "the interval of a p95 takes 72"},
		{judgement(results.Contender{}, results.Comparison{}), "head.in_flight < 4", "not measured"},
		{judgement(results.Contender{}, results.Comparison{}), "head.failed > 0", "not measured"},
	} {
		if got := one(t, c.expr, c.j); got.Outcome != results.GateUndecided || !strings.Contains(got.Reason, c.reason) {
			t.Errorf("%s: %s, %q; want %q", c.expr, got.Outcome, got.Reason, c.reason)
		}
	}
}

// TestCountsAreExact: of two trials of ten requests three failed, one of them because
// it was never begun, and nothing is undecided about that.
func TestCountsAreExact(t *testing.T) {
	j := judgement(results.Contender{}, results.Comparison{})
	for round, ok := range []int{10, 7} {
		tally := results.Tally{Count: results.Count{Planned: 10, OK: ok, Failed: (10 - ok) * 2 / 3, NotStarted: (10 - ok) / 3}, Attempts: ok + 1, Opened: 4}
		j.Run.Trials = append(j.Run.Trials, results.Trial{Round: round, Contender: "head", Outcome: results.OK, Tally: tally})
	}
	for expr, want := range map[string]string{
		"head.failed > 2": results.GateFailed, "head.failed > 3": results.GatePassed, "head.failed >= 3": results.GateFailed,
		"head.attempts > 19": results.GatePassed, "head.attempts > 18": results.GateFailed, "head.connections > 8": results.GatePassed,
	} {
		if got := one(t, expr, j); got.Outcome != want {
			t.Errorf("%s: %s with %v, want %s", expr, got.Outcome, *got.Measured, want)
		}
	}
}

// TestWidenedIntervalDecidesNothingNew: whoever knows less never decides more, and what
// a wider interval still decides, it decides alike.
func TestWidenedIntervalDecidesNothingNew(t *testing.T) {
	exprs := []string{"median +0%", "median +5%", "median +50%", "head.speedup < 1.2", "head.speedup >= 1", "head.speedup > 0.8", "head.speedup <= 2"}
	rapid.Check(t, func(t *rapid.T) {
		expr := rapid.SampledFrom(exprs).Draw(t, "gate")
		at := math.Exp(rapid.Float64Range(-1, 1).Draw(t, "log of the speed-up"))
		width := func(name string) float64 { return math.Exp(rapid.Float64Range(0, 0.5).Draw(t, name)) }
		lo, hi := at/width("lower"), at*width("upper")
		g, err := gate.Parse(expr)
		if err != nil {
			t.Fatal(err)
		}
		judge := func(lo, hi float64) string {
			return gate.Judge([]gate.Gate{g}, judgement(results.Contender{}, compared(at, lo, hi)))[0].Outcome
		}
		narrow, wide := judge(lo, hi), judge(lo/width("wider below"), hi*width("wider above"))
		if wide != results.GateUndecided && wide != narrow {
			t.Fatalf("%s: %s, and wider %s", expr, narrow, wide)
		}
	})
}

// TestRoundsNeededFollowTheRoot: an end 0.1 from the point and a limit 0.05 from it take
// the width to a half, which takes four times the rounds.
func TestRoundsNeededFollowTheRoot(t *testing.T) {
	c := results.Contender{}
	c.Mean, c.MeanCI = some(0.5), &results.Range{Lo: 0.4, Hi: some(0.6)}
	j := judgement(c, results.Comparison{})
	if got := one(t, "head.mean > 0.55s", j).RoundsNeeded; got == nil || *got < 40 || *got > 41 {
		t.Errorf("rounds needed: %v, want 40", got)
	}
	if got := one(t, "head.mean > 0.5s", j).RoundsNeeded; got != nil {
		t.Errorf("a limit at the point takes %d rounds, want none to tell", *got)
	}
}
