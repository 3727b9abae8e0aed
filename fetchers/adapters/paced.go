package adapters

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/fetchbench/fetchbench/fetchers"
	"golang.org/x/time/rate"
)

// Paced starts PerSecond calls a second, evenly, and never waits for one to end: an
// open load, as users make it who do not know of each other. A [fetchers.Pool] is a
// closed one: when the upstream stalls it asks for less, and the requests that users
// would have made meanwhile are missing from its latencies (coordinated omission:
// Tene, How NOT to Measure Latency, 2013). Count a latency from the intended start
// that Notes.Intended is told, i/PerSecond after the start of the run, and the time
// that a call could not start in is part of it.
//
// The schedule is that of golang.org/x/time/rate, reserved against the start of the
// run: reserved against the clock, as its Wait does, one late start would put off
// all that follow. A call costs what one of [fetchers.Goroutines] costs plus a timer.
//
// A Paced with no PerSecond set starts one call a second.
type Paced struct {
	PerSecond float64

	notes fetchers.Notes
}

// Reporting returns the strategy, with Notes.Intended told each call's start.
func (p Paced) Reporting(to fetchers.Notes) fetchers.Strategy {
	p.notes = to
	return p
}

// Run starts each call at its time, late ones at once, and waits for all.
func (p Paced) Run(ctx context.Context, n int, call fetchers.Call) error {
	var calls sync.WaitGroup
	run := fetchers.NewGuard(n, call)
	start := time.Now()
	quota := rate.NewLimiter(p.rate(), 1)
	for i := range n {
		at := start.Add(quota.ReserveN(start, 1).DelayFrom(start))
		wait(ctx, at)
		if run.Stopped(ctx) {
			break
		}
		if p.notes.Intended != nil {
			p.notes.Intended(i, at)
		}
		calls.Go(func() { _ = run.Call(ctx, i) })
	}
	calls.Wait()
	return run.End(ctx)
}

// rate is what was asked for, within what a limiter computes with.
func (p Paced) rate() rate.Limit {
	if !(p.PerSecond > 0) { // nor is NaN a rate
		return 1
	}
	return rate.Limit(min(p.PerSecond, math.MaxFloat64))
}

// wait returns at that time or when ctx is done.
func wait(ctx context.Context, at time.Time) {
	left := time.Until(at)
	if left <= 0 {
		return
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// Limit is n: calls are started whether or not others have returned.
func (p Paced) Limit(n int) int { return n }
