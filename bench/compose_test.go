package bench_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results"
)

// everyContender is each strategy over each transport.
func everyContender() (specs []string) {
	for _, s := range bench.Specs() {
		for _, t := range bench.Transports() {
			specs = append(specs, s.Example()+"@"+t.Name)
		}
	}
	return specs
}

// protocols are what each transport has to have spoken.
func protocols() map[string]string {
	return map[string]string{
		"h1": "HTTP/1.1", "h1-default": "HTTP/1.1", "h1-nokeepalive": "HTTP/1.1", "fasthttp": "HTTP/1.1",
		"h2": "HTTP/2.0", "h2c": "HTTP/2.0", "h3": "HTTP/3.0", "mock": "mock",
	}
}

// Whatever schedules the calls and whatever carries them: each is made once, all
// succeed, the upstream saw what was recorded, and the protocol is the one asked for.
func TestR27EveryTrialNamesItsProtocol(t *testing.T) {
	long(t)
	for _, form := range []string{bench.FormServer, bench.FormProcess} {
		p := inForm(t, form, "fast", everyContender()...)
		p.Upstream.Command = serveCommand()
		p.Requests, p.Rounds = 20, 1
		list, err := trials(t.Context(), t, p)
		if err != nil || len(list) != len(p.Contenders) {
			t.Fatalf("%s: %d trials of %d contenders and error %v", form, len(list), len(p.Contenders), err)
		}
		for _, trial := range list {
			checkAccount(t, &trial)
			_, transport, _ := strings.Cut(trial.Contender, "@")
			if trial.Outcome != results.OK || trial.Tally.Attempts != 20 || trial.Tally.Protocol != protocols()[transport] {
				t.Errorf("%s, %s is %q with %d attempts over %s: %+v", form, trial.Contender, trial.Outcome,
					trial.Tally.Attempts, trial.Tally.Protocol, trial.Tally.Failures)
			}
		}
	}
}

// Policies change how calls are made and never how many are accounted for, where a
// fifth of the answers is a 503 and where connections are cut.
func TestR5HedgesAndRetriesAccountForEveryAttempt(t *testing.T) {
	var specs []string
	for _, policy := range []string{"+retry:3", "+hedge:20ms", "+hedge:p90", "+limit:2000/s", "+dedup", "+timeout:5s", "+breaker", "+retry:2+hedge:10ms+breaker+timeout:1s+dedup"} {
		for _, transport := range []string{"", "@h2", "@h2c", "@h3", "@h1-default", "@fasthttp"} {
			specs = append(specs, "pool:4"+policy+transport)
		}
	}
	for _, profile := range []string{"flaky", "failing", "bimodal"} {
		p := inForm(t, bench.FormServer, profile, specs...)
		p.Upstream.Scale, p.Requests, p.Rounds = 0.1, 20, 1
		list, err := trials(t.Context(), t, p)
		if err != nil || len(list) != len(specs) {
			t.Fatalf("%s: %d trials and error %v", profile, len(list), err)
		}
		for _, trial := range list {
			checkPolicies(t, profile, &trial)
		}
	}
}

// checkPolicies holds a trial under policies against what was planned and seen.
func checkPolicies(t *testing.T, profile string, trial *results.Trial) {
	t.Helper()
	c := trial.Tally.Count
	if c.Planned != 20 || c.OK+c.Failed != 20 || len(trial.Seen.Differs) > 0 {
		t.Errorf("%s, %s: %+v, the upstream saw %+v", profile, trial.Contender, c, trial.Seen)
	}
	if profile == "flaky" && strings.Contains(trial.Contender, "retry:3") && (c.Failed > 0 || trial.Tally.Wasted == 0) {
		t.Errorf("%s: %d failed with %d wasted attempts, want none failed", trial.Contender, c.Failed, trial.Tally.Wasted)
	}
}

