package stats

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// checkVerdict computes the evidence from the log ratios and then judges it.
func checkVerdict(t *testing.T, c goldenCase) {
	var in struct {
		D            []float64
		Delta, Alpha float64
	}
	type level struct {
		ends
		Achieved float64
	}
	var want struct {
		P       float64 `json:"p_exact"`
		HL      float64
		CI95    level
		CI90    level
		Limit   float64
		Verdict Verdict
	}
	decodeStrict(t, c.Input, &in)
	decodeStrict(t, c.Expect, &want)
	p := must(SignedRank(in.D))(t)
	at95, at90 := must(HodgesLehmann(in.D, 0.95))(t), must(HodgesLehmann(in.D, 0.90))(t)
	near(t, "p", p, want.P, 1e-9)
	near(t, "estimate", at95.Estimate, want.HL, 1e-9)
	nearInterval(t, "95 %", at95.Interval, want.CI95.ends, 1e-9)
	nearInterval(t, "90 %", at90.Interval, want.CI90.ends, 1e-9)
	near(t, "95 %", at95.Interval.Level, want.CI95.Achieved, 1e-9)
	near(t, "90 %", at90.Interval.Level, want.CI90.Achieved, 1e-9)
	near(t, "limit", math.Log1p(in.Delta), want.Limit, 1e-9)
	got := Judge(Evidence{
		Rounds: len(in.D), Equivalence: at90.Interval, P: p, Direction: at95.Estimate,
		Delta: in.Delta, Alpha: in.Alpha,
	})
	if got != want.Verdict {
		t.Errorf("verdict %q, want %q", got, want.Verdict)
	}
}

// The first rule that applies decides, whatever the later ones would say.
func TestJudgeTakesTheFirstRuleThatApplies(t *testing.T) {
	differ := Interval{Lo: 0.1, Hi: 0.4, Level: 0.95}
	within, beyond := Interval{Lo: -0.01, Hi: 0.01, Level: 0.9}, Interval{Lo: 0.2, Hi: 0.4, Level: 0.9}
	for want, e := range map[Verdict]Evidence{
		InsufficientRounds:   {Rounds: 5, Success: differ, Equivalence: within, P: 0.01, Direction: 1, Delta: 0.05, Alpha: 0.05},
		NotComparable:        {Rounds: 6, Success: differ, Equivalence: within, P: 0.01, Direction: 1, Delta: 0.05, Alpha: 0.05},
		EquivalentDetectable: {Rounds: 6, Equivalence: within, P: 0.01, Direction: 1, Delta: 0.05, Alpha: 0.05},
		Equivalent:           {Rounds: 6, Equivalence: within, P: 0.05, Direction: 1, Delta: 0.05, Alpha: 0.05},
		Faster:               {Rounds: 6, Equivalence: beyond, P: 0.01, Direction: 1, Delta: 0.05, Alpha: 0.05},
		Slower:               {Rounds: 6, Equivalence: beyond, P: 0.01, Direction: -1, Delta: 0.05, Alpha: 0.05},
		Inconclusive:         {Rounds: 6, Equivalence: beyond, P: 0.05, Direction: 1, Delta: 0.05, Alpha: 0.05},
	} {
		if got := Judge(e); got != want {
			t.Errorf("%q, want %q for %+v", got, want, e)
		}
	}
}

// The limit itself is not inside, an interval that is open or absent is not
// equivalence, and no p-value above alpha becomes one.
func TestEquivalenceNeedsAnIntervalStrictlyInside(t *testing.T) {
	limit := math.Log1p(0.05)
	for _, iv := range []Interval{
		{Lo: -limit, Hi: 0, Level: 0.9},
		{Lo: 0, Hi: limit, Level: 0.9},
		{Lo: 0, Level: 0.9, Open: true},
		{},
	} {
		if got := Judge(Evidence{Rounds: 20, Equivalence: iv, P: 1, Delta: 0.05, Alpha: 0.05}); got != Inconclusive {
			t.Errorf("%+v: %q", iv, got)
		}
	}
}

// Whatever the evidence, the verdict is one of the seven that files rely on.
func TestJudgeStaysInItsSet(t *testing.T) {
	all := []Verdict{Faster, Slower, Equivalent, EquivalentDetectable, Inconclusive, InsufficientRounds, NotComparable}
	number := rapid.Float64Range(-1, 1)
	rapid.Check(t, func(t *rapid.T) {
		interval := func(name string) Interval {
			return Interval{Lo: number.Draw(t, name), Hi: number.Draw(t, name), Level: rapid.SampledFrom([]float64{0, 0.9}).Draw(t, name)}
		}
		e := Evidence{
			Rounds: rapid.IntRange(0, 20).Draw(t, "rounds"), Success: interval("success"), Equivalence: interval("equivalence"),
			P: number.Draw(t, "p"), Direction: number.Draw(t, "direction"), Delta: 0.05, Alpha: 0.05,
		}
		if v := Judge(e); !slices.Contains(all, v) {
			t.Fatalf("%q for %+v", v, e)
		}
	})
}

// Half the width takes four times the rounds; never fewer than there were.
func TestRoundsNeeded(t *testing.T) {
	limit := math.Log1p(0.05)
	for _, c := range []struct {
		half float64
		want int
	}{{2 * limit * 0.999999, 40}, {limit / 2, 10}, {1e9, 1_000_000}} {
		n := must(RoundsNeeded(10, Interval{Lo: -c.half, Hi: c.half, Level: 0.95}, 0.05))(t)
		if n != c.want {
			t.Errorf("half width %v: %d rounds, want %d", c.half, n, c.want)
		}
	}
	if n, err := RoundsNeeded(10, Interval{}, 0.05); err == nil {
		t.Errorf("%d rounds from no interval", n)
	}
}

// With m comparisons the smallest adjusted p-value of n rounds is m 2^(1-n): the
// number of rounds is the first at which that is below alpha, and no verdict
// comes out sooner, however clear the rounds are.
func TestRoundsForVerdictAreThoseThatCanDecide(t *testing.T) {
	for _, c := range []struct {
		comparisons int
		alpha       float64
		want        int
	}{{0, .05, 6}, {1, .05, 6}, {2, .05, 7}, {3, .05, 7}, {4, .05, 8}, {10, .05, 9}, {99, .05, 12}, {1, .01, 8}} {
		got := RoundsForVerdict(c.comparisons, c.alpha)
		if got != c.want {
			t.Errorf("%d comparisons at %v take %d rounds, want %d", c.comparisons, c.alpha, got, c.want)
		}
		for n := got - 1; n <= got && c.comparisons > 0; n++ {
			rounds := make([]float64, n)
			for i := range rounds {
				rounds[i] = 1 + float64(i)/100
			}
			p, err := SignedRank(rounds)
			if decides := float64(c.comparisons)*p < c.alpha; err != nil || decides != (n == got) && n >= LeastRounds {
				t.Errorf("%d comparisons at %v: %d rounds decide: %t (p = %v, error %v)", c.comparisons, c.alpha, n, decides, p, err)
			}
		}
	}
}
