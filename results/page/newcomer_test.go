package page_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/page"
)

// part is a part of a page.
func part(t *testing.T, text, from, to string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, from)
	if !found {
		t.Fatalf("the page lacks %q", from)
	}
	rest, _, _ = strings.Cut(rest, to)
	return rest
}

// TestLevelsThatFewRoundsReachAreNamed wherever a band or its ends are: five rounds have
// an interval of 93.75 % (1 - 2/2^5), four one of 87.5 %, and ten one of 95 % and more.
func TestLevelsThatFewRoundsReachAreNamed(t *testing.T) {
	for rounds, level := range map[int]string{4: "87.5 %", 5: "93.75 %"} {
		text := written(t, maker{names: many(2), rounds: rounds}.run(), page.Options{})
		for _, figure := range []string{"trials", "speedups"} {
			f := part(t, text, `<figure id="`+figure+`"`, "</figure>")
			if strings.Contains(f, "95 % interval") {
				t.Errorf("%d rounds: %s claims 95 %%", rounds, figure)
			}
			contains(t, part(t, f, "<p>", "</p>"), "interval, whose level is "+level)
			contains(t, part(t, f, "<svg", "</svg>"), level)
		}
		if f := part(t, text, `<figure id="speedups"`, "</figure>"); !strings.Contains(f, ">"+level+"</td>") {
			t.Errorf("%d rounds: the table of the speed-ups does not name the level", rounds)
		}
	}
	text := written(t, maker{names: many(2), rounds: 10}.run(), page.Options{})
	contains(t, text, "The line is the estimate, the band its 95 % interval.", "The line is the median, the band its 95 % interval,")
	few := sizes(3, nil)
	few.Design.Rounds = 4
	few.Trials = keep(few.Trials, 4)
	contains(t, written(t, few, page.Options{}), "the band is the 87.5 % interval of the median", "median, with its 87.5 % interval")
}

// keep are the trials of the first rounds.
func keep(all []results.Trial, rounds int) (some []results.Trial) {
	for i := range all {
		if all[i].Round < rounds {
			some = append(some, all[i])
		}
	}
	return some
}

// TestRoundsAreCountedFromZero, as in the journal, the warnings and the other figures.
func TestRoundsAreCountedFromZero(t *testing.T) {
	text := written(t, maker{names: many(2), rounds: 6}.run(), page.Options{})
	for _, figure := range []string{"trials", "speedups"} {
		f := part(t, text, `<figure id="`+figure+`"`, "</figure>")
		if !strings.Contains(f, "round 0: ") || strings.Contains(f, "round 6: ") {
			t.Errorf("%s counts otherwise", figure)
		}
	}
}

// TestNoAxisOfTimesThatAreNone: where every trial failed there is nothing to measure by,
// and a sentence stands in the place of the figure.
func TestNoAxisOfTimesThatAreNone(t *testing.T) {
	always := func(int, string) bool { return true }
	text := written(t, maker{names: many(2), rounds: 6, fails: always}.run(), page.Options{})
	if f := part(t, text, `<figure id="trials"`, "</figure>"); strings.Contains(f, "<svg") || !strings.Contains(f, "<p>No trial succeeded: there is no time to draw.</p>") || strings.Count(f, "<tr>") != 3 {
		t.Error("a figure is drawn with nothing in it, or the table does not say what failed")
	}
}

// TestManyContendersAreChosenAlike: of 13 the fastest and the baseline are in each
// figure, the one that a sentence names too, and no two of a picture are of one colour.
func TestManyContendersAreChosenAlike(t *testing.T) {
	run := maker{names: many(13), rounds: 12}.run()
	for i := range run.Trials {
		if q := run.Trials[i].Requests; run.Trials[i].Contender == "pool:4" {
			for k := range q {
				q[k].ServiceNS = 90e6 // in the middle of the field, and hard on its requests
			}
		}
	}
	text := written(t, run, page.Options{})
	ecdf := part(t, text, `<figure id="ecdf"`, "</figure>")
	contains(t, ecdf, "3.0x as long with pool:4", "Of 13 contenders 8 are drawn")
	for _, name := range []string{"sequential", "pool:4", "pool:13"} {
		contains(t, part(t, ecdf, `<ul class="legend">`, "</ul>"), "<span>"+name+"</span>")
	}
	lanes := part(t, text, `<figure id="waterfall"`, "</figure>")
	contains(t, lanes, ">sequential</text>", ">pool:13</text>", "Of 13 contenders 12 are drawn.")
	for figure, pattern := range map[string]string{"medians": `bar (s\d)`, "ecdf": `curve dashed (s\d)" d="[^"]*"><title>`} {
		seen := map[string]bool{}
		all := regexp.MustCompile(pattern).FindAllStringSubmatch(part(t, text, `<figure id="`+figure+`"`, "</figure>"), -1)
		for _, m := range all {
			if seen[m[1]] {
				t.Errorf("%s: two are drawn as %s", figure, m[1])
			}
			seen[m[1]] = true
		}
		if len(all) < 6 {
			t.Errorf("%s: %d are drawn", figure, len(all))
		}
	}
}

// TestRuleKeepsOutOfTheNames: 1x is marked in each lane, and not between them, where the
// names are.
func TestRuleKeepsOutOfTheNames(t *testing.T) {
	text := written(t, maker{names: many(4), rounds: 6}.run(), page.Options{})
	rules := regexp.MustCompile(`class="rule" x1="[\d.]+" y1="([\d.]+)" x2="[\d.]+" y2="([\d.]+)"`).FindAllStringSubmatch(part(t, text, `<figure id="speedups"`, "</figure>"), -1)
	if len(rules) != 3 {
		t.Fatalf("%d rules for 3 lanes", len(rules))
	}
	for i, m := range rules {
		if want := []string{fmt.Sprint(24 + 68*i), fmt.Sprint(58 + 68*i)}; m[1] != want[0] || m[2] != want[1] {
			t.Errorf("rule %d from %s to %s, want %v", i, m[1], m[2], want)
		}
	}
}

// TestAxisHoldsTheBaseline: what takes 8 times as long as the other is seen to, if it is
// what the other is held against; else it is cut, with its end in words.
func TestAxisHoldsTheBaseline(t *testing.T) {
	run := maker{names: []string{"sequential", "pool:8"}, rounds: 6}.run()
	for i := range run.Trials {
		if c := &run.Trials[i]; c.Contender == "sequential" {
			c.ElapsedNS = 1_600_000_000
		}
	}
	if f := part(t, written(t, run, page.Options{}), `<figure id="waterfall"`, "</figure>"); strings.Contains(f, "The axis is cut") {
		t.Error("the baseline is cut at 8 times")
	}
	run.Design.Baseline = "pool:8"
	f := part(t, written(t, run, page.Options{}), `<figure id="waterfall"`, "</figure>")
	contains(t, f, "The axis is cut at ", "sequential goes on to 1.60 s.", "… ends at 1.60 s →")
}
