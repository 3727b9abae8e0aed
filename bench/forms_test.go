package bench_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/results"
)

// inForm is a plan against a profile in a form, without pauses: what one trial
// leaves behind then falls into the next.
func inForm(t testing.TB, form, profile string, contenders ...string) bench.Plan {
	t.Helper()
	p, err := bench.Defaults(profile)
	if err != nil {
		t.Fatal(err)
	}
	p.Upstream.Form, p.Contenders = form, contenders
	p.Rounds, p.Warmup, p.Pause, p.Seed = 3, 0, 0, 7
	return p
}

func TestMockHasNoNetwork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // where a socket would stop the time
		p := inForm(t, bench.FormMock, "constant", "sequential", "pool:4", "goroutines")
		list, err := trials(t.Context(), t, p)
		if err != nil || len(list) != 9 {
			t.Fatalf("%d trials and error %v", len(list), err)
		}
		want := map[string]time.Duration{"sequential": 500 * time.Millisecond, "pool:4": 150 * time.Millisecond, "goroutines": 50 * time.Millisecond}
		for _, trial := range list {
			checkAccount(t, &trial)
			tally := &trial.Tally
			if time.Duration(trial.ElapsedNS) != want[trial.Contender] || trial.Outcome != results.OK {
				t.Errorf("%s took %v and is %q", trial.Contender, time.Duration(trial.ElapsedNS), trial.Outcome)
			}
			if tally.Protocol != "mock" || tally.Opened != 0 || tally.Reused != 0 || trial.Requests[0].Phases != (results.Phases{}) {
				t.Errorf("%s: protocol %q, %d opened, %d reused, phases %+v; want mock and nothing", trial.Contender,
					tally.Protocol, tally.Opened, tally.Reused, trial.Requests[0].Phases)
			}
		}
	})
}

// On real sockets with up to 64 in flight everything that the harness says is
// what the upstream saw, trial after trial: requests, and connections with those
// that were dialled and never used.
func TestLoopbackAccountsForEveryRequest(t *testing.T) {
	for _, c := range []struct {
		form, connections string
		rounds            int
	}{{bench.FormServer, bench.Fresh, 40}, {bench.FormServer, bench.Warm, 40}, {bench.FormProcess, bench.Fresh, 10}} {
		p := inForm(t, c.form, "fast", "goroutines", "pool:64")
		p.Upstream.Command = serveCommand()
		p.Requests, p.Rounds, p.Connections = 128, c.rounds, c.connections
		opened := map[string]int{}
		for trial, err := range bench.Run(t.Context(), p) {
			if err != nil {
				t.Fatal(err)
			}
			checkAccount(t, &trial)
			tally := &trial.Tally
			if tally.OK != 128 || trial.Outcome != results.OK || tally.Protocol != "HTTP/1.1" {
				t.Errorf("%s: %d ok, %q over %q", trial.Contender, tally.OK, trial.Outcome, tally.Protocol)
			}
			if fresh := 128 - tally.Reused; tally.Opened < fresh || trial.Seen.Connections != tally.Opened {
				t.Errorf("%s: %d requests on new connections, %d opened, %d arrived", trial.Contender, fresh, tally.Opened, trial.Seen.Connections)
			}
			opened[trial.Contender] += tally.Opened
		}
		if c.connections == bench.Fresh && min(opened["goroutines"], opened["pool:64"]) < c.rounds {
			t.Errorf("%s: fresh connections, and over %d rounds they opened %v", c.form, c.rounds, opened)
		}
	}
}

// Requests that are cut off at any moment, dials among them, leave no trace in
// the trials that follow.
func TestLoopbackAccountsForWhatIsCutOff(t *testing.T) {
	for _, connections := range []string{bench.Fresh, bench.Warm} {
		p := inForm(t, bench.FormServer, "fast", "goroutines", "pool:64")
		p.Requests, p.Rounds, p.Connections = 200, 40, connections
		p.Limits.Timeout = bench.Duration(700 * time.Microsecond)
		failed := 0
		for trial, err := range bench.Run(t.Context(), p) {
			if err != nil {
				t.Fatal(err)
			}
			if len(trial.Seen.Differs) > 0 {
				t.Errorf("%s, round %d of %s connections: %q", trial.Contender, trial.Round, connections, trial.Seen.Differs)
			}
			failed += trial.Tally.Failed
		}
		t.Logf("%s: %d of 16000 requests were cut off", connections, failed)
	}
}

// Connections that are kept serve the next trials: once each of ten requests has
// one, none is opened.
func TestWarmConnectionsOpenNothingLater(t *testing.T) {
	p := inForm(t, bench.FormServer, "constant", "goroutines", "sequential")
	p.Connections, p.Upstream.Scale, p.Rounds = bench.Warm, 0.4, 4 // 20 ms: all ten are in flight
	list, err := trials(t.Context(), t, p)
	if err != nil {
		t.Fatal(err)
	}
	for _, trial := range list {
		checkAccount(t, &trial)
		if trial.Round > 0 && (trial.Tally.Opened != 0 || trial.Tally.Reused != 10) {
			t.Errorf("%s, round %d: %d opened, %d reused", trial.Contender, trial.Round, trial.Tally.Opened, trial.Tally.Reused)
		}
	}
}

