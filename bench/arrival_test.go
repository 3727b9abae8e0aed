package bench_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/adapters"
	"github.com/fetchbench/fetchbench/fetchers/client"
	"github.com/fetchbench/fetchbench/results"
)

// The stall of these tests: from a tenth of a second after the beginning of a trial
// on, for half a second.
const (
	stallFrom = 100 * time.Millisecond
	stallFor  = 500 * time.Millisecond
)

// A stalled contender fetches from an upstream that stands still once a trial: a
// request that comes meanwhile is sent on when that is over.
type stalled struct {
	fetchers.Strategy
	name string
}

func (s stalled) String() string  { return s.name }
func (s stalled) Limit(n int) int { return fetchers.Limit(s.Strategy, n) }

func (s stalled) Fetch(ctx context.Context, b *bench.Batch) error {
	cl := client.New(b.Config)
	defer cl.Close()
	begun := time.Now()
	return b.Measure(ctx, s.Strategy, func(ctx context.Context, r client.Request) client.Outcome {
		if at := time.Since(begun); at >= stallFrom && at < stallFrom+stallFor {
			time.Sleep(stallFrom + stallFor - at)
		}
		return cl.Fetch(ctx, r)
	})
}

// A busyMachine is a strategy whose goroutine gets no processor for the time of the
// stall, as in a pause for garbage or on a machine that is taken by others.
type busyMachine struct{ adapters.Paced }

// Reporting lets the strategy tell its intended starts, which is where it stalls.
func (s busyMachine) Reporting(to fetchers.Notes) fetchers.Strategy {
	begun, intended := time.Now(), to.Intended
	to.Intended = func(i int, at time.Time) {
		intended(i, at)
		if passed := time.Since(begun); passed >= stallFrom && passed < stallFrom+stallFor {
			time.Sleep(stallFrom + stallFor - passed)
		}
	}
	return s.Paced.Reporting(to)
}

// percentile is the nearest-rank percentile of what the requests of a trial took.
func percentile(trial results.Trial, p int, of func(*results.Request) int64) time.Duration {
	var all []int64
	for i := range trial.Requests {
		all = append(all, of(&trial.Requests[i]))
	}
	slices.Sort(all)
	return time.Duration(all[(p*len(all)+99)/100-1])
}

// TestR47LatencyCountsFromTheIntendedStart: 100 requests at 50 a second, of 5 ms each,
// and half a second in which nothing moves: 25 starts fall into it, of which the first
// waits for all of it and each next one 20 ms less. The 99th percentile is that of the
// second, 480 + 5 ms. It is so whether the upstream or this machine stood still, and
// in the second case it is there only because a latency counts from the intended
// start; both are stored. A closed loop asks for less meanwhile, and sees one request
// in a hundred.
func TestR47LatencyCountsFromTheIntendedStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := inMemory(t, "constant")
		p.Upstream.Scale, p.Requests, p.Rounds, p.Warmup = 0.1, 100, 1, 0
		paced := adapters.Paced{PerSecond: 50}
		list, err := trials(t.Context(), t, p,
			stalled{paced, "upstream"}, bench.New("machine", busyMachine{paced}), stalled{fetchers.Sequential{}, "closed"})
		if err != nil || len(list) != 3 {
			t.Fatalf("%d trials and error %v", len(list), err)
		}
		const ms = time.Millisecond
		for _, trial := range list {
			want := map[string]struct{ latency, service, late time.Duration }{
				"upstream": {485 * ms, 485 * ms, 0}, "machine": {485 * ms, 5 * ms, 480 * ms}, "closed": {5 * ms, 5 * ms, 0},
			}[trial.Contender]
			latency := percentile(trial, 99, (*results.Request).Latency)
			service := percentile(trial, 99, func(r *results.Request) int64 { return r.ServiceNS })
			late := percentile(trial, 99, func(r *results.Request) int64 { return r.Phases.LateNS })
			if longest := percentile(trial, 100, (*results.Request).Latency); longest != 505*ms {
				t.Errorf("%s: the longest latency is %v, want 505ms", trial.Contender, longest)
			}
			if trial.Outcome != results.OK || latency != want.latency || service != want.service || late != want.late {
				t.Errorf("%s is %q: p99 of latency %v, of service %v, late by %v; want %+v", trial.Contender, trial.Outcome, latency, service, late, want)
			}
		}
	})
}
