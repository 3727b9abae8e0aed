package report_test

import (
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/fetchbench/fetchbench/results/stats"
)

// wide is a width at which no line wraps.
const wide = 300

// A wording is a comparison and the sentence that it deserves.
type wording struct {
	comparison results.Comparison
	want       string
}

// without is a comparison of which little is known but its verdict: no estimate,
// no interval, no p-value.
func without(verdict stats.Verdict, rounds int) results.Comparison {
	return results.Comparison{
		Contender: "a", Baseline: "sequential", Verdict: string(verdict), Score: results.Score{FasterIn: rounds - 1, Rounds: rounds},
	}
}

// differences are the wordings of the verdicts faster and slower.
func differences() []wording {
	// The upper end lies among failed trials of the baseline; of few rounds the
	// level is lower; nothing was adjusted.
	open := compared("a", stats.Faster, 7.9, 6.9, 0)
	open.SpeedUp.Hi, open.SpeedUp.Level, open.PHolm, open.P = nil, 0.9375, nil, some(0.0001)
	// There is an estimate but no interval.
	point := compared("a", stats.Faster, 7.9, 0, 0)
	point.SpeedUp.Lo, point.SpeedUp.Hi, point.SpeedUp.Level = nil, nil, 0
	// Of several comparisons, the verdict is about the p-value adjusted for that.
	adjusted := compared("a", stats.Faster, 7.9, 6.9, 9)
	adjusted.P, adjusted.PHolm = some(0.01), some(0.04)
	return []wording{
		{adjusted, "a is 7.9x faster (95 % interval 6.9 to 9.0, 10 of 10 rounds, p = 0.040)."},
		{compared("a", stats.Faster, 7.9, 6.9, 9), "a is 7.9x faster (95 % interval 6.9 to 9.0, 10 of 10 rounds, p = 0.002)."},
		{compared("a", stats.Faster, 1.051, 1.049, 1.06), "a is 1.05x faster (95 % interval 1.05 to 1.06, 10 of 10 rounds, p = 0.002)."},
		{open, "a is 7.9x faster (93.75 % interval 6.9 or more, 10 of 10 rounds, p < 0.001)."},
		{point, "a is 7.9x faster (10 of 10 rounds, p = 0.002)."},
		{without(stats.Faster, 9), "a is faster (8 of 9 rounds)."},
		// A slowdown is 1 / speed-up: 0.8 is 1.25, the interval 0.5 to 0.9 is 1.11 to 2.
		{
			compared("a", stats.Slower, 0.8, 0.5, 0.9),
			"a is 1.2x slower (95 % interval 1.11 to 2.00, faster in 10 of 10 rounds, p = 0.002).",
		},
		// A lower end of 0 lies among failed trials of the contender.
		{
			compared("a", stats.Slower, 0.5, 0, 0.625),
			"a is 2.0x slower (95 % interval 1.6 or more, faster in 10 of 10 rounds, p = 0.002).",
		},
		{without(stats.Slower, 9), "a is slower (faster in 8 of 9 rounds)."},
	}
}

// indifferences are the wordings of the verdicts that say of no contender that
// it is the better one.
func indifferences() []wording {
	nothing := compared("a", stats.Inconclusive, 1, 0, 0)
	nothing.SpeedUp.Hi = nil
	return []wording{
		{
			compared("a", stats.Equivalent, 1.001, 0.99, 1.01),
			"a and sequential are equivalent (speed-up 1.001, 95 % interval 0.990 to 1.010, 10 rounds).",
		},
		{without(stats.Equivalent, 9), "a and sequential are equivalent (9 rounds)."},
		{
			compared("a", stats.EquivalentDetectable, 1.02, 1.019, 1.0215),
			"a and sequential are equivalent: the difference is detectable but negligible " +
				"(speed-up 1.02, 95 % interval 1.019 to 1.022, p = 0.002).",
		},
		{
			compared("a", stats.Inconclusive, 1, 0.5, 1.5),
			"a: inconclusive: a difference between 2.0x slower and 1.5x faster is not excluded (10 rounds, p = 0.002).",
		},
		{
			nothing,
			"a: inconclusive: a difference between any number of times slower and any number of times faster " +
				"is not excluded (10 rounds, p = 0.002).",
		},
		{without(stats.Inconclusive, 9), "a: inconclusive: neither a difference nor its absence is shown (9 rounds)."},
		// The plan has ten rounds, so that asking for six would be no way out.
		{without(stats.InsufficientRounds, 5), "5 rounds are too few for a verdict; it takes 6."},
		{without(stats.InsufficientRounds, 1), "1 round is too few for a verdict; it takes 6."},
		{without(stats.InsufficientRounds, 0), "a: no comparison with sequential, because there is no round in which both succeeded."},
		{without(stats.NotComparable, 9), "a is not comparable with sequential: success rates differ (– and 10 of 10 trials ok)."},
		{without("brand\x1bnew", 9), `a: brand\x1bnew.`},
	}
}

