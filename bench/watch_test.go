package bench

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/results"
)

// A stuck contender makes its first call and comes back when it is let go, long
// after its trial.
type stuck struct {
	release chan struct{}
}

func (s *stuck) String() string  { return "stuck" }
func (s *stuck) Limit(n int) int { return n }

func (s *stuck) Fetch(ctx context.Context, b *Batch) error {
	return b.Measure(ctx, s, func(context.Context, client.Request) client.Outcome {
		return client.Outcome{Class: client.ClassOK, Status: 200}
	})
}

// Run makes its calls one after the other and hangs before the last.
func (s *stuck) Run(ctx context.Context, n int, call fetchers.Call) error {
	for i := range n - 1 {
		_ = call(ctx, i)
	}
	<-s.release
	return call(ctx, n-1)
}

// hanging is a plan of two contenders of which one never comes back by itself.
func hanging(t *testing.T) (Plan, *stuck) {
	t.Helper()
	p, err := Defaults("")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		p.URLs = append(p.URLs, Request{URL: "http://nowhere.invalid/"})
	}
	p.Rounds, p.Warmup, p.Pause = 2, 0, 0
	p.Limits.Trial = Duration(time.Second)
	return p, &stuck{release: make(chan struct{})}
}

// A contender that does not come back is a timeout, and the run goes on: what it
// had done by then is in the account, what it does later is in none.
func TestAContenderThatHangsIsLeftBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, s := hanging(t)
		begun := time.Now()
		trials := 0
		for trial, err := range Run(t.Context(), p, s) {
			if err != nil {
				t.Fatal(err)
			}
			trials++
			want := results.Count{Planned: 3, OK: 2, NotStarted: 1}
			if !strings.Contains(trial.Goroutines, "(*stuck).Run") || len(trial.Goroutines) > longestDump+10 {
				t.Errorf("the stacks of the trial that hung are %.200q", trial.Goroutines)
			}
			if trial.Outcome != results.Timeout || trial.Tally.Count != want || trial.ElapsedNS != int64(time.Second) {
				t.Errorf("the trial is %s after %v with %+v, want a timeout of 1 s with %+v",
					trial.Outcome, time.Duration(trial.ElapsedNS), trial.Tally.Count, want)
			}
		}
		if took := time.Since(begun); trials != 2 || took != 2*(time.Second+longestGrace) {
			t.Errorf("%d trials took %v", trials, took)
		}
		close(s.release)
		synctest.Wait() // the late call finds its trial over, and the goroutines end
	})
}

// The limit is the trial's: what a contender does before its clock starts is not
// held against it.
func TestTheLimitCountsFromTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, _ := hanging(t)
		for trial, err := range Run(t.Context(), p, slowToStart{}) {
			if err != nil || trial.Outcome != results.OK {
				t.Errorf("the trial is %s, error %v; want ok", trial.Outcome, err)
			}
		}
	})
}

// slowToStart takes longer to begin than a trial may.
type slowToStart struct{}

func (slowToStart) String() string  { return "slow to start" }
func (slowToStart) Limit(n int) int { return n }

func (slowToStart) Fetch(ctx context.Context, b *Batch) error {
	time.Sleep(30 * time.Second)
	return b.Measure(ctx, fetchers.Goroutines{}, func(context.Context, client.Request) client.Outcome {
		time.Sleep(900 * time.Millisecond)
		return client.Outcome{Class: client.ClassOK, Status: 200}
	})
}

// A panic in a contender reaches whoever runs the trials, with the stack of where
// it was raised.
func TestAPanicReachesTheRun(t *testing.T) {
	boom := errors.New("boom")
	p, _ := hanging(t)
	defer func() {
		got, ok := recover().(*fetchers.Panic)
		if !ok || !errors.Is(got, boom) || len(got.Stack) == 0 {
			t.Errorf("recovered %v", got)
		}
	}()
	for _, err := range Run(t.Context(), p, panics{boom}) {
		t.Errorf("the run went on: %v", err)
	}
}

type panics struct{ with error }

func (panics) String() string                        { return "panics" }
func (panics) Limit(n int) int                       { return n }
func (p panics) Fetch(context.Context, *Batch) error { panic(p.with) }

