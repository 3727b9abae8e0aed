package report_test

import (
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// TestAccountIsOfThisRun changes one thing of the article run and says what the
// report then says, and no longer says.
func TestAccountIsOfThisRun(t *testing.T) {
	for name, c := range map[string]struct {
		change       func(*results.Judgement)
		want, absent string
	}{
		"plain": {func(*results.Judgement) {}, "200 planned = 200 ok + 0 failed · 200 on the wire · 110 connections · upstream saw the same\n", "ATTENTION"},
		"real endpoints": {func(j *results.Judgement) {
			for i := range j.Run.Trials {
				j.Run.Trials[i].Seen = nil
			}
		}, "110 connections\n", "upstream"},
		// To be silent about one trial is not to agree on it.
		"upstream was not asked once": {func(j *results.Judgement) { j.Run.Trials[3].Seen = nil }, "110 connections\n", "upstream"},
		"upstream differs": {
			func(j *results.Judgement) { j.Run.Trials[3].Seen.Differs = []string{"connections"} },
			"ATTENTION: the upstream saw something else in 1 of 20 trials; do not trust this run. First: goroutines, round 1: connections.\n",
			"saw the same",
		},
		"upstream differs in a warm-up round only": {func(j *results.Judgement) {
			j.Run.Trials[0].Round, j.Run.Trials[1].Round = -1, -1
			j.Run.Trials[1].Seen.Differs = []string{"connections"}
		}, "First: goroutines, round -1: connections.", "saw the same"},
		"requests are lost": {
			func(j *results.Judgement) { j.Requests.OK = 199 },
			"ATTENTION: 200 requests were planned but 199 are accounted for; do not trust this run.\n", "200 ok",
		},
		"warm-up": {func(j *results.Judgement) { j.Requests.Warmup = 20 }, "200 on the wire + 20 warm-up · 110", ""},
		"unseen": {func(j *results.Judgement) {
			for i := range j.Run.Trials[:3] {
				t := &j.Run.Trials[i]
				t.Seen, t.Claimed, t.Tally.OK = nil, &results.Claimed{}, 10
			}
		}, " + 0 failed · 30 of the ok by their own word · 200 on the wire", ""},
		"redirects": {func(j *results.Judgement) { j.Requests.Redirects = 1 }, " · 1 redirect · ", ""},
		"mock":      {func(j *results.Judgement) { j.Run.Target.Form = "mock" }, "\nscheduling only: ", ""},
		"no mock":   {func(*results.Judgement) {}, "", "scheduling only"},
		"tenth":     {func(j *results.Judgement) { j.Run.Target.Scale = 0.1 }, "\nat a tenth of the profile's latencies\n", "scaled"},
		"scaled":    {func(j *results.Judgement) { j.Run.Target.Scale = 0.25 }, "\nlatencies scaled by 0.25\n", "tenth"},
		"as it is":  {func(*results.Judgement) {}, "", "latencies"},
		"cut short": {func(j *results.Judgement) {
			j.Run.Complete, j.Run.Trials = false, j.Run.Trials[:3]
		}, "incomplete: 1 of 10 rounds done\nType", "()"},
		"aborted": {func(j *results.Judgement) {
			j.Run.Complete, j.Run.Reason = false, "time limit"
			j.Run.Trials[19].Outcome = results.Aborted
		}, "incomplete: 9 of 10 rounds done (time limit)\n", ""},
	} {
		j := article()
		c.change(j)
		out := text(t, j, report.Options{Width: wide})
		if !strings.Contains(out, c.want) || c.absent != "" && strings.Contains(out, c.absent) {
			t.Errorf("%s: want %q and no %q in\n%s", name, c.want, c.absent, out)
		}
	}
}

// TestTableOfLittle: a report must be there, and make no number up, for runs of
// which there is little to say.
func TestTableOfLittle(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*results.Judgement)
		want   string
	}{
		"one contender": {func(j *results.Judgement) {
			j.Contenders, j.Comparisons = j.Contenders[:1], nil
		}, "Type        Average (s)  Median (s)  95 % interval  in flight  of the best possible\n" +
			"sequential         4.07        3.42   3.25 .. 4.10        1.0                  99 %\n"},
		"one round": {func(j *results.Judgement) {
			j.Contenders, j.Comparisons = j.Contenders[1:], nil
			j.Contenders[0].MedianCI, j.Contenders[0].Trials, j.Contenders[0].OK = nil, 1, 1
		}, "Type        Average (ms)  Median (ms)  in flight  of the best possible\n" +
			"goroutines           532          406        7.7                  99 %\n"},
		// The widest interval for the median of four has a level of 1 - 2/2^4.
		"four rounds": {func(j *results.Judgement) {
			j.Contenders, j.Comparisons = j.Contenders[:1], nil
			j.Contenders[0].MedianCI.Level = 0.875
		}, "  87.5 % interval  "},
		"no sequential contender": {func(j *results.Judgement) {
			j.Contenders, j.Comparisons = j.Contenders[1:], nil
			j.Contenders[0].Efficiency, j.Contenders[0].MedianCI = nil, nil
		}, "Type        Average (ms)  Median (ms)  in flight\n" +
			"goroutines           532          406        7.7\n"},
		"all failed": {func(j *results.Judgement) {
			j.Contenders, j.Comparisons = j.Contenders[1:], nil
			j.Contenders[0] = results.Contender{Name: "goroutines", Trials: 10}
		}, "Type          ok  Average (s)   Median (s)\n" +
			"goroutines  0/10            –  not reached\n"},
		"no contender": {func(j *results.Judgement) {
			j.Contenders, j.Comparisons, j.Run.Trials = nil, nil, nil
		}, "Type  Average (s)  Median (s)\n\n"},
		// Two digits are left of the shortest time, 4.2 µs.
		"microseconds": {func(j *results.Judgement) {
			j.Contenders, j.Comparisons = []results.Contender{contender("mock", 2, 0.0000421, 0.0000042)}, nil
		}, "Type  Average (µs)  Median (µs)  95 % interval  in flight  of the best possible\n" +
			"mock         42.10         4.20   3.99 .. 5.04        1.5                  99 %\n"},
	} {
		j := article()
		c.change(j)
		if out := text(t, j, report.Options{Width: wide}); !strings.Contains(out, c.want) {
			t.Errorf("%s: want\n%s\ngot\n%s", name, c.want, out)
		}
	}
}

// TestWarningsAreOneLineEach, name the contender once, and are in the text only
// where that was asked for.
func TestWarningsAreOneLineEach(t *testing.T) {
	j := article()
	j.Warnings = []results.Warning{
		{Code: "a", Text: "this machine was the limit", Hint: "use fewer in flight"},
		{Code: "b", Contender: "pool:4", Text: "asked for 4, got 1.0 in flight"},
		{Code: "c", Contender: "pool:4", Text: "pool:4 blocks\n\x1b[31m"},
	}
	want := []string{
		"warning: this machine was the limit; use fewer in flight",
		"warning: pool:4: asked for 4, got 1.0 in flight",
		`warning: pool:4 blocks\n\x1b[31m`,
	}
	got := report.Warnings(j)
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", got, want)
	}
	if strings.Contains(text(t, j, report.Options{}), "warning") {
		t.Error("warnings are in the text although nobody asked")
	}
	if !strings.HasSuffix(text(t, j, report.Options{Warnings: true}), strings.Join(want, "\n")+"\n") {
		t.Error("warnings are not in the text although asked for")
	}
}
