package bench_test

import (
	"testing"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// The header names everything that was drawn or left to a default, so that the
// plan in it makes the same run again.
func TestHeaderSaysWhatIsMeasured(t *testing.T) {
	p := inForm(t, bench.FormMock, "article", "sequential", "pool:4", "goroutines")
	p.Seed, p.Requests, p.Upstream.Scale = 0, 3, 0.5
	e, err := bench.Open(t.Context(), p, bench.Tool{Name: "tool 1"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	h := e.Header()
	again, err := bench.DecodePlan("header", h.Plan)
	if err != nil || again.Seed == 0 || again.Seed != h.Design.Seed || again.Baseline != "sequential" {
		t.Errorf("error %v, seeds %d and %d, baseline %q", err, again.Seed, h.Design.Seed, again.Baseline)
	}
	again.Seed, again.Baseline = 0, ""
	if diff := cmp.Diff(p, again); diff != "" {
		t.Errorf("the plan: -want +got\n%s", diff)
	}
	want := results.Header{
		Schema: results.Schema,
		Target: results.Target{Requests: 3, Embedded: "article", Form: "mock", Scale: 0.5, Cold: true},
		Design: results.Design{
			Rounds: 3, Order: "random", Connections: "fresh", Baseline: "sequential", TimeoutNS: 10e9,
		},
		// Asked is what each may have in flight of three requests.
		Contenders: []results.Column{{Name: "sequential", Asked: 1}, {Name: "pool:4", Asked: 3}, {Name: "goroutines", Asked: 3}},
	}
	ignored := []cmp.Option{
		cmpopts.IgnoreFields(results.Header{}, "ID", "Started", "Environment", "Plan"),
		cmpopts.IgnoreFields(results.Design{}, "Seed"), cmpopts.IgnoreFields(results.Target{}, "URLs"),
	}
	if diff := cmp.Diff(want, h, ignored...); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if len(h.Target.URLs) != 10 || h.Environment.Tool != "tool 1" || h.Started.IsZero() {
		t.Errorf("%d URLs, tool %q, started %v", len(h.Target.URLs), h.Environment.Tool, h.Started)
	}
}

// Two runs without a seed are two experiments.
func TestSeedIsDrawn(t *testing.T) {
	seeds := map[uint64]bool{}
	for range 3 {
		p := inForm(t, bench.FormMock, "fast", "sequential")
		p.Seed = 0
		e, err := bench.Open(t.Context(), p, bench.Tool{})
		if err != nil {
			t.Fatal(err)
		}
		seeds[e.Header().Design.Seed] = true
		_ = e.Close()
	}
	if len(seeds) < 2 || seeds[0] { // all three alike: one in 2^62
		t.Errorf("three runs drew the seeds %v", seeds)
	}
}
