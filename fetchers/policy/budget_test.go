package policy

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/fetchers/client"
)

// TestADeadUpstreamIsNotHammered: 10 retries are free and each of the 100 requests
// adds a fifth of one, so there are 100 + 10 + 20 attempts and not 400.
func TestADeadUpstreamIsNotHammered(t *testing.T) {
	for _, c := range []struct {
		budget Budget
		want   int
	}{
		{Budget{}, 130},
		{Budget{Share: 0.5}, 160},
		{Budget{Share: 0.29, Least: -1}, 129}, // 28.999999999999996 in floating point
		{Budget{Share: -1, Least: 3}, 103},
		{Budget{Share: 3}, 400},
	} {
		virtual(t, func(t *testing.T) {
			f := newFake(status(0, client.ClassRefused, 0))
			fetch := Retry{Retries: 3, Budget: c.budget}.Wrap(f.fetch)
			for i := range 100 {
				fetch(t.Context(), get(fmt.Sprint(i)))
			}
			if got := len(f.seen()); got != c.want {
				t.Errorf("%+v: %d attempts for 100 requests, want %d", c.budget, got, c.want)
			}
		})
	}
}

// TestOneFailureInTenIsMadeGood: an upstream that fails a tenth of the attempts needs
// 11 % of retries. With three of them one request in 10,000 fails all the same.
func TestOneFailureInTenIsMadeGood(t *testing.T) {
	virtual(t, func(t *testing.T) {
		draw := rand.New(rand.NewPCG(3, 4))
		f := newFake()
		for range 3000 {
			a := ok(0)
			if draw.IntN(10) == 0 {
				a = unavailable(0)
			}
			f.answers = append(f.answers, a)
		}
		fetch := Retry{Retries: 3}.Wrap(f.fetch)
		failed := 0
		for i := range 2000 {
			if o := fetch(t.Context(), get(fmt.Sprint(i))); o.Class != client.ClassOK {
				failed++
			}
		}
		if attempts := len(f.seen()); failed > 1 || attempts > 2300 || attempts < 2150 {
			t.Errorf("%d of 2000 requests failed, with %d attempts", failed, attempts)
		}
	})
}

// TestBudgetIsExactUnderConcurrency: nobody takes out what another has.
func TestBudgetIsExactUnderConcurrency(t *testing.T) {
	const least = 2e6
	a := Budget{Share: -1, Least: least}.open()
	var granted atomic.Int64
	var callers sync.WaitGroup
	start := make(chan struct{})
	for range 4 {
		callers.Go(func() {
			<-start
			for a.withdraw() {
				granted.Add(1)
			}
		})
	}
	close(start)
	callers.Wait()
	if got := granted.Load(); got != least {
		t.Errorf("%d retries were granted of %d", got, int(least))
	}
}

// TestEachWrapHasItsOwnBudget, because a trial must not pay for the one before it.
func TestEachWrapHasItsOwnBudget(t *testing.T) {
	virtual(t, func(t *testing.T) {
		p := Retry{Retries: 1, Base: time.Millisecond, Budget: Budget{Share: -1, Least: 1}}
		for range 2 {
			f := newFake(unavailable(0))
			fetch := p.Wrap(f.fetch)
			want(t, fetch(t.Context(), get("a")), client.ClassHTTP5xx, 2, 1)
			want(t, fetch(t.Context(), get("b")), client.ClassHTTP5xx, 1, 0)
		}
	})
}
