package upstream

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"
)

// BenchmarkClock is how late the two clocks are, with so many requests waiting at
// once for 20 to 40 ms each, and what a wait costs. Both take turns within one
// benchmark, so that what else the machine does falls on both alike.
func BenchmarkClock(b *testing.B) {
	for _, waiters := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("waiters=%d", waiters), func(b *testing.B) {
			system := newClock()
			defer system.close()
			var late, timersLate []time.Duration
			for b.Loop() {
				late = append(late, lateness(b, system, waiters)...)
				timersLate = append(timersLate, lateness(b, timers{}, waiters)...)
			}
			report(b, "lateness", late)
			report(b, "timers-lateness", timersLate)
		})
	}
}

// lateness waits once with each of the waiters and returns how late they were.
func lateness(b *testing.B, c clock, waiters int) []time.Duration {
	late := make([]time.Duration, waiters)
	var waits sync.WaitGroup
	for i := range late {
		waits.Go(func() {
			at := time.Now().Add(20*time.Millisecond + rand.N(20*time.Millisecond))
			if !c.until(b.Context(), at) {
				b.Error("the benchmark ended")
			}
			late[i] = time.Since(at)
		})
	}
	waits.Wait()
	return late
}

// report adds the mean and the 99th percentile, in microseconds.
func report(b *testing.B, name string, late []time.Duration) {
	slices.Sort(late)
	micros := func(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
	b.ReportMetric(micros(total(late))/float64(len(late)), name+"-mean-us")
	b.ReportMetric(micros(late[len(late)*99/100]), name+"-p99-us")
}
