package report_test

import (
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/fetchbench/fetchbench/results/stats"
)

// TestTooFewIsKnownBeforeTheFirstRequest: 6 rounds carry one comparison at 5 %, two take
// 7, ten take 9; a sweep gives no verdict, and takes 10 for more than a provisional size.
func TestTooFewIsKnownBeforeTheFirstRequest(t *testing.T) {
	header := func(contenders, rounds int, sweep bool) results.Header {
		h := results.Header{Contenders: make([]results.Column, contenders), Design: results.Design{Rounds: rounds}}
		h.Design.Sweep = sweep
		return h
	}
	for want, h := range map[string]results.Header{
		"5 rounds are too few for a verdict: it takes 6":                                     header(2, 5, false),
		"6 rounds are too few to show in 2 comparisons that one is faster: it takes 7":       header(3, 6, false),
		"3 rounds are too few for a verdict: it takes 7":                                     header(3, 3, false),
		"1 round is too few for a recommendation that is more than provisional: it takes 10": header(3, 1, true),
		"8 rounds are too few to show in 10 comparisons that one is faster: it takes 9":      header(11, 8, false),
		"": header(3, 7, false),
	} {
		if got := report.TooFew(h); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for name, h := range map[string]results.Header{"alone": header(1, 1, false), "one": header(2, 6, false), "swept": header(13, 10, true)} {
		if got := report.TooFew(h); got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// short is a run of six rounds and two comparisons, which can have no verdict.
func short() *results.Judgement {
	j := article()
	j.Run.Design.Rounds, j.Run.Trials = 6, j.Run.Trials[:12]
	j.Contenders = append(j.Contenders, contender("pool:4", 4, 1.2, 1.1))
	j.Comparisons = []results.Comparison{compared("pool:4", stats.Inconclusive, 3.8, 3.5, 4), compared("goroutines", stats.Inconclusive, 4.9, 4.5, 5.2)}
	for i := range j.Comparisons {
		j.Comparisons[i].Rounds, j.Comparisons[i].PHolm = 6, some(0.0625)
	}
	j.Advice = &results.Advice{}
	return j
}

// TestLeadOfTooFewRoundsHasTheNumber, and what it lacks to be a verdict.
func TestLeadOfTooFewRoundsHasTheNumber(t *testing.T) {
	j := short()
	got := report.Lead(j)
	if want := "goroutines: 4.9x against sequential, but 6 rounds are too few for 2 comparisons; use 7 or more"; got.Claim != want || got.Tone != report.Even {
		t.Errorf("%q (%s), want %q", got.Claim, got.Tone, want)
	}
	if out := text(t, j, report.Options{Width: wide}); !strings.Contains(out, "Nothing here can be shown to be faster than sequential in 6 rounds.") {
		t.Errorf("the advice says more than six rounds can:\n%s", out)
	}
	slower := article()
	slower.Run.Design.Rounds = 1
	slower.Comparisons = []results.Comparison{compared("goroutines", stats.InsufficientRounds, 0.5, 0, 0)}
	slower.Comparisons[0].Rounds, slower.Comparisons[0].SpeedUp.Lo, slower.Comparisons[0].SpeedUp.Hi = 1, nil, nil
	if got, want := report.Lead(slower).Claim, "goroutines: 2.0x slower against sequential, but 1 round is too few for a verdict; use 6 or more"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestRoundsThatFailedAreTheCause: of ten rounds seven failed for both, and more of the
// same would not help.
func TestRoundsThatFailedAreTheCause(t *testing.T) {
	j := article()
	for i := range j.Run.Trials {
		if j.Run.Trials[i].Round < 7 {
			j.Run.Trials[i].Outcome = results.Failed
		}
	}
	j.Comparisons = []results.Comparison{compared("goroutines", stats.InsufficientRounds, 14.7, 9.7, 14.9)}
	j.Comparisons[0].Rounds = 3
	want := "In 7 of 10 rounds both trials failed; the 3 rounds left are too few for a verdict, which takes 6"
	if got := report.Lead(j); got.Claim != want || got.Tone != report.Bad {
		t.Errorf("%q (%s), want %q", got.Claim, got.Tone, want)
	}
	if out := text(t, j, report.Options{Width: wide}); !strings.Contains(out, want+".\n") {
		t.Errorf("the text does not say so:\n%s", out)
	}
	// In the three that are left one of the two failed as well.
	for i := range j.Run.Trials {
		if j.Run.Trials[i].Contender == "goroutines" {
			j.Run.Trials[i].Outcome = results.Failed
		}
	}
	want = "In 7 of 10 rounds both trials failed; the 3 rounds left, of which both succeeded in 0, are too few for a verdict, which takes 6"
	if got := report.Lead(j); got.Claim != want {
		t.Errorf("%q, want %q", got.Claim, want)
	}
}

// TestMarkdownHasTheWarnings with their hints, and nothing in them is markup.
func TestMarkdownHasTheWarnings(t *testing.T) {
	j := article()
	j.Warnings = []results.Warning{{Code: results.WarnMock, Text: "scheduling <b>only</b>", Hint: "use *a* server"}}
	var out strings.Builder
	if err := report.Markdown(&out, j, report.Options{}); err != nil {
		t.Fatal(err)
	}
	if want := `- warning: scheduling &lt;b&gt;only&lt;/b&gt;; use \*a\* server` + "\n"; strings.Count(out.String(), want) != 1 {
		t.Errorf("%q is not there once:\n%s", want, out.String())
	}
}

// TestSidesSpeakOfPairs, by the flag that there is, and name the level that so few reach.
func TestSidesSpeakOfPairs(t *testing.T) {
	j := article()
	j.Run.Design.Rounds, j.Run.Design.Sides = 5, true
	j.Comparisons = []results.Comparison{compared("goroutines", stats.InsufficientRounds, 1.5, 1.4, 1.6)}
	j.Comparisons[0].Rounds, j.Comparisons[0].SpeedUp.Level = 5, 0.9375
	var out strings.Builder
	if err := report.Sides(&out, j, report.Options{Width: wide}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"5 rounds are too few for a verdict; use --pairs 6 or more.", "93.75 % interval"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "smallest change") {
		t.Errorf("so few pairs say what they can see:\n%s", out.String())
	}
	out.Reset()
	j.Run.Design.AA = true
	if err := report.Sides(&out, j, report.Options{Width: wide}); err != nil || !strings.Contains(out.String(), "5 rounds do not say what the smallest change is") {
		t.Errorf("%v\n%s", err, out.String())
	}
}
