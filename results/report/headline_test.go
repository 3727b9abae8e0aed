package report_test

import (
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/fetchbench/fetchbench/results/stats"
	"github.com/google/go-cmp/cmp"
)

// TestLeadSaysWhatWasFound: what is faster than what, how sure that is, and why. The
// figures are those that article puts down.
func TestLeadSaysWhatWasFound(t *testing.T) {
	want := report.Headline{
		Claim: "goroutines is 7.9x faster than sequential", Tone: report.Good,
		Evidence: "95 % interval 6.9 to 9.0, faster in 10 of 10 rounds, p = 0.002",
		Reasons:  []string{"goroutines had 7.7 requests in flight (median over the trials), sequential 1.0.", "More cannot help: the slowest call alone takes 0.40 s."},
	}
	if diff := cmp.Diff(want, report.Lead(article())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestLeadSaysNoMoreThanTheVerdict: an estimate far from 1 is no claim by itself.
func TestLeadSaysNoMoreThanTheVerdict(t *testing.T) {
	for verdict, claim := range map[stats.Verdict]string{
		stats.Faster:             "goroutines is 7.9x faster than sequential",
		stats.Slower:             "goroutines is 0.13x slower than sequential",
		stats.Equivalent:         "goroutines and sequential are equivalent",
		stats.Inconclusive:       "goroutines: inconclusive: its interval has 6.9x faster to 9.0x faster, but p = 0.002 is not below 0.05",
		stats.InsufficientRounds: "10 rounds are too few for a verdict; it takes 6",
		stats.NotComparable:      "goroutines is not comparable with sequential: success rates differ",
		"a later verdict":        "goroutines: a later verdict",
	} {
		j := article()
		j.Comparisons[0].Verdict = string(verdict)
		if got := report.Lead(j); got.Claim != claim {
			t.Errorf("%s: %q, want %q", verdict, got.Claim, claim)
		}
	}
}

// TestLeadSpeaksOfTheOneToUse: of several, and of none where none is shown to be faster.
func TestLeadSpeaksOfTheOneToUse(t *testing.T) {
	j := article()
	j.Contenders = append(j.Contenders, contender("pool:4", 4, 1.2, 1.1))
	j.Comparisons = append([]results.Comparison{compared("pool:4", stats.Faster, 3.1, 3, 3.2)}, j.Comparisons...)
	j.Advice = &results.Advice{Use: "goroutines"}
	if got := report.Lead(j).Claim; got != "goroutines is 7.9x faster than sequential" {
		t.Errorf("one to use: %q", got)
	}
	j.Advice = &results.Advice{}
	if got := report.Lead(j).Claim; got != "Nothing here is shown to be faster than sequential" {
		t.Errorf("none to use: %q", got)
	}
}

// TestLeadOfLessThanAComparison: one contender has a time, none has none.
func TestLeadOfLessThanAComparison(t *testing.T) {
	j := article()
	j.Comparisons, j.Contenders = nil, j.Contenders[:1]
	if got := report.Lead(j); got.Claim != "sequential takes 3.42 s" || got.Tone != report.Even {
		t.Errorf("%+v", got)
	}
	j.Contenders[0].Median = nil
	if got := report.Lead(j); !strings.HasPrefix(got.Claim, "No trial succeeded") || got.Tone != report.Bad {
		t.Errorf("%+v", got)
	}
}

// TestLeadIsClean: a name is somebody else's text.
func TestLeadIsClean(t *testing.T) {
	j := article()
	j.Contenders[1].Name, j.Comparisons[0].Contender = "\x1b[31m", "\x1b[31m"
	h := report.Lead(j)
	if all := h.Claim + h.Evidence + strings.Join(h.Reasons, ""); strings.Contains(all, "\x1b") || !strings.Contains(all, `\x1b[31m`) {
		t.Errorf("%+v", h)
	}
	if got := report.Name("\x1b"); got != `\x1b` {
		t.Errorf("name %q", got)
	}
	if got := report.Multiple(8.24); got != "8.2x" {
		t.Errorf("multiple %q", got)
	}
}

// TestLeadSaysWhatFailed: where failures keep a verdict from being given they are the reason.
func TestLeadSaysWhatFailed(t *testing.T) {
	j := article()
	j.Comparisons[0].Verdict = string(stats.NotComparable)
	j.Requests = results.Requests{Count: results.Count{Planned: 200, OK: 197, Failed: 3}, ByClass: map[string]int{results.ClassOK: 197, "reset": 3}}
	if diff := cmp.Diff([]string{"3 of 200 requests failed (3 reset)."}, report.Lead(j).Reasons); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestLeadOfNothing: a run without a whole round has not failed, and one in which every
// request failed says so and how, in the headline and once below the table.
func TestLeadOfNothing(t *testing.T) {
	early := article()
	early.Run.Trials = early.Run.Trials[:1]
	refused := article()
	refused.Requests = results.Requests{Count: results.Count{Planned: 200, Failed: 200}, ByClass: map[string]int{"refused": 200}}
	mixed := article()
	mixed.Requests = results.Requests{Count: results.Count{Planned: 200, Failed: 200}, ByClass: map[string]int{"refused": 150, "timeout": 50}}
	for _, test := range []struct {
		j    *results.Judgement
		want string
		tone report.Tone
	}{
		{early, "No round is complete yet: there is nothing to compare", report.Even},
		{refused, "All 200 requests failed: refused", report.Bad},
		{mixed, "All 200 requests failed: 150 refused, 50 timeout", report.Bad},
	} {
		test.j.Comparisons[0] = compared("goroutines", stats.InsufficientRounds, 1, 1, 1)
		test.j.Comparisons[0].SpeedUp, test.j.Comparisons[0].Rounds = nil, 0
		if got := report.Lead(test.j); got.Claim != test.want || got.Tone != test.tone || len(got.Reasons) > 0 || got.Evidence != "" {
			t.Errorf("%+v, want %q", got, test.want)
		}
		if got := text(t, test.j, report.Options{}); strings.Count(got, test.want+".\n") != 1 || strings.Contains(got, "no comparison") {
			t.Errorf("the text is %s", got)
		}
	}
}
