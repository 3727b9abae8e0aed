package export_test

import (
	"math"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// measured is a run of so many rounds of contenders that take so many nanoseconds,
// put together by hand. A time of 0 or less is a trial of which one request failed.
func measured(names []string, rounds int, elapsed func(round, contender int) int64) *results.Run {
	run := &results.Run{Complete: true}
	run.Header = results.Header{
		Schema: results.Schema, ID: "20261120-3f2k", Started: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		Environment: results.Environment{Tool: "fetchbench 0.1.0", Go: "go1.26.8", OS: "linux/amd64", CPU: "Some CPU", CPUs: 2, MaxProcs: 2, GOGC: "100"},
		Target:      results.Target{URLs: []string{"http://127.0.0.1:1/a"}, Requests: 2, Embedded: "article", Form: "process", Scale: 1},
		Design:      results.Design{Seed: 7, Rounds: rounds, Order: "random", Connections: "fresh", Baseline: names[0]},
		Plan:        []byte(`{"rounds":8}`),
	}
	for i, name := range names {
		run.Contenders = append(run.Contenders, results.Column{Name: name, Asked: i + 1})
	}
	for round := range rounds {
		for i, name := range names {
			run.Trials = append(run.Trials, trial(round, i, name, elapsed(round, i)))
		}
	}
	return run
}

// trial is one of two requests, each of which takes half of the time.
func trial(round, position int, name string, ns int64) results.Trial {
	t := results.Trial{Round: round, Position: position, Contender: name, Outcome: results.OK, StartNS: int64(round) * 1e9, ElapsedNS: ns}
	t.Requests = []results.Request{
		{Index: 0, Class: "ok", Status: 200, Bytes: 5, WireBytes: 5, Attempts: 1, ServiceNS: ns / 2},
		{Index: 1, Class: "ok", Status: 200, Bytes: 5, WireBytes: 5, Attempts: 1, ServiceNS: ns / 2},
	}
	if ns <= 0 {
		t.Outcome, t.ElapsedNS = results.Failed, 1e6
		t.Requests[1].Class, t.Requests[1].Phase = "timeout", "wait"
	}
	t.Tally = t.Count(2)
	t.Tally.Opened, t.Tally.Protocol = 2, "HTTP/1.1"
	return t
}

// steady is 100 ms for the first contender, 40 for the second, a little more in
// each round, and every third trial of the third fails.
func steady(round, contender int) int64 {
	if contender == 2 && round%3 == 2 {
		return 0
	}
	return []int64{100e6, 40e6, 30e6, 20e6}[contender%4] + int64(round)*1e5
}

// three is the run that most of these tests look at.
func three() *results.Run {
	return measured([]string{"sequential", "pool:4", "pool:8+retry:3@h2"}, 9, steady)
}

// hostileNames are names that would be something else in one format or another.
func hostileNames() []string {
	return []string{
		"a b\tc", "a/b=c", "a%2Fb", "line\nBenchmarkEvil 1 1 ns/op", "\x1b[2J\u202e", "q\"}{\\", "x-16", "日本", " ", "a%b", "%", "/", "=",
	}
}

// extremes are runs at the edges of what can be measured.
func extremes() map[string]*results.Run {
	names := []string{"sequential", "goroutines"}
	always := func(ns int64) func(int, int) int64 { return func(int, int) int64 { return ns } }
	cut := three()
	cut.Complete, cut.Reason, cut.Trials = false, "stopped by SIGINT", cut.Trials[:7]
	return map[string]*results.Run{
		"nothing": measured(names, 0, always(1)), "one": measured(names, 1, always(1e9)), "none succeeded": measured(names, 8, always(0)),
		"a nanosecond": measured(names, 8, always(1)), "all there is": measured(names, 8, always(math.MaxInt64)),
		"cut short": cut, "hostile": measured(hostileNames(), 7, steady), "three": three(), "imported": imported(),
	}
}

// imported are times from elsewhere, one of them a failure.
func imported() *results.Run {
	run, err := results.Import("times.json", []byte(`{"baseline":"a-8","times_in_round_order":{
		"a-8":[0.0000000125,2,3,4,5,6,7],"b":[0.1,0.2,"Infinity",0.4,0.5,0.6,0.7]}}`))
	if err != nil {
		panic(err) // the text above is no input
	}
	return run
}