// Ten times the timeout and the number of waves may be more than a Duration holds.
func TestTrialLimits(t *testing.T) {
	for _, c := range []struct {
		timeout  time.Duration
		n, slots int
		want     time.Duration
	}{
		{time.Second, 10, 10, 10 * time.Second},
		{time.Second, 10, 4, 30 * time.Second},
		{time.Second, 1000, 1, longestTrial},
		{1<<63 - 1, 10_000_000, 1, longestTrial},
		{time.Nanosecond, 10_000_000, 1, 100 * time.Millisecond},
		{0, 1, 1, 100 * time.Second}, // the default timeout
	} {
		if got := (Limits{Timeout: Duration(c.timeout)}).trial(c.n, c.slots); got != c.want {
			t.Errorf("timeout %v, %d requests in %d slots: %v, want %v", c.timeout, c.n, c.slots, got, c.want)
		}
	}
}

// A contender that was left behind in its set-up may come to its clock while another
// is measured. It does not begin then: the upstream counts for that one. Its limit of
// two seconds and the grace are over when it wakes, with the calls of the other under
// way.
func TestAContenderLeftBehindInItsSetupSpoilsNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := Defaults("article")
		if err != nil {
			t.Fatal(err)
		}
		p.Upstream.Form, p.Order = FormMemory, Fixed
		p.Rounds, p.Warmup, p.Pause = 1, 0, 0
		p.Limits.Trial = Duration(2 * time.Second)
		var late error
		left := own{"left", func(ctx context.Context, b *Batch) error {
			time.Sleep(longestSetup + 2*time.Second + longestGrace + 20*time.Millisecond)
			late = b.Measure(ctx, fetchers.Sequential{}, client.New(b.Config).Fetch)
			return late
		}}
		for trial, err := range Run(t.Context(), p, left, New("sound", fetchers.Goroutines{})) {
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]results.TrialOutcome{"left": results.Timeout, "sound": results.OK}[trial.Contender]
			if trial.Outcome != want || trial.Seen != nil && len(trial.Seen.Differs) > 0 {
				t.Errorf("%s is %s, want %s; of it the upstream has seen %+v", trial.Contender, trial.Outcome, want, trial.Seen)
			}
		}
		if synctest.Wait(); !errors.Is(late, errTrialLimit) {
			t.Errorf("what was measured late ended with %v", late)
		}
	})
}

// One that comes to its clock within the grace has no clock either.
func TestNothingBeginsAfterTheEndOfATrial(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := Defaults("article")
		if err != nil {
			t.Fatal(err)
		}
		p.Upstream.Form, p.Order = FormMemory, Fixed
		p.Rounds, p.Warmup, p.Pause = 1, 0, 0
		p.Limits.Trial = Duration(2 * time.Second)
		for _, measure := range []func(context.Context, *Batch) error{
			func(ctx context.Context, b *Batch) error {
				return b.Measure(ctx, fetchers.Sequential{}, client.New(b.Config).Fetch)
			},
			func(ctx context.Context, b *Batch) error {
				return b.Elsewhere(ctx, func(context.Context) error { t.Error("it was sent"); return nil })
			},
		} {
			slow := own{"slow", func(ctx context.Context, b *Batch) error {
				time.Sleep(longestSetup + 3*time.Second)
				return measure(ctx, b)
			}}
			for trial, err := range Run(t.Context(), p, New("first", fetchers.Goroutines{}), slow) {
				if err != nil {
					t.Fatal(err)
				}
				if trial.Contender == "slow" && (trial.Outcome != results.Timeout || trial.Seen != nil || trial.ElapsedNS != 0) {
					t.Errorf("%s after %v; of it the upstream has seen %+v", trial.Outcome, time.Duration(trial.ElapsedNS), trial.Seen)
				}
			}
		}
	})
}

// An own contender is a function.
type own struct {
	name  string
	fetch func(context.Context, *Batch) error
}

func (o own) String() string                            { return o.name }
func (o own) Limit(n int) int                           { return n }
func (o own) Fetch(ctx context.Context, b *Batch) error { return o.fetch(ctx, b) }