// The watchdog: a strategy that waits for something that never comes is ended by
// the deadline of its trial, and the run goes on.
func TestTrialThatHangsIsATimeout(t *testing.T) {
	hang := cheat(func(ctx context.Context, _ int, call fetchers.Call) error {
		_ = call(ctx, 0)
		<-ctx.Done()
		return fmt.Errorf("gave up: %w", context.Cause(ctx))
	})
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "constant")
		p.Limits.Timeout = bench.Duration(time.Second)
		list, err := trials(t.Context(), t, p, bench.New("hang", hang), bench.New("all", fetchers.Goroutines{}))
		if err != nil || len(list) != 8 {
			t.Fatalf("%d trials and error %v", len(list), err)
		}
		for _, trial := range list {
			checkAccount(t, &trial)
			// Ten times 1 s for each of one wave: hang says of itself that all
			// ten may be in flight at once.
			hung := trial.Outcome == results.Timeout && time.Duration(trial.ElapsedNS) == 10*time.Second && trial.Tally.NotStarted == 9
			if hung != (trial.Contender == "hang") {
				t.Errorf("%s: %q after %v, %+v", trial.Contender, trial.Outcome, time.Duration(trial.ElapsedNS), trial.Tally.Count)
			}
		}
	})
}

// A strategy that hides the end of the trial from its calls starts none after it
// all the same. Of ten calls of 50 ms the one under way at 225 ms ends at 250.
func TestDeafStrategyStartsNothingLate(t *testing.T) {
	deaf := cheat(func(ctx context.Context, n int, call fetchers.Call) error {
		return fetchers.Sequential{}.Run(context.WithoutCancel(ctx), n, call)
	})
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "constant")
		p.Limits.Trial = bench.Duration(225 * time.Millisecond)
		list, err := trials(t.Context(), t, p, bench.New("deaf", deaf))
		want := results.Count{Planned: 10, OK: 5, NotStarted: 5}
		if err != nil || list[0].Tally.Count != want || list[0].Outcome != results.Timeout {
			t.Errorf("error %v, %q with %+v, want %+v", err, list[0].Outcome, list[0].Tally.Count, want)
		}
	})
}

// A run that was cancelled before it began makes no trial and says why.
func TestRunThatIsOverBeforeItBegins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := errors.New("stop")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(stop)
		list, err := trials(ctx, t, inMemory(t, "constant", "sequential"))
		if len(list) != 0 || !errors.Is(err, stop) {
			t.Errorf("%d trials and error %v, want none and %v", len(list), err, stop)
		}
	})
}

// The last trial is the end: a run without pauses between trials takes what its
// trials take, and with them there is none after the last.
func TestNoPauseAtTheEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "constant", "sequential", "goroutines") // 500 and 50 ms
		p.Rounds, p.Warmup, p.Pause = 1, 0, bench.Duration(time.Hour)
		p.Limits.Run = bench.Duration(10 * time.Hour)
		begun := time.Now()
		list, err := trials(t.Context(), t, p)
		pause := time.Since(begun) - 550*time.Millisecond
		if err != nil || len(list) != 2 || pause < 30*time.Minute || pause > 90*time.Minute {
			t.Errorf("%d trials, error %v, pauses of %v in all; want one of half an hour to one and a half", len(list), err, pause)
		}
	})
}

// A loop that is left by a panic or by t.Fatal ends the run as a break does.
func TestLeavingTheLoopByAPanicEndsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // fails if a goroutine is left
		done := make(chan struct{})
		go func() {
			defer close(done)
			for _, err := range bench.Run(t.Context(), inMemory(t, "constant", "goroutines")) {
				if err != nil {
					t.Error(err)
				}
				runtime.Goexit()
			}
		}()
		<-done
	})
}

// Everything that Open can refuse, it refuses before anything is sent.
func TestOpenRefuses(t *testing.T) {
	for _, c := range []struct {
		name, want string
		change     func(p *bench.Plan)
		own        []bench.Contender
	}{
		{"an unknown strategy", `contender "pol:8": unknown strategy "pol" (have sequential, goroutines, pool`, func(p *bench.Plan) { p.Contenders = []string{"pol:8"} }, nil},
		{"a name twice", `contender "a" is named twice`, func(*bench.Plan) {}, []bench.Contender{bench.New("a", fetchers.Sequential{}), bench.New("a", fetchers.Goroutines{})}},
		{"a baseline of its own", `baseline "sequential" is none of the contenders (a)`, func(p *bench.Plan) { p.Baseline = "sequential" }, []bench.Contender{bench.New("a", fetchers.Sequential{})}},
		{"an upstream that does not start", `embedded upstream: start upstream: `, func(p *bench.Plan) {
			p.Upstream.Form, p.Upstream.Command = bench.FormProcess, []string{"/nonexistent/program"}
		}, nil},
		{"an upstream without a program", `embedded upstream: start upstream: no command`, func(p *bench.Plan) { p.Upstream.Form = bench.FormProcess }, nil},
	} {
		p := inForm(t, bench.FormMock, "fast", "sequential")
		c.change(&p)
		e, err := bench.Open(t.Context(), p, bench.Tool{}, c.own...)
		if err == nil {
			t.Errorf("%s: %v", c.name, e.Close())
			continue
		}
		if got := err.Error(); len(got) < len(c.want) || got[:len(c.want)] != c.want {
			t.Errorf("%s: error %q, want %q", c.name, got, c.want)
		}
	}
}

// A contender that keeps its connections waits for none that belong to another way
// to the same endpoints: between trials nothing takes longer than connecting does,
// which is a request of 50 ms.
func TestWarmTrialsFollowOthersAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "constant", "pool:5", "pool:5@mock", "pool:8", "pool:8@mock")
		p.Connections, p.Pause, p.Order = bench.Warm, 0, bench.Fixed
		list, err := trials(t.Context(), t, p)
		if err != nil {
			t.Fatal(err)
		}
		end := int64(0)
		for _, trial := range list {
			checkAccount(t, &trial)
			if idle := time.Duration(trial.StartNS - end); idle > 50*time.Millisecond {
				t.Errorf("%s, round %d: %v passed before it", trial.Contender, trial.Round, idle)
			}
			end = trial.StartNS + trial.ElapsedNS
		}
	})
}
