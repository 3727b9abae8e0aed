package results_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// hundred turns the trials of a steady run into batches of a hundred requests of
// fifty bytes each.
func hundred() *results.Run {
	run := steady()
	run.Target.Requests = 100
	each(run, "", func(t *results.Trial) {
		t.Tally.Count = results.Count{Planned: 100, OK: 100}
		t.Tally.Attempts, t.Tally.Bytes = 100, 5000
		t.Seen = &results.Seen{Requests: 100}
	})
	return run
}

// A cheat is what a contender does, how the harness records it, and the warning
// that it has to bring.
type cheat struct {
	name  string
	trial func(*results.Trial)
	code  string
	words string
}

// cheats are those of folklore: less work, work left out or made twice,
// times that end before the work does.
func cheats() []cheat {
	return []cheat{
		{
			"fewer bytes", func(t *results.Trial) { t.Tally.Bytes = 4950 },
			results.WarnBytes, "in round 0 sequential got 5000 bytes and pool:2 4950, and 11 more rounds differ",
		},
		{
			"bodies not read", func(t *results.Trial) { t.Tally.Bytes = 0 },
			results.WarnBytes, "in round 0 sequential got 5000 bytes and pool:2 0",
		},
		{
			"one in a hundred dropped", func(t *results.Trial) {
				t.Outcome, t.Tally.Count = results.Failed, results.Count{Planned: 100, OK: 99, NotStarted: 1}
			}, results.WarnFailed, "in 12 trials the strategy left requests out or made them twice",
		},
		{
			"one in a hundred made twice", func(t *results.Trial) {
				t.Outcome, t.Seen.Requests, t.Seen.Differs = results.Failed, 101, []string{"requests: 101 seen, 100 made"}
			}, results.WarnUpstream, "the upstream disagrees on pool:2 in round 0: requests: 101 seen, 100 made (and in 11 more trials)",
		},
		{
			"reported early", func(t *results.Trial) { t.Seen.Differs = []string{"requests: 50 still under way"} },
			results.WarnUpstream, "pool:2 in round 0: requests: 50 still under way",
		},
	}
}

// TestCheatsAreCaught: each brings its warning before all others, the verdict
// that forbids to speak of speed, and no advice. Done once in twelve rounds it is
// caught as well.
func TestCheatsAreCaught(t *testing.T) {
	equal(t, "honest", results.Compare(hundred(), "sequential")[0].Verdict, string(stats.Faster))
	for _, c := range cheats() {
		run := hundred()
		each(run, "pool:2", c.trial)
		j := results.Judge(run)
		if w := j.Warnings[0]; w.Code != c.code || !strings.Contains(w.Text, c.words) {
			t.Errorf("%s: %+v, want %s: %q", c.name, w, c.code, c.words)
		}
		equal(t, c.name+": verdict", j.Comparisons[0].Verdict, string(stats.NotComparable))
		equal(t, c.name+": advice", j.Advice, (*results.Advice)(nil))
	}
	for _, c := range cheats() {
		run := hundred()
		c.trial(&run.Trials[7])
		j := results.Judge(run)
		equal(t, c.name+" once", j.Warnings[0].Code, c.code)
		// A trial that was recorded as failed is one failure in twelve, no more.
		want := string(stats.NotComparable)
		if c.code == results.WarnFailed {
			want = string(stats.Faster)
		}
		equal(t, c.name+" once: verdict", j.Comparisons[0].Verdict, want)
	}
}

// TestWhoDidLessIsFailed on either side, for the round in which he did, and whom
// the upstream refutes in all that he claims, the bytes included.
func TestWhoDidLessIsFailed(t *testing.T) {
	run := hundred()
	run.Trials[2].Tally.Bytes = 1 // sequential in round 1
	run.Trials[5].Tally.Bytes = 1 // pool:2 in rounds 2 and 4
	run.Trials[9].Tally.Bytes = 1
	run.Trials[7].Seen.Differs = []string{"x"} // pool:2 in round 3
	run.Trials[7].Tally.Bytes = 1e6
	got := results.Compare(run, "sequential")[0]
	equal(t, "rounds", [3]int{got.Rounds, got.FasterIn, got.UnequalIn}, [3]int{12, 9, 4})
	equal(t, "method", got.SpeedUp.Method, "worst-rank median")
	equal(t, "no mean", got.RatioOfMeans, (*results.Ratio)(nil))
	want, err := stats.Newcombe(11, 12, 9, 12, 0.95)
	must(t, err)
	equal(t, "difference of success rates", got.SuccessDifference, &results.Shares{Lo: want.Lo, Hi: want.Hi})
	w, _ := find(run, results.WarnBytes, "pool:2")
	if want := "in round 1 sequential got 1 bytes and pool:2 5000, and 3 more rounds differ"; !strings.Contains(w.Text, want) {
		t.Errorf("%q does not say %q", w.Text, want)
	}
}

