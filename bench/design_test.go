package bench_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/client"
)

// A sleeper is a contender whose every request takes as long as it likes.
type sleeper struct {
	name string
	take func() time.Duration
}

func (s sleeper) String() string  { return s.name }
func (s sleeper) Limit(n int) int { return n }

func (s sleeper) Fetch(ctx context.Context, b *bench.Batch) error {
	return b.Measure(ctx, fetchers.Sequential{}, func(context.Context, client.Request) client.Outcome {
		time.Sleep(s.take())
		return client.Outcome{Class: client.ClassOK, Status: 200, Attempts: 1}
	})
}

// nowhere is a plan whose requests are never sent by those who measure it.
func nowhere(t *testing.T) bench.Plan {
	t.Helper()
	p, err := bench.Defaults("")
	if err != nil {
		t.Fatal(err)
	}
	p.URLs = []bench.Request{{URL: "http://nowhere.invalid/"}}
	p.Warmup, p.Pause, p.Seed = 0, 0, 3
	return p
}

// sequence runs three contenders and writes who ran in each round.
func sequence(t *testing.T, order string) (list []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := nowhere(t)
		p.Order, p.Rounds = order, 6
		none := func() time.Duration { return 0 }
		made, err := trials(t.Context(), t, p, sleeper{"a", none}, sleeper{"b", none}, sleeper{"c", none})
		if err != nil {
			t.Fatal(err)
		}
		for _, trial := range made {
			list = append(list, fmt.Sprint(trial.Contender, trial.Round))
		}
	})
	return list
}

func TestOrders(t *testing.T) {
	if got, want := sequence(t, bench.Fixed), "a0 b0 c0 a1 b1 c1"; strings.Join(got[:6], " ") != want {
		t.Errorf("fixed: %v, want %s ...", got, want)
	}
	if got, want := sequence(t, bench.Blocks), "a0 a1 a2 a3 a4 a5 b0"; strings.Join(got[:7], " ") != want {
		t.Errorf("blocks: %v, want %s ...", got, want)
	}
	balanced := sequence(t, bench.Balanced)
	orders := map[string]bool{}
	for round := 0; round < 6; round += 2 {
		var forth, back string
		for i := range 3 {
			forth += balanced[3*round+i][:1]
			back += balanced[3*round+5-i][:1]
		}
		orders[forth] = true
		if forth != back {
			t.Errorf("balanced: rounds %d and %d are no mirror images: %v", round, round+1, balanced)
		}
	}
	if len(orders) == 1 {
		t.Errorf("balanced: every pair of rounds begins alike: %v", balanced)
	}
}

// Two contenders 10 % apart with noise of 1 %: the interval of ten rounds is far
// narrower than 5 %, so the first look ends the run. With noise of 50 % no look
// within the limit does.
func TestPrecisionEndsTheRunByWidth(t *testing.T) {
	for _, c := range []struct {
		noise  float64
		rounds int
		reason string
	}{
		{0.01, 10, "precision reached after 10 rounds (limit 25)"},
		{0.5, 25, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			draw := rand.New(rand.NewPCG(1, 2))
			noisy := func(ms float64) func() time.Duration {
				return func() time.Duration {
					return time.Duration(ms * (1 + c.noise*(2*draw.Float64()-1)) * float64(time.Millisecond))
				}
			}
			p := nowhere(t)
			p.Rounds, p.Precision = 25, 0.05
			e, err := bench.Open(t.Context(), p, bench.Tool{}, sleeper{"a", noisy(110)}, sleeper{"b", noisy(100)})
			if err != nil {
				t.Fatal(err)
			}
			made := 0
			for _, err := range e.Trials(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				made++
			}
			if made != 2*c.rounds || e.Reached() != c.reason {
				t.Errorf("noise %v: %d trials, reached %q; want %d and %q", c.noise, made, e.Reached(), 2*c.rounds, c.reason)
			}
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// Precision never stops on a pair with failed trials: there is no interval that
// could be narrow.
func TestPrecisionIsNotReachedByFailing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "failing", "sequential", "goroutines")
		p.Requests, p.Rounds, p.Warmup, p.Precision = 100, 12, 0, 0.99
		list, err := trials(t.Context(), t, p)
		if err != nil || len(list) != 24 {
			t.Errorf("%d trials and error %v, want all 24 and none", len(list), err)
		}
	})
}

func TestAAMeasuresTheBaselineTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "constant", "sequential", "pool:4")
		p.AA, p.Baseline, p.Rounds, p.Warmup = true, "pool:4", 2, 0
		list, err := trials(t.Context(), t, p)
		if err != nil || len(list) != 4 {
			t.Fatalf("%d trials and error %v", len(list), err)
		}
		for _, trial := range list {
			if !strings.HasPrefix(trial.Contender, "pool:4") || trial.ElapsedNS != int64(150*time.Millisecond) {
				t.Errorf("%s took %v", trial.Contender, time.Duration(trial.ElapsedNS))
			}
			checkAccount(t, &trial)
		}
	})
}

func TestSharesAreWrittenInPercent(t *testing.T) {
	for text, want := range map[string]bench.Share{"5%": 0.05, " 0.5 %": 0.005, "99%": 0.99} {
		var s bench.Share
		if err := s.Set(text); err != nil || s != want {
			t.Errorf("%q is %v, error %v; want %v", text, float64(s), err, float64(want))
		}
		var again bench.Share
		if err := again.Set(s.String()); err != nil || again != s {
			t.Errorf("%q is printed as %q, which reads as %v", text, s, float64(again))
		}
	}
	for _, text := range []string{"5", "0.05", "0%", "100%", "-1%", "x%", "%", "NaN%", ""} {
		var s bench.Share
		if err := s.Set(text); err == nil {
			t.Errorf("%q was taken as %v", text, s)
		}
	}
}

// What a journal has no room for is refused before anything is measured.
func TestPlansAreBounded(t *testing.T) {
	crowd, often := nowhere(t), nowhere(t)
	for i := range 100_000 {
		crowd.Contenders = append(crowd.Contenders, fmt.Sprintf("pool:%d", i+1))
	}
	often.Requests, often.Repeat = 1, 100_001
	for want, p := range map[string]bench.Plan{
		"a run may have 1000 contenders at most, got 100": crowd, "repeat must be from 1 to 100000, got 100001": often,
	} {
		if err := p.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestBadDesigns(t *testing.T) {
	p := nowhere(t)
	p.Order, p.Precision = "shuffled", 1.5
	err := p.Validate()
	var field *bench.FieldError
	if !errors.As(err, &field) || !strings.Contains(err.Error(), "order must be one of") || !strings.Contains(err.Error(), "precision must be above") {
		t.Errorf("error %v", err)
	}
}
