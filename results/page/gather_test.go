package page

import (
	"runtime"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// TestGatheringKeepsLittle: of four hundred thousand requests in two trials it keeps
// less than three megabytes, which are the counts of latencies and the bins.
func TestGatheringKeepsLittle(t *testing.T) {
	const n = 200_000
	run := &results.Run{Header: results.Header{Target: results.Target{Requests: n}}}
	for _, name := range []string{"a", "b"} {
		run.Contenders = append(run.Contenders, results.Column{Name: name, Asked: 8})
		run.Trials = append(run.Trials, results.Trial{Contender: name, Outcome: results.OK, ElapsedNS: n, Tally: results.Tally{Count: results.Count{Planned: n}}})
	}
	trials := func(yield func(*results.Trial, error) bool) {
		requests := make([]results.Request, n)
		for i := range requests {
			requests[i] = results.Request{Index: i, Class: results.ClassOK, StartNS: int64(i), ServiceNS: 5}
		}
		for _, known := range run.Trials {
			known.Requests = requests
			if !yield(&known, nil) {
				return
			}
		}
	}
	before := inUse()
	g, err := gather(run, trials)
	if err != nil {
		t.Fatal(err)
	}
	if kept := inUse() - before; kept > 3<<20 {
		t.Errorf("%d bytes are kept", kept)
	}
	for i, c := range g.curves {
		if c.ok != n || g.lanes[i].requests != n || g.lanes[i].bars != nil || g.lanes[i].slots != 5 {
			t.Errorf("%s: %d answered, %d drawn, %d bars, %d slots", c.name, c.ok, g.lanes[i].requests, len(g.lanes[i].bars), g.lanes[i].slots)
		}
	}
}

// inUse is how many bytes are in use.
func inUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestGatheringLeavesOutWhatDoesNotCount: warm-up, a trial that was made twice, a round
// that was cut short, and a contender that no header knows.
func TestGatheringLeavesOutWhatDoesNotCount(t *testing.T) {
	run := &results.Run{Header: results.Header{Contenders: []results.Column{{Name: "a"}, {Name: "b"}}, Target: results.Target{Requests: 1}}}
	add := func(round int, name string, ns int64) {
		run.Trials = append(run.Trials, results.Trial{
			Round: round, Contender: name, Outcome: results.OK, ElapsedNS: ns,
			Requests: []results.Request{{Class: results.ClassOK, ServiceNS: ns}},
		})
	}
	add(-1, "a", 1000)
	add(-1, "b", 1000)
	add(0, "a", 2000)
	add(0, "b", 10)
	add(0, "c", 3000)
	add(0, "a", 20)
	add(1, "a", 4000)
	g, err := gather(run, func(yield func(*results.Trial, error) bool) {
		for i := range run.Trials {
			if !yield(&run.Trials[i], nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	a, b := g.curves[0], g.curves[1]
	if a.ok != 1 || a.most != 20 || b.ok != 1 || b.most != 10 || g.lanes[0].elapsed != 20 || g.lanes[1].elapsed != 10 {
		t.Errorf("a: %+v, b: %+v, lanes %+v and %+v", a, b, g.lanes[0], g.lanes[1])
	}
}
