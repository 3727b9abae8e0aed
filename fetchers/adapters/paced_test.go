package adapters_test

import (
	"context"
	"errors"
	"math"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/adapters"
)

// begun runs n calls and returns when each was intended to start and when it did,
// after the start of the run.
func begun(t *testing.T, p adapters.Paced, n int, call fetchers.Call) (intended, started []time.Duration) {
	intended, started = make([]time.Duration, n), make([]time.Duration, n)
	start := time.Now()
	s := p.Reporting(fetchers.Notes{Intended: func(i int, at time.Time) { intended[i] = at.Sub(start) }})
	err := s.Run(t.Context(), n, func(ctx context.Context, i int) error {
		started[i] = time.Since(start)
		return call(ctx, i)
	})
	if err != nil {
		t.Error(err)
	}
	return intended, started
}

// 300 a second: call i starts i/300 s after the run, to the nanosecond below, which
// no sum of rounded steps of 3.333333 ms would.
func TestPacedStartsCallsWhenItSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		intended, started := begun(t, adapters.Paced{PerSecond: 300}, 1000, func(context.Context, int) error { return nil })
		for i := range intended {
			want := time.Duration(float64(i) / 300 * 1e9)
			if intended[i] != want || started[i] != want {
				t.Fatalf("call %d was to start at %v and did at %v, want %v", i, intended[i], started[i], want)
			}
		}
	})
}

// Calls of an hour put off none: the load is open.
func TestPacedWaitsForNoCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var most, now atomic.Int32
		_, started := begun(t, adapters.Paced{PerSecond: 100}, 50, func(context.Context, int) error {
			most.Store(now.Add(1))
			time.Sleep(time.Hour)
			now.Add(-1)
			return nil
		})
		if last := started[49]; last != 490*time.Millisecond || most.Load() != 50 {
			t.Errorf("the last call began at %v with %d in flight, want 490ms and 50", last, most.Load())
		}
	})
}

// Where the goroutine of the run is held up, as by a machine that is busy, calls
// start late; what was intended stays, and those after them are on time again.
func TestPacedCatchesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var intended, told [6]time.Duration
		s := adapters.Paced{PerSecond: 100}.Reporting(fetchers.Notes{Intended: func(i int, at time.Time) {
			intended[i], told[i] = at.Sub(start), time.Since(start)
			if i == 1 {
				time.Sleep(25 * time.Millisecond)
			}
		}})
		_ = s.Run(t.Context(), 6, func(context.Context, int) error { return nil })
		const ms = time.Millisecond
		if want := [6]time.Duration{0, 10 * ms, 20 * ms, 30 * ms, 40 * ms, 50 * ms}; intended != want {
			t.Errorf("the calls were to start at %v, want %v", intended, want)
		}
		if want := [6]time.Duration{0, 10 * ms, 35 * ms, 35 * ms, 40 * ms, 50 * ms}; told != want {
			t.Errorf("the calls came at %v, want %v", told, want)
		}
	})
}

// Whatever the number, the time of the last of three calls is what it should be.
func TestPacedTakesAnyRate(t *testing.T) {
	for _, c := range []struct {
		perSecond float64
		want      time.Duration
	}{
		{0, 2 * time.Second},
		{-5, 2 * time.Second},
		{math.NaN(), 2 * time.Second},
		{math.Inf(1), 0},
		{math.MaxFloat64, 0},
		{1e12, 0},
		{0.001, 2000 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			intended, started := begun(t, adapters.Paced{PerSecond: c.perSecond}, 3, func(context.Context, int) error { return nil })
			if intended[2] != c.want || started[2] != c.want {
				t.Errorf("%v a second: the third call was to start at %v and did at %v, want %v", c.perSecond, intended[2], started[2], c.want)
			}
		})
	}
}

// Between two starts a thousand seconds apart a cancel is seen at once.
func TestPacedStopsWhileItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		err := adapters.Paced{PerSecond: 0.001}.Run(ctx, 3, func(context.Context, int) error { return nil })
		if took := time.Since(start); took != time.Second || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Run returned %v after %v, want a deadline after 1s", err, took)
		}
	})
}
