package results_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// against is a run of eight rounds of a sequential contender that takes 100 ms for
// each of 16 calls, and of another that may have so many in flight.
func against(name string, asked int, trial func() results.Trial) *results.Run {
	run := &results.Run{Header: header("sequential", name), Complete: true}
	run.Target.Requests, run.Design.Rounds, run.Environment.CPUs = 16, 8, 2
	run.Target.Embedded, run.Target.Form = "constant", "process"
	run.Contenders[1].Asked = asked
	for round := range 8 {
		alone, other := loaded(round, "sequential", 1, calls(16, 100)...), trial()
		other.Round, other.Contender = round, name
		for _, t := range []*results.Trial{&alone, &other} {
			t.Tally.Opened, t.Tally.Protocol = asked, "HTTP/1.1"
		}
		run.Trials = append(run.Trials, alone, other)
	}
	return run
}

// calls are n calls of so many milliseconds.
func calls(n int, ms int64) []int64 { return slices.Repeat([]int64{ms}, n) }

// waves is a trial of 16 calls in waves of four, of which one in each wave takes
// 100 ms and the others 10: 400 ms in all. A greedy schedule takes at most
// 520/4 + 3/4 100 = 205 ms.
func waves() results.Trial {
	wave := []int64{100, 10, 10, 10}
	return repeated("", 4, wave, wave, wave, wave)
}

// oneFanOut forgets that a trial was put together from several.
func oneFanOut(t results.Trial) results.Trial {
	t.Tally = t.Count(len(t.Requests))
	return t
}

// crowded is a trial of 16 calls that are all in flight at once at an upstream that
// serves four of them in 100 ms: 100, 200, 300 and 400 ms, four times each. In
// flight 4000/400 = 10, slowdown 4000/1600 = 2.5, and 10/2.5 is 4.
func crowded() results.Trial {
	return loaded(0, "", 16, slices.Concat(calls(4, 100), calls(4, 200), calls(4, 300), calls(4, 400))...)
}

// A cause is a contender, a trial of it and what its warning says; empty where
// there is none of the code.
type cause struct {
	name, contender string
	asked           int
	trial           func() results.Trial
	change          func(*results.Run)
	code, words     string
}

// confirmCauses wants each cause to be told, with a way out, and no other of them.
func confirmCauses(t *testing.T, list []cause) {
	t.Helper()
	codes := []string{
		results.WarnBlocked, results.WarnRefused, results.WarnConnections, results.WarnIdle, results.WarnCapacity,
	}
	for _, c := range list {
		run := against(c.contender, c.asked, c.trial)
		if c.change != nil {
			c.change(run)
		}
		told := ""
		for _, w := range results.Judge(run).Warnings {
			if !slices.Contains(codes, w.Code) {
				continue
			}
			told += w.Code
			if w.Code != c.code || w.Contender != c.contender || !strings.Contains(w.Text, c.words) || w.Hint == "" {
				t.Errorf("%s: %+v, want %s %q", c.name, w, c.code, c.words)
			}
		}
		equal(t, c.name, told, c.code)
	}
}

// changed makes a trial with a change.
func changed(trial func() results.Trial, change func(*results.Trial)) func() results.Trial {
	return func() results.Trial {
		t := trial()
		change(&t)
		return t
	}
}