// A repeated batch is B fan-outs one after the other in one trial, of the same
// requests under ids of their own.
func TestRepeatedBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "constant", "sequential", "goroutines")
		p.Repeat, p.Rounds, p.Warmup = 3, 2, 0
		list, err := trials(t.Context(), t, p)
		if err != nil || len(list) != 4 {
			t.Fatalf("%d trials and error %v", len(list), err)
		}
		for _, trial := range list {
			checkAccount(t, &trial)
			want := map[string]time.Duration{"sequential": 1500 * time.Millisecond, "goroutines": 150 * time.Millisecond}[trial.Contender]
			if time.Duration(trial.ElapsedNS) != want || trial.Tally.OK != 30 || trial.Requests[29].Index != 29 {
				t.Errorf("%s took %v for %d requests, want %v for 30", trial.Contender, time.Duration(trial.ElapsedNS), trial.Tally.OK, want)
			}
			if trial.Contender == "goroutines" && (trial.Requests[10].StartNS != 50e6 || trial.Tally.Opened != 10) {
				t.Errorf("the second fan-out began at %d, and %d connections were opened", trial.Requests[10].StartNS, trial.Tally.Opened)
			}
		}
	})
}

// The trap of two idle connections: over B fan-outs of K the default transport opens
// K + (K-2)(B-1), the tuned one K.
func TestIdleConnectionTrap(t *testing.T) {
	p := inForm(t, bench.FormProcess, "constant", "goroutines@h1-default", "goroutines")
	p.Upstream.Command, p.Upstream.Scale = serveCommand(), 0.4
	p.Requests, p.Repeat = 10, 4
	list, err := trials(t.Context(), t, p)
	if err != nil {
		t.Fatal(err)
	}
	for _, trial := range list {
		checkAccount(t, &trial)
		// A dial that is overtaken by a connection set free adds a spare one.
		if opened := trial.Tally.Opened; trial.Contender == "goroutines" && opened != 10 || trial.Contender != "goroutines" && opened < 30 {
			t.Errorf("%s opened %d, want 10 tuned and about 34 by default", trial.Contender, opened)
		}
	}
}

// Paced starts are where they were intended, done or not: here exactly.
func TestPacedStartsAreOnTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "constant", "paced:30/s") // 50 ms are no multiple of the interval
		list, err := trials(t.Context(), t, p)
		if err != nil {
			t.Fatal(err)
		}
		for _, trial := range list {
			checkAccount(t, &trial)
			for i, r := range trial.Requests {
				if off := r.StartNS - int64(i)*1e9/30; off < -20 || off > 20 || r.Phases.LateNS > 20 {
					t.Errorf("request %d started %d ns off its time, late by %d", i, off, r.Phases.LateNS)
				}
			}
		}
	})
}

// An adaptive strategy tells the limit that it found.
func TestAdaptiveTellsItsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "capacity", "adaptive", "pool:4")
		p.Requests = 400
		list, err := trials(t.Context(), t, p)
		if err != nil {
			t.Fatal(err)
		}
		for _, trial := range list {
			checkAccount(t, &trial)
			if found := trial.Found > 0; found != (trial.Contender == "adaptive") || trial.Outcome != results.OK {
				t.Errorf("%s is %q and found %d", trial.Contender, trial.Outcome, trial.Found)
			}
		}
	})
}

