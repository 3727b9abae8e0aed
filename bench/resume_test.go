package bench_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/results"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// run makes a plan from its beginning and returns all that its journal would have.
func run(t *testing.T, p bench.Plan, own ...bench.Contender) *results.Run {
	t.Helper()
	e, err := bench.Open(t.Context(), p, bench.Tool{}, own...)
	if err != nil {
		t.Fatal(err)
	}
	r := &results.Run{Header: e.Header()}
	r.Trials = rest(t, e)
	return r
}

// rest makes the trials of an experiment and closes it.
func rest(t *testing.T, e *bench.Experiment) (list []results.Trial) {
	t.Helper()
	for trial, err := range e.Trials(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, trial)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return list
}

// resumed goes on with a run and returns what it has then.
func resumed(t *testing.T, r *results.Run) ([]results.Trial, *bench.Experiment) {
	t.Helper()
	p, err := bench.Resumable(r, bench.Tool{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := bench.Open(t.Context(), p, bench.Tool{})
	if err != nil {
		t.Fatal(err)
	}
	round, err := e.Continue(r)
	if err != nil {
		t.Fatal(err)
	}
	var list []results.Trial
	for _, trial := range r.Trials {
		if results.Precedes(trial.Round, round) {
			list = append(list, trial)
		}
	}
	kept := len(list)
	list = append(list, rest(t, e)...)
	for i := max(1, kept); i < len(list); i++ {
		if before := &list[i-1]; list[i].StartNS < before.StartNS+before.ElapsedNS {
			t.Errorf("trial %d starts at %d, before the one before it ended", i, list[i].StartNS)
		}
	}
	return list, e
}

// sameTrials wants the trials of two runs to be alike in everything but when they
// began and what this process and its machine did meanwhile. In virtual time that
// includes every latency.
func sameTrials(t *testing.T, got, want []results.Trial) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(results.Trial{}, "StartNS", "Observed.Machine")); diff != "" {
		t.Errorf("resumed (-uninterrupted +resumed):\n%s", diff)
	}
}

// TestR52ResumeMakesTheMissingRoundsOnly cuts a run after every trial, warm-up
// included, and goes on: orders, rounds, ids and with them every draw of the
// upstream, failures included, are those of the run in one piece.
func TestR52ResumeMakesTheMissingRoundsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "flaky", "sequential", "pool:4+retry:2", "goroutines")
		p.Warmup = 2
		whole := run(t, p)
		for cut := range len(whole.Trials) + 1 {
			part := &results.Run{Header: whole.Header, Trials: whole.Trials[:cut:cut]}
			list, e := resumed(t, part)
			sameTrials(t, list, whole.Trials)
			if got := e.Header(); got.ID != whole.ID || !got.Started.Equal(whole.Started) {
				t.Errorf("the header is another one: %v", got)
			}
		}
	})
}

// TestR52AbortedTrialIsMadeAgain: the trial that a signal cut short is in the
// journal, and its round is made again. One that was dropped earlier, because the
// machine slept, stays what it was.
func TestR52AbortedTrialIsMadeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		whole := run(t, inMemory(t, "constant", "sequential", "goroutines"))
		part := &results.Run{Header: whole.Header, Trials: append([]results.Trial{}, whole.Trials[:6]...)}
		part.Trials[2].Outcome = results.Aborted // in round 0
		part.Trials[5].Outcome = results.Aborted // in round 1, the last
		list, _ := resumed(t, part)
		want := append([]results.Trial{}, whole.Trials...)
		want[2].Outcome = results.Aborted
		sameTrials(t, list, want)
	})
}