// TestIdleSlotsAreTold where calls waited for no reason, and not for the tail.
func TestIdleSlotsAreTold(t *testing.T) {
	idle := func() results.Trial { return oneFanOut(waves()) }
	tail := func() results.Trial { return loaded(0, "", 4, append(calls(15, 10), 400)...) }
	quick := func() results.Trial { // the same a thousand times as quick: 100 µs between calls are nothing
		t := idle()
		for i := range t.Requests {
			t.Requests[i].StartNS /= 1000
			t.Requests[i].ServiceNS /= 1000
		}
		t.ElapsedNS /= 1000
		return oneFanOut(t)
	}
	confirmCauses(t, []cause{
		{
			"waves", "waves:4", 4, idle, nil, results.WarnIdle,
			"waves:4 asked for 4 in flight and got 1.3: slots stood idle while calls waited: that is what waves do; it took 400.0 ms, and 205.0 ms at most",
		},
		{"a limit per host", "perhost:4", 4, idle, nil, results.WarnIdle, "that is what a limit for each host does"},
		{"a rate is kept on purpose", "paced:40/s", 4, idle, nil, "", ""},
		{"a limit holds requests back", "waves:4+limit:9/s", 4, idle, under("limit:9/s"), "", ""},
		{"a retry waits", "waves:4+retry:3", 4, changed(idle, func(t *results.Trial) { t.Tally.Wasted = 1 }), under("retry:3"), "", ""},
		{"a retry never needed", "waves:4+retry:3", 4, idle, under("retry:3"), results.WarnIdle, "slots stood idle"},
		{"a limit was found", "adaptive", 16, changed(idle, func(t *results.Trial) { t.Found = 4 }), nil, "", ""},
		{"a slow call at the end", "pool:4", 4, tail, nil, "", ""},
		{"four fan-outs", "pool:4", 4, waves, func(r *results.Run) { r.Target.Requests, r.Target.Repeat = 4, 4 }, "", ""},
		{"too quick to tell", "waves:4", 4, quick, nil, "", ""},
		{"this process was the limit", "waves:4", 4, changed(idle, func(t *results.Trial) { t.Machine.SchedP99NS = 1e9 }), nil, "", ""},
		{"a mock", "waves:4", 4, idle, func(r *results.Run) { r.Target.Form = "mock" }, "", ""},
		{"over a mock", "waves:4@mock", 4, idle, func(r *results.Run) { r.Contenders[1].Transport = "mock" }, "", ""},
		{"a greedy schedule", "pool:4", 4, func() results.Trial { return loaded(0, "", 4, calls(16, 100)...) }, nil, "", ""},
	})
}

// under puts the contender of a cause under a policy.
func under(policy string) func(*results.Run) {
	return func(r *results.Run) { r.Contenders[1].Policies = []string{policy} }
}

// TestFetchersThatBlockAreTold where two requests may have overlapped for a moment.
// One call that takes nearly all of the time looks the same by its mean.
func TestFetchersThatBlockAreTold(t *testing.T) {
	blocked := changed(func() results.Trial { return loaded(0, "", 1, calls(16, 100)...) }, func(t *results.Trial) { t.Tally.Flight.Max = 2 })
	long := func() results.Trial { return loaded(0, "", 10, append([]int64{1500}, calls(15, 1)...)...) }
	confirmCauses(t, []cause{
		{"a lock", "mine", 10, blocked, nil, results.WarnBlocked, "mine asked for 10 in flight and got 1.0: the fetcher blocks"},
		{"a rate", "paced:10/s", 10, blocked, nil, "", ""},
		{"one long call", "mine", 10, long, nil, "", ""},
	})
}

// TestTooFewConnectionsAreTold by their number where each carries one request, and
// by the upstream otherwise.
func TestTooFewConnectionsAreTold(t *testing.T) {
	opened := func(n int) func(*results.Run) {
		return func(r *results.Run) {
			each(r, r.Contenders[1].Name, func(t *results.Trial) { t.Tally.Opened = n })
		}
	}
	streams := func(most int, mean float64) func(*results.Run) {
		return func(r *results.Run) {
			each(r, "", func(t *results.Trial) { t.Seen = &results.Seen{Requests: 16, Max: most, Flight: mean} })
			each(r, "goroutines", func(t *results.Trial) { t.Tally.Opened, t.Tally.Protocol = 1, "HTTP/3.0" })
		}
	}
	warm := func(r *results.Run) { opened(4)(r); r.Design.Connections = "warm" }
	churn := func(n int) func(*results.Run) {
		return func(r *results.Run) { opened(n)(r); r.Contenders[1].Transport = "h1-default" }
	}
	pool := func() results.Trial { return loaded(0, "", 4, calls(16, 100)...) }
	confirmCauses(t, []cause{
		{
			"four for sixteen", "goroutines", 16, crowded, opened(4), results.WarnConnections,
			"goroutines asked for 16 in flight, and 10.0 on average waited for or had one of 4 connections: too few connections",
		},
		{
			"four at once in one connection", "goroutines", 16, crowded, streams(4, 3.9), results.WarnConnections,
			"of 10.0 on average the upstream never had more than 4",
		},
		{"most are on the way", "goroutines", 16, crowded, streams(4, 1), "", ""},
		{"nobody counts", "goroutines", 16, crowded, opened(0), "", ""},
		{"opened before", "goroutines", 16, crowded, warm, "", ""},
		{
			"thrown away", "pool:4@h1-default", 4, pool, churn(10), results.WarnConnections,
			"opened 10 connections a trial for 4 in flight: the default transport keeps 2 idle ones",
		},
		{"kept", "pool:4@h1-default", 4, pool, churn(6), "", ""},
		{"thrown away by another", "pool:4", 4, pool, opened(10), "", ""},
	})
}