func TestBadCompositions(t *testing.T) {
	embedded := func(*bench.Plan) {}
	urls := func(list ...string) func(*bench.Plan) {
		return func(p *bench.Plan) {
			p.Upstream = bench.Upstream{}
			for _, u := range list {
				p.URLs = append(p.URLs, bench.Request{URL: u})
			}
		}
	}
	post := func(p *bench.Plan) {
		urls("http://h.invalid/")(p)
		p.URLs[0].Method = "POST"
	}
	mock := func(p *bench.Plan) { p.Upstream.Form = bench.FormMock }
	for _, c := range []struct {
		spec   string
		change func(*bench.Plan)
		want   string
		meant  string
	}{
		{"pol:8+retry:3@h2", embedded, "unknown strategy", "pool:8+retry:3@h2"},
		{"pool:8+retri:3@h2", embedded, "unknown policy", "pool:8+retry:3@h2"},
		{"pool:8+retry:3@h4", embedded, "unknown transport", "pool:8+retry:3@h1"},
		{"pool:8+retry", embedded, "retry needs a number of retries", "pool:8+retry:3"},
		{"pool:8+retry:1000", embedded, `from 1 to 100, got "1000"`, "pool:8+retry:3"},
		{"pool:8+hedge:p5", embedded, "a quantile from p50", "pool:8+hedge:p95"},
		{"pool:8+hedge:0ms", embedded, "a quantile from p50", "pool:8+hedge:p95"},
		{"paced:50", embedded, "with /s after it", "paced:50/s"},
		{"paced:0/s", embedded, "above 0", "paced:50/s"},
		{"pool:8+", embedded, "no policy is named", ""},
		{"pool:8@", embedded, "no transport is named", ""},
		{"pool:8+retry:3+retry:2", embedded, "retry is given twice", ""},
		{"paced:1/s", func(p *bench.Plan) { p.Requests = 1000 }, "1000 requests at 1/s take 16m40s, and the limit of a trial is 10m0s", ""},
		{"pool:4+limit:1/s", func(p *bench.Plan) { p.Requests, p.Repeat = 100, 10 }, "1000 requests at 1/s take 16m40s", ""},
		{"pool:8@h3", urls("https://h.invalid/", "http://h.invalid/a"), "@h3 needs https URLs, got http://h.invalid/a", "pool:8"},
		{"pool:8@h2", urls("http://h.invalid/"), "@h2 needs https URLs", "pool:8@h2c"},
		{"pool:8@h2c", urls("https://h.invalid/"), "@h2c needs http URLs", "pool:8@h2"},
		{"pool:8@mock", urls("https://h.invalid/"), "@mock is for a profile", ""},
		{"pool:8@h2", mock, "in-process mock", "pool:8"},
		{"pool:8+hedge:p95", post, "a hedge may send a request twice, and POST http://h.invalid/", ""},
		{"pool:1000000", func(p *bench.Plan) { p.Requests = 1 << 20 }, "open files, and the limit is", ""},
	} {
		p := inForm(t, "", "fast", c.spec)
		c.change(&p)
		_, err := p.Resolve()
		var spec *bench.SpecError
		if !errors.As(err, &spec) || !strings.Contains(err.Error(), c.want) || spec.Meant != c.meant {
			t.Errorf("%s: error %v with the guess %q, want %q and %q", c.spec, err, spec.Meant, c.want, c.meant)
		}
	}
}

// What an Idempotency-Key makes harmless may be hedged.
func TestHedgeWithAKey(t *testing.T) {
	p := inForm(t, "", "fast", "pool:8+hedge:p95")
	p.Upstream = bench.Upstream{}
	p.URLs = []bench.Request{{URL: "http://h.invalid/", Method: "POST", Header: map[string]string{"Idempotency-Key": "1"}}}
	if list, err := p.Resolve(); err != nil || len(list) != 1 {
		t.Errorf("%d contenders and error %v", len(list), err)
	}
}

// The header of a run tells what its contenders are made of.
func TestHeaderTellsTheComposition(t *testing.T) {
	p := inForm(t, bench.FormServer, "fast", "pool:2+retry:1@h2c", "pool:4+retry:1@h2c")
	p.Sweep = true
	e, err := bench.Open(t.Context(), p, bench.Tool{})
	if err != nil {
		t.Fatal(err)
	}
	h := e.Header()
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	got := h.Contenders[1]
	if got.Size != 4 || got.Transport != "h2c" || !slices.Equal(got.Policies, []string{"retry:1"}) || !h.Design.Sweep {
		t.Errorf("the second column is %+v", got)
	}
}