// TestR52PrecisionLooksAtTheSameRounds: a run that ends when it is precise enough
// ends at the same look, cut wherever it was, with all or with nothing left to do.
func TestR52PrecisionLooksAtTheSameRounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "lognormal", "sequential", "goroutines")
		p.Rounds, p.Warmup, p.Precision = 60, 0, 0.15
		whole := run(t, p)
		if n := len(whole.Trials); n <= 2*10 || n >= 2*60 {
			t.Fatalf("%d trials: the plan is no test of a stop on the way", n)
		}
		for _, cut := range []int{7, 20, 23, len(whole.Trials) - 1, len(whole.Trials)} {
			list, e := resumed(t, &results.Run{Header: whole.Header, Trials: whole.Trials[:cut:cut]})
			sameTrials(t, list, whole.Trials)
			if e.Reached() == "" {
				t.Errorf("cut after %d trials: nothing was reached", cut)
			}
		}
	})
}

// TestR52RefusesWhatWouldBeAnotherRun, with the reason and before anything starts.
func TestR52RefusesWhatWouldBeAnotherRun(t *testing.T) {
	var whole *results.Run
	synctest.Test(t, func(t *testing.T) { whole = run(t, inMemory(t, "constant", "sequential", "goroutines")) })
	for _, c := range []struct {
		want   string
		change func(*results.Run)
	}{
		{"the run is complete", func(r *results.Run) { r.Complete = true }},
		{"its times come from elsewhere", func(r *results.Run) { r.Imported = true }},
		{"the program was fetchbench 9 and is fetchbench", func(r *results.Run) { r.Environment.Tool = "fetchbench 9" }},
		{"the version of Go was go1.1", func(r *results.Run) { r.Environment.Go = "go1.1" }},
		{"the system was plan9/mips", func(r *results.Run) { r.Environment.OS = "plan9/mips" }},
		{"the kernel was 0.1", func(r *results.Run) { r.Environment.Kernel = "0.1" }},
		{"the processor was abacus", func(r *results.Run) { r.Environment.CPU = "abacus" }},
		{"the number of processors was 4711", func(r *results.Run) { r.Environment.CPUs = 4711 }},
		{"the GOMAXPROCS was 4711", func(r *results.Run) { r.Environment.MaxProcs = 4711 }},
		{"the GOGC was 4711", func(r *results.Run) { r.Environment.GOGC = "4711" }},
		{"cannot be read back: json: unknown field", func(r *results.Run) { rewrite(r, `"seed"`, `"sead"`) }},
		{"cannot be read back: it was written by another version", func(r *results.Run) { rewrite(r, `"rounds":3`, `"rounds": 3`) }},
		{"cannot be read back", func(r *results.Run) { r.Plan = json.RawMessage("null") }},
		{"cannot be read back: EOF", func(r *results.Run) { r.Plan = nil }},
		{"its order is blocks", func(r *results.Run) { rewrite(r, `"order":"random"`, `"order":"blocks"`) }},
		{"given as values", func(r *results.Run) {
			rewrite(r, `"sequential",`, `"my own",`)
			rewrite(r, `"baseline":"sequential"`, `"baseline":"my own"`)
		}},
		{"rounds must be at most 1000000", func(r *results.Run) { rewrite(r, `"rounds":3`, `"rounds":9223372036854775807`) }},
		{"rounds must be at least 1", func(r *results.Run) { rewrite(r, `"rounds":3`, `"rounds":0`) }},
	} {
		changed := *whole
		c.change(&changed)
		if _, err := bench.Resumable(&changed, bench.Tool{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	if _, err := bench.Resumable(whole, bench.Tool{}); err != nil {
		t.Errorf("unchanged: %v", err)
	}
}

// rewrite changes the plan in a header.
func rewrite(r *results.Run, old, with string) {
	r.Plan = json.RawMessage(strings.Replace(string(r.Plan), old, with, 1))
}

// TestR52RefusesAnotherExperiment: a plan that can be read back and still is not
// what was measured, as of a contender that was given as a value under the name of
// a strategy.
func TestR52RefusesAnotherExperiment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "constant")
		whole := run(t, p, bench.New("sequential", fetchers.Sequential{}), bench.New("pool:4", fetchers.Pool{Workers: 3}))
		p, err := bench.Resumable(whole, bench.Tool{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			want   string
			change func(*results.Run)
		}{
			{"another list of contenders", func(*results.Run) {}},
			{"another target", func(r *results.Run) { r.Target.Requests++ }},
			{"another design", func(r *results.Run) { r.Design.Seed++ }},
		} {
			e, err := bench.Open(context.Background(), p, bench.Tool{})
			if err != nil {
				t.Fatal(err)
			}
			changed := *whole
			c.change(&changed)
			if _, err := e.Continue(&changed); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestR52EveryPlanReadsBack: what a header holds of a plan is that plan.
func TestR52EveryPlanReadsBack(t *testing.T) {
	full := bench.Plan{
		URLs: []bench.Request{
			{URL: "http://127.0.0.1:1/<a>?b=1&c=\u2028ü"},
			{URL: "http://127.0.0.1:1/", Method: "POST", Header: map[string]string{"X-A": "1: \"é\"\t", "Accept": "*/*"}, Body: "\x00\n#"},
		},
		Requests: 3, Columns: bench.Columns{Contenders: []string{"sequential", "pool:4+retry:3"}, Baseline: "pool:4+retry:3"}, Connections: bench.Warm, Repeat: 2,
		Design: bench.Design{Rounds: 4, Seed: 1<<64 - 1, Pause: bench.Duration(1500 * time.Microsecond), Order: bench.Balanced, Precision: 0.055},
		Limits: bench.Limits{Timeout: bench.Duration(time.Second), Trial: bench.Duration(time.Minute), Run: 1, Wire: 1, Decoded: 2, Header: 3, Redirects: -1},
	}
	scaled := bench.Plan{
		Upstream: bench.Upstream{Profile: "article", Scale: 0.1, Form: bench.FormMock, Slots: 3},
		Columns:  bench.Columns{Contenders: []string{"sequential"}}, Connections: bench.Fresh, Design: bench.Design{Rounds: 1, Seed: 1, AA: true},
	}
	for _, p := range []bench.Plan{full, scaled} {
		e, err := bench.Open(t.Context(), p, bench.Tool{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := bench.Resumable(&results.Run{Header: e.Header()}, bench.Tool{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Continue(&results.Run{Header: e.Header()}); err != nil {
			t.Error(err)
		}
		p.Order, p.Baseline = got.Order, got.Baseline // Open fills these in
		if diff := cmp.Diff(p, got); diff != "" {
			t.Errorf("read back (-written +read):\n%s", diff)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLeftIsWhatTheRunLacks: of 3 rounds and 2 to warm up a run has its first trials, of
// two contenders each.
func TestLeftIsWhatTheRunLacks(t *testing.T) {
	var p bench.Plan
	p.Contenders, p.Rounds, p.Warmup = []string{"sequential", "goroutines"}, 3, 2
	whole := &results.Run{}
	for _, name := range p.Contenders {
		whole.Contenders = append(whole.Contenders, results.Column{Name: name})
	}
	for _, round := range []int{-1, -2, 0, 1, 2} {
		for _, name := range p.Contenders {
			whole.Trials = append(whole.Trials, results.Trial{Round: round, Contender: name, Outcome: results.OK})
		}
	}
	for trials, want := range map[int][2]int{0: {2, 3}, 1: {2, 3}, 2: {1, 3}, 3: {1, 3}, 4: {0, 3}, 5: {0, 3}, 6: {0, 2}, 9: {0, 1}, 10: {0, 0}} {
		run := *whole
		run.Trials = whole.Trials[:trials]
		if left := p.Left(&run); [2]int{left.Warmup, left.Rounds} != want {
			t.Errorf("%d trials: %d to warm up and %d rounds are left, want %v", trials, left.Warmup, left.Rounds, want)
		}
	}
}