// TestTheUpstreamsCapacityIsTold by a smaller contender that is as fast, or by the
// upstream itself.
func TestTheUpstreamsCapacityIsTold(t *testing.T) {
	pool := func(name string, slots int, ms int64) func(*results.Run) {
		return func(r *results.Run) {
			r.Contenders = append(r.Contenders, results.Column{Name: name, Asked: slots})
			for round := range 8 {
				r.Trials = append(r.Trials, loaded(round, name, slots, calls(16, ms)...))
			}
		}
	}
	smaller := func(ms int64) func(*results.Run) { return pool("pool:4", 4, ms) }
	quick := func(r *results.Run) { // 100 µs for a request alone
		each(r, "", func(t *results.Trial) {
			t.ElapsedNS, t.Tally.Flight.LatencyNS, t.Tally.Flight.LongestNS = t.ElapsedNS/1000, t.Tally.Flight.LatencyNS/1000, t.Tally.Flight.LongestNS/1000
		})
	}
	busy := func(name string, each1 time.Duration) func(*results.Run) {
		return func(r *results.Run) {
			each(r, name, func(t *results.Trial) {
				t.Seen = &results.Seen{Requests: 16, Max: 16, BusyNS: 16 * each1.Nanoseconds()}
			})
		}
	}
	also := func(changes ...func(*results.Run)) func(*results.Run) {
		return func(r *results.Run) {
			for _, change := range changes {
				change(r)
			}
		}
	}
	alone := busy("sequential", 100*time.Millisecond)
	working := func(r *results.Run) {
		each(r, "goroutines", func(t *results.Trial) { t.Machine.CPUNS = t.ElapsedNS + 1 })
	}
	waiting := func(r *results.Run) { each(r, "goroutines", func(t *results.Trial) { t.Machine.SchedP99NS = 1e9 }) }
	confirmCauses(t, []cause{
		{
			"as fast with four", "goroutines", 16, crowded, smaller(100), results.WarnCapacity,
			"goroutines had 10.0 in flight, each 2.5x as slow as alone, and was no faster than pool:4: the upstream serves about 4 at once",
		},
		{"slower with four", "goroutines", 16, crowded, smaller(120), "", ""},
		// With three it takes 6 times 90 ms, a third longer: as fast is the one with four.
		{"slower with three", "goroutines", 16, crowded, also(pool("pool:3", 3, 90), smaller(100)), results.WarnCapacity, "was no faster than pool:4"},
		{"too quick to tell", "goroutines", 16, crowded, also(smaller(100), quick), "", ""},
		{"nothing to go by", "goroutines", 16, crowded, nil, "", ""},
		{
			"the upstream took longer", "goroutines", 16, crowded, also(alone, busy("goroutines", 240*time.Millisecond)), results.WarnCapacity,
			"and the upstream itself took 2.4x as long for it: the upstream serves about 4",
		},
		{"it did not", "goroutines", 16, crowded, also(alone, busy("goroutines", 110*time.Millisecond)), "", ""},
		{"this process works", "goroutines", 16, crowded, also(smaller(100), working), "", ""},
		{"or waits for a processor", "goroutines", 16, crowded, also(smaller(100), waiting), "", ""},
	})
}

// TestRefusalsAreTold from one in a hundred on.
func TestRefusalsAreTold(t *testing.T) {
	refuse := func(n int, class string) func() results.Trial {
		return changed(crowded, func(t *results.Trial) {
			for i := range n {
				t.Requests[i].Class = class
			}
			t.Tally, t.Outcome = t.Count(16), results.Failed
		})
	}
	confirmCauses(t, []cause{
		{
			"five of sixteen", "goroutines", 16, refuse(5, "http_429"), nil, results.WarnRefused,
			"goroutines asked for 16 in flight, and the upstream refused 31 % of its requests with 429",
		},
		{"for another reason", "goroutines", 16, refuse(5, "http_5xx"), nil, "", ""},
		{"one of all", "goroutines", 16, crowded, func(r *results.Run) {
			r.Trials[1] = refuse(1, "http_429")() // of 128
			r.Trials[1].Contender = "goroutines"
		}, "", ""},
	})
}