// TestAVerdictNeedsItsRoundsFirst: of five rounds nothing is said, not even that
// they are not comparable.
func TestAVerdictNeedsItsRoundsFirst(t *testing.T) {
	run := hundred()
	run.Trials = run.Trials[:10]
	run.Trials[5].Tally.Bytes = 1
	equal(t, "verdict", results.Compare(run, "sequential")[0].Verdict, string(stats.InsufficientRounds))
}

// TestManyAlikeBecomeOne: four contenders with the same trouble are one warning,
// three are three.
func TestManyAlikeBecomeOne(t *testing.T) {
	for n, want := range map[int]int{2: 2, 3: 3, 4: 1, 8: 1} {
		names, times := []string{"sequential"}, [][]float64{{1, 1, 1, 1, 1, 1, 1, 1, 1}}
		for i := range n {
			names, times = append(names, fmt.Sprintf("pool:%d", 2+i)), append(times, times[0])
		}
		run := timed(names, times...)
		run.Target.Form = "process"
		for i := range run.Trials {
			run.Trials[i].Tally.Flight.Max = 1 // each of them blocks
		}
		got := results.Judge(run).Warnings
		equal(t, "warnings", len(got), want)
		equal(t, "code", got[0].Code, results.WarnBlocked)
		if text := got[0].Text; n == 8 && !strings.HasSuffix(text, "much the same holds for pool:3, pool:4, pool:5, pool:6, pool:7 and 2 more") {
			t.Errorf("got %q", text)
		}
		equal(t, "about one", got[0].Contender == "", n > 3)
	}
}

// TestAnswersMayDifferByAShare: a time of day makes a byte, and no less work; what the
// embedded upstream sends is always the same.
func TestAnswersMayDifferByAShare(t *testing.T) {
	run := hundred()
	run.Target.Embedded = ""
	each(run, "pool:2", func(t *results.Trial) { t.Tally.Bytes = 4950 })
	equal(t, "rounds that differ", results.Compare(run, "sequential")[0].UnequalIn, 0)
	if w, found := find(run, results.WarnBytes, "pool:2"); found {
		t.Errorf("one in a hundred: %v", w)
	}
	run.Target.Embedded = "constant"
	equal(t, "rounds that differ from the embedded upstream", results.Compare(run, "sequential")[0].UnequalIn, 12)
	if w, found := find(run, results.WarnBytes, "pool:2"); !found {
		t.Errorf("nothing is said of the embedded upstream: %v", w)
	}
}

// TestRoutesThatDifferDoNotReadAlike: what they fetch from an embedded upstream does not
// change, so that it is no advice to fetch something else, as it is elsewhere; pages
// themselves may differ.
func TestRoutesThatDifferDoNotReadAlike(t *testing.T) {
	run := hundred()
	run.Target.Embedded = ""
	each(run, "pool:2", func(t *results.Trial) { t.Tally.Bytes = 40 })
	w, _ := find(run, results.WarnBytes, "pool:2")
	equal(t, "hint of strategies", w.Hint, "they did not do the same work: fetch something that does not change, or leave bodies unread with --body headers")
	run.Target.Embedded = "slow-body"
	w, _ = find(run, results.WarnBytes, "pool:2")
	equal(t, "hint of any", w.Hint, "they did not do the same work: one of them does not read its bodies: have both read them, or neither")
	for i := range run.Contenders {
		run.Contenders[i].Route = "http://127.0.0.1:5000/"
	}
	w, _ = find(run, results.WarnBytes, "pool:2")
	equal(t, "hint of routes", w.Hint, "they did not do the same work: one of them does not read its bodies: have both read them, or neither")
	each(run, "sequential", func(t *results.Trial) { t.Tally.Bytes = 691 })
	each(run, "pool:2", func(t *results.Trial) { t.Tally.Bytes = 679 })
	w, _ = find(run, results.WarnBytes, "pool:2")
	equal(t, "hint of routes that draw", w.Hint, "they did not do the same work: they fetched other content: have both fetch the same, with the same seed where it is drawn")
	run.Target.Embedded = ""
	if w, found := find(run, results.WarnBytes, "pool:2"); found {
		t.Errorf("pages are compared: %v", w)
	}
}

// TestBytesThatNobodyCountedAreNotHeldAgainstAnybody: a command that fetches from real
// endpoints has 0 bytes in the journal, which is not what it got.
func TestBytesThatNobodyCountedAreNotHeldAgainstAnybody(t *testing.T) {
	for _, name := range []string{"sequential", "pool:2"} { // the baseline, and the other
		run := hundred()
		run.Target.Embedded = ""
		each(run, "", func(t *results.Trial) { t.Seen = nil })
		each(run, name, func(t *results.Trial) { t.Tally.Bytes, t.Claimed = 0, &results.Claimed{} })
		equal(t, "rounds that differ", results.Compare(run, "sequential")[0].UnequalIn, 0)
		if w, found := find(run, results.WarnBytes, "pool:2"); found {
			t.Errorf("%s: %v", name, w)
		}
		each(run, name, func(t *results.Trial) { t.Claimed.Records = true })
		equal(t, "rounds that differ by records", results.Compare(run, "sequential")[0].UnequalIn, 12)
	}
}