// TestSentenceSaysNoMoreThanItsVerdict words each verdict, and what to say when
// the numbers that usually go with it are not there.
func TestSentenceSaysNoMoreThanItsVerdict(t *testing.T) {
	for _, c := range append(differences(), indifferences()...) {
		j := article()
		j.Comparisons = []results.Comparison{c.comparison}
		out := text(t, j, report.Options{Width: wide})
		if !strings.Contains(out, "\n"+c.want+"\n") {
			t.Errorf("%+v: no line %q in\n%s", c.comparison, c.want, out)
		}
	}
}

// TestFewRoundsAreSaidOnce: a plan of five rounds can have no verdict at all.
func TestFewRoundsAreSaidOnce(t *testing.T) {
	j := article()
	j.Run.Design.Rounds = 5
	for _, name := range []string{"a", "b"} {
		c := compared(name, stats.InsufficientRounds, 7.9, 6.9, 9)
		c.Rounds = 5
		j.Comparisons = append(j.Comparisons, c)
	}
	j.Comparisons = j.Comparisons[1:]
	out := text(t, j, report.Options{})
	if got := strings.Count(out, "5 rounds are too few for a verdict; use --rounds 7 or more."); got != 1 || strings.Contains(out, "faster") {
		t.Errorf("said %d times:\n%s", got, out)
	}
	j.Comparisons[0].Rounds = 4
	if out = text(t, j, report.Options{}); !strings.Contains(out, "a: 4 rounds are too few") || !strings.Contains(out, "b: 5 rounds are too few") {
		t.Errorf("not told apart:\n%s", out)
	}
}

// TestBaselineIsNamedWhereItIsNotTheFirst row, which a reader takes for it.
func TestBaselineIsNamedWhereItIsNotTheFirst(t *testing.T) {
	j := article()
	j.Contenders[0], j.Contenders[1] = j.Contenders[1], j.Contenders[0]
	if out := text(t, j, report.Options{Width: wide}); !strings.Contains(out, "goroutines is 7.9x faster than sequential (95 %") {
		t.Errorf("got\n%s", out)
	}
}

// TestLimitsNeedTheirData: the slowest call counts when made alone, so there has
// to be a successful trial that made its calls one at a time.
func TestLimitsNeedTheirData(t *testing.T) {
	const end, far = "More cannot help: the slowest call alone takes 0.40 s.",
		"limits: 0.40 s = the slowest single call · 3.64 s = all calls one after the other"
	for name, c := range map[string]struct {
		change func(*results.Run)
		want   string
	}{
		// The median slowest call of rounds 0 to 9 is 404.5 ms, of sums nine times that.
		"reached":       {func(*results.Run) {}, end},
		"by ten":        {func(r *results.Run) { stretch(r, "goroutines", 1.08) }, end},
		"not reached":   {func(r *results.Run) { stretch(r, "goroutines", 1.1) }, far},
		"no sequential": {func(r *results.Run) { r.Contenders[0].Asked = 2 }, ""},
		"failed alone":  {func(r *results.Run) { fail(r, "sequential") }, ""},
		"failed itself": {func(r *results.Run) { fail(r, "goroutines") }, ""},
		"no latencies": {func(r *results.Run) {
			for i := range r.Trials {
				r.Trials[i].Tally.Flight = results.Flight{}
			}
		}, ""},
		"no trials": {func(r *results.Run) { r.Trials = nil }, ""},
		"warm-up only": {func(r *results.Run) {
			for i := range r.Trials {
				r.Trials[i].Round = -1
			}
		}, ""},
	} {
		j := article()
		c.change(j.Run)
		out := text(t, j, report.Options{Width: wide})
		got := ""
		for line := range strings.Lines(out) {
			if strings.HasPrefix(line, "More") || strings.HasPrefix(line, "limits") {
				got += strings.TrimSuffix(line, "\n")
			}
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// stretch makes the trials of a contender longer.
func stretch(r *results.Run, name string, by float64) {
	for i := range r.Trials {
		if t := &r.Trials[i]; t.Contender == name {
			t.ElapsedNS = int64(by * float64(time.Duration(t.ElapsedNS)))
		}
	}
}

// fail makes the trials of a contender fail.
func fail(r *results.Run, name string) {
	for i := range r.Trials {
		if t := &r.Trials[i]; t.Contender == name {
			t.Outcome = results.Failed
		}
	}
}
