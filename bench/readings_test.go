package bench_test

import (
	"runtime/debug"
	"testing"

	"github.com/fetchbench/fetchbench/bench"
)

// What a trial took from this machine is read: a hundred requests over sockets
// allocate thousands of objects and take processor time, and before each trial
// the heap is collected.
func TestTrialsReadTheMachine(t *testing.T) {
	p := inForm(t, bench.FormServer, "fast", "pool:4")
	p.Requests, p.Rounds, p.Warmup = 100, 3, 0
	var before, after debug.GCStats
	debug.ReadGCStats(&before)
	list, err := trials(t.Context(), t, p)
	debug.ReadGCStats(&after)
	if err != nil || len(list) != 3 {
		t.Fatalf("%d trials and error %v", len(list), err)
	}
	for _, trial := range list {
		m := trial.Machine
		if m.Allocs < 1000 || m.AllocBytes < 10_000 || m.CPUNS <= 0 || m.SchedP99NS <= 0 {
			t.Errorf("100 requests took %+v", m)
		}
	}
	if collected := after.NumGC - before.NumGC; collected < 3 {
		t.Errorf("%d collections for 3 trials", collected)
	}
}

// A warm connection is opened by a request that is counted, and never by one that
// could do something.
func TestWarmingIsCountedAndHarmless(t *testing.T) {
	p := inForm(t, bench.FormServer, "fast", "goroutines")
	p.Connections, p.Rounds, p.Warmup = bench.Warm, 2, 0
	list, err := trials(t.Context(), t, p)
	if err != nil {
		t.Fatal(err)
	}
	for _, trial := range list {
		if trial.Warming != 1 {
			t.Errorf("%d requests warmed the one host", trial.Warming)
		}
	}
}
