package results_test

import (
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// TestTrialsThatHungAreTold with their rounds, warm-up included, and are not said
// to have run out of time besides.
func TestTrialsThatHungAreTold(t *testing.T) {
	hang := func(trial *results.Trial) {
		trial.Outcome, trial.Goroutines = results.Timeout, "goroutine 1 [select]"
	}
	warmup := succeeded(-1, "pool:2", 1e9)
	hang(&warmup)
	check(t, []spoiler{
		{
			"twice", func(r *results.Run) { hang(second(r)); hang(&r.Trials[7]) }, "hung pool:2",
			"pool:2 did not end and was given up in 2 trials (round 1, 3): it counts as failed there",
		},
		{"in a warm-up round", func(r *results.Run) { r.Trials = append(r.Trials, warmup) }, "hung pool:2", "in 1 trial (round -1)"},
		{"it ended", func(r *results.Run) { second(r).Outcome = results.Timeout }, "failed-requests pool:2", "reached the time limit"},
	})
}

// TestExtraLoadIsTold from one attempt in a hundred on: in six rounds 600 requests took
// 636 attempts, and 36 were for nothing, that is 6 %.
func TestExtraLoadIsTold(t *testing.T) {
	sent := func(attempts, wasted int) func(*results.Run) {
		return func(r *results.Run) {
			each(r, "pool:2", func(t *results.Trial) { t.Tally.Attempts, t.Tally.Wasted = attempts, wasted })
		}
	}
	check(t, []spoiler{
		{"a twentieth", sent(106, 6), "extra-load pool:2", "pool:2 sent 6.0 % more requests: the answers to 36 of 636 attempts were not used"},
		{"less than a hundredth", sent(1009, 9), "", ""},
		{"none", sent(100, 0), "", ""},
		{"all for nothing", sent(6, 6), "", ""},
	})
}

// TestProtocolsThatDifferAreTold, which changes no verdict.
func TestProtocolsThatDifferAreTold(t *testing.T) {
	speak := func(one, other string) func(*results.Run) {
		return func(r *results.Run) {
			each(r, "sequential", func(t *results.Trial) { t.Tally.Protocol = one })
			each(r, "pool:2", func(t *results.Trial) { t.Tally.Protocol = other })
		}
	}
	check(t, []spoiler{
		{"two", speak("HTTP/1.1", "HTTP/2.0"), "protocols", "different protocols: HTTP/1.1 by sequential, HTTP/2.0 by pool:2; what differs"},
		{"one", speak("HTTP/2.0", "HTTP/2.0"), "", ""},
		{"one that nobody knows", speak("HTTP/1.1", ""), "", ""},
	})
	run := advised([]string{"b"}, []int{4}, spread(2, .02, 1))
	each(run, "b", func(t *results.Trial) { t.Tally.Protocol = "HTTP/3.0" })
	each(run, "sequential", func(t *results.Trial) { t.Tally.Protocol = "HTTP/1.1" })
	equal(t, "advice", results.Judge(run).Advice.Use, "b")
}

// TestMocksAreLeftOutOfTheAdvice, with a warning, and where nothing else is left
// there is none.
func TestMocksAreLeftOutOfTheAdvice(t *testing.T) {
	mocks := func(over ...string) *results.Run {
		run := advised([]string{"pool:4", "goroutines"}, []int{4, 10}, spread(3, .02, 1), spread(1.2, .02, 2))
		for _, name := range over {
			for i := range run.Contenders {
				if run.Contenders[i].Name == name {
					run.Contenders[i].Transport = "mock"
				}
			}
		}
		return run
	}
	equal(t, "none", results.Judge(mocks()).Advice.Use, "goroutines")
	equal(t, "the fastest", results.Judge(mocks("goroutines")).Advice.Use, "pool:4")
	for name, run := range map[string]*results.Run{
		"all":            mocks("sequential", "pool:4", "goroutines"),
		"the baseline":   mocks("sequential"),
		"all but that":   mocks("pool:4", "goroutines"),
		"all, by a flag": func() *results.Run { r := mocks(); r.Target.Form = "mock"; return r }(),
	} {
		equal(t, name, results.Judge(run).Advice, (*results.Advice)(nil))
	}
	w, _ := find(mocks("goroutines"), results.WarnMock, "")
	equal(t, "text", w.Text, "goroutines ran on an in-process mock, scheduling only: connections, TLS, upstream queueing and memory are not measured")
	equal(t, "hint", w.Hint, "do not choose a size from this")
	_, got := find(mocks(), results.WarnMock, "")
	equal(t, "without", got, false)
	equal(t, "names", mocks("goroutines").Mocks(), []string{"goroutines"})
}
