package bench_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/bench/upstream/hostile"
	"github.com/fetchbench/fetchbench/results"
)

// everyStrategy is each strategy, with so much after the colon where a number of
// calls belongs there, and a rate that nobody waits for.
func everyStrategy(size int) (specs []string) {
	for _, s := range bench.Specs() {
		spec := s.Example()
		switch name, value, _ := strings.Cut(spec, ":"); {
		case strings.Contains(value, "/"):
			spec = name + ":5000/s"
		case value != "":
			spec = name + ":" + strconv.Itoa(size)
		}
		specs = append(specs, spec)
	}
	return specs
}

// TestR2AsManyAreSentAsAsked, whatever the concurrency: fewer, more, and one that
// does not divide the number.
func TestR2AsManyAreSentAsAsked(t *testing.T) {
	for _, c := range []struct{ n, size int }{{10, 4}, {3, 8}, {401, 400}} {
		p := inForm(t, bench.FormServer, "fast", everyStrategy(c.size)...)
		p.Requests, p.Rounds = c.n, 1
		list, err := trials(t.Context(), t, p)
		if err != nil || len(list) != len(p.Contenders) {
			t.Fatalf("%d trials of %d contenders and error %v", len(list), len(p.Contenders), err)
		}
		for _, trial := range list {
			checkAccount(t, &trial)
			if trial.Tally.OK != c.n || trial.Seen.Requests != c.n {
				t.Errorf("-n %d with %s: %d were answered, the upstream saw %d", c.n, trial.Contender, trial.Tally.OK, trial.Seen.Requests)
			}
		}
	}
}

// TestR9WhatALimitCutsIsCancelled and no failure: ten requests of 50 ms under a run of
// 125 ms end a trial and are under way in the next two fifths of the third.
func TestR9WhatALimitCutsIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "constant", "goroutines")
		p.Warmup, p.Pause, p.Limits.Run = 0, 0, bench.Duration(125*time.Millisecond)
		list, err := trials(t.Context(), t, p)
		if !errors.Is(err, bench.ErrRunLimit) || len(list) != 3 {
			t.Fatalf("%d trials and error %v, want three and the limit", len(list), err)
		}
		want := results.Count{Planned: 10, Cancelled: 10}
		if cut := list[2]; cut.Outcome != results.Aborted || cut.Tally.Count != want {
			t.Errorf("the trial that was cut is %q with %+v, want aborted with %+v", cut.Outcome, cut.Tally.Count, want)
		}
	})
}

// TestR17NoMoreConnectionsThanInFlight: bodies are read to their ends and as many
// connections kept as can be in use, so that no strategy opens one in the middle of a
// trial because another was thrown away.
func TestR17NoMoreConnectionsThanInFlight(t *testing.T) {
	const n, size = 200, 20
	p := inForm(t, bench.FormServer, "fast", everyStrategy(size)...)
	p.Requests, p.Rounds = n, 1
	for trial, err := range bench.Run(t.Context(), p) {
		if err != nil {
			t.Fatal(err)
		}
		c, err := bench.ParseContender(trial.Contender)
		if err != nil {
			t.Fatal(err)
		}
		if most := c.Limit(n); trial.Seen.Connections > most || trial.Tally.Opened > most || trial.Tally.Reused < n-most {
			t.Errorf("%s: the upstream saw %d connections, %d were opened and %d requests reused one; want at most %d for %d requests",
				trial.Contender, trial.Seen.Connections, trial.Tally.Opened, trial.Tally.Reused, most, n)
		}
	}
}

// TestR22bTheReuseRaceIsShown: an upstream that closes after each answer, without saying
// so, leaves nothing to reuse, and what is said of it is what it saw. A request that
// went out as its connection died is a failure and is not sent again.
func TestR22bTheReuseRaceIsShown(t *testing.T) {
	server, err := hostile.Start(hostile.Options{Life: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	p, err := bench.Defaults("")
	if err != nil {
		t.Fatal(err)
	}
	p.URLs, p.Requests, p.Contenders = []bench.Request{{URL: server.URL("http") + "/die-after"}}, 200, []string{"sequential", "pool:8", "pool:8@fasthttp"}
	p.Rounds, p.Warmup, p.Pause = 1, 0, 0
	for trial, err := range bench.Run(t.Context(), p) {
		if err != nil {
			t.Fatal(err)
		}
		checkReuse(t, &trial, server.Stats().Started())
		server.Reset()
	}
}

// checkReuse holds a trial of two hundred requests against what the upstream saw.
func checkReuse(t *testing.T, trial *results.Trial, seen int) {
	t.Helper()
	tally := &trial.Tally
	if tally.Attempts > 200 || seen > tally.Attempts || seen < tally.OK || tally.OK+tally.Failed != 200 {
		t.Errorf("%s: %+v with %d attempts, and the upstream saw %d", trial.Contender, tally.Count, tally.Attempts, seen)
	}
	if tally.OK > tally.Opened {
		t.Errorf("%s: %d ok over %d connections, want each on its own", trial.Contender, tally.OK, tally.Opened)
	}
	for _, f := range tally.Failures {
		if f.Class != "eof" && f.Class != "reset" {
			t.Errorf("%s: %+v, want what a connection that dies comes to", trial.Contender, f)
		}
	}
}
