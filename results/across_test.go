package results_test

import (
	"math"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// around are eight times around a median, in an order that shows no dependence.
func around(median float64) []float64 {
	out := []float64{1.00, 0.97, 1.03, 0.96, 1.05, 0.98, 1.02, 0.99}
	for i := range out {
		out[i] *= median
	}
	return out
}

// codes are those of warnings.
func codes(warnings []results.Warning) (list []string) {
	for _, w := range warnings {
		list = append(list, w.Code)
	}
	return list
}

// TestAcrossFindsWhatChanged: the ratio is base / other, contenders are matched by
// their names, and those of one run are named.
func TestAcrossFindsWhatChanged(t *testing.T) {
	base := timed([]string{"sequential", "pool:4", "waves:4"}, around(4), around(2), around(1))
	other := timed([]string{"pool:4", "sequential", "pool:8"}, around(1), around(4), around(1))
	other.ID = "20261121-aaaa"
	c := results.Across(base, other)
	equal(t, "ids", []string{c.Base, c.Other}, []string{"20261120-3f2k", "20261121-aaaa"})
	equal(t, "only one", [][]string{c.OnlyBase, c.OnlyOther}, [][]string{{"waves:4"}, {"pool:8"}})
	if len(c.Contenders) != 2 {
		t.Fatalf("%d contenders in common", len(c.Contenders))
	}
	alike, faster := c.Contenders[0], c.Contenders[1]
	equal(t, "order", []string{alike.Contender, faster.Contender}, []string{"sequential", "pool:4"})
	equal(t, "findings", []string{alike.Finding, faster.Finding}, []string{results.NotShown, results.Shorter})
	two, one := 2.0, 1.0
	within(t, "speed-up", &faster.SpeedUp.Estimate, &two, 1e-9)
	within(t, "no speed-up", &alike.SpeedUp.Estimate, &one, 1e-9)
	within(t, "delta", faster.Delta, &one, 1e-9)
	// All 8 times lie above all others: of the 12870 draws two are as far apart. Holm
	// doubles the smaller of two p-values.
	p, holm := 2.0/12870, 4.0/12870
	within(t, "p", faster.P, &p, 1e-9)
	within(t, "p adjusted", faster.PHolm, &holm, 1e-9)
	if !(*faster.SpeedUp.Lo > 1.8 && *faster.SpeedUp.Hi < 2.2 && faster.SpeedUp.Level > 0.95) {
		t.Errorf("interval %v to %v", *faster.SpeedUp.Lo, *faster.SpeedUp.Hi)
	}
	back := results.Across(other, base)
	equal(t, "the other way round", back.Contenders[0].Finding, results.Longer)
	equal(t, "warnings", codes(c.Warnings), []string{results.WarnDrift}) // what only one has is told by name
}

// TestAcrossNeverBorrowsAVerdict of paired rounds.
func TestAcrossNeverBorrowsAVerdict(t *testing.T) {
	for _, word := range []string{results.Shorter, results.Longer, results.NotShown, results.TooFew} {
		for _, verdict := range []string{"faster", "slower", "equivalent", "inconclusive", "insufficient", "comparable"} {
			if strings.Contains(word, verdict) {
				t.Errorf("%q has %q in it", word, verdict)
			}
		}
	}
}

// TestAcrossFewRounds find nothing, and say so; without a round in common there is
// nothing at all.
func TestAcrossFewRounds(t *testing.T) {
	names := []string{"sequential"}
	few := timed(names, around(1)[:5])
	c := results.Across(timed(names, around(4)), few).Contenders[0]
	equal(t, "finding", c.Finding, results.TooFew)
	if c.SpeedUp == nil || math.Abs(c.SpeedUp.Estimate-4) > 0.2 {
		t.Errorf("speed-up %+v", c.SpeedUp)
	}
	none := timed(names, around(1)[:1])
	none.Trials = nil
	c = results.Across(few, none).Contenders[0]
	if c.Finding != results.TooFew || c.SpeedUp != nil || c.P != nil {
		t.Errorf("without a round: %+v", c)
	}
}

// TestAcrossCountsFailuresAsTheSlowest, and says that there are some.
func TestAcrossCountsFailuresAsTheSlowest(t *testing.T) {
	names := []string{"sequential", "pool:4"}
	bad := around(1)
	for i := range 7 {
		bad[i] = math.Inf(1)
	}
	c := results.Across(timed(names, around(4), around(2)), timed(names, around(4), bad))
	x := c.Contenders[1]
	if x.Finding != results.Longer || x.SpeedUp != nil || x.Other.OK != 1 || x.Other.Median != nil {
		t.Errorf("%+v", x)
	}
	equal(t, "warnings", codes(c.Warnings), []string{results.WarnFailed, results.WarnDrift})
}

// TestAcrossTellsWhatElseDiffers: each part of a header that bears on the times, by its
// kind; and nothing of what differs between any two runs.
func TestAcrossTellsWhatElseDiffers(t *testing.T) {
	for _, c := range []struct {
		kind, what string
		change     func(*results.Run)
	}{
		{results.KindWork, "address 2", func(r *results.Run) { r.Target.URLs = []string{r.Target.URLs[0], "http://127.0.0.1:1/c"} }},
		{results.KindWork, "address 3", func(r *results.Run) { r.Target.URLs = append(r.Target.URLs, "http://127.0.0.1:1/c") }},
		{results.KindWork, "requests of a batch", func(r *results.Run) { r.Target.Requests++ }},
		{results.KindWork, "batches of a trial", func(r *results.Run) { r.Target.Repeat = 3 }},
		{results.KindWork, "upstream", func(r *results.Run) { r.Target.Embedded = "article" }},
		{results.KindWork, "upstream", func(r *results.Run) { r.Target.Form = "mock" }},
		{results.KindWork, "secrets", func(r *results.Run) { r.Target.References = map[string]string{"env:A": "1"} }},
		{results.KindWork, "method of request 1", func(r *results.Run) { r.Plan = []byte(`{"urls":[{"url":"x","method":"POST"}]}`) }},
		{results.KindMachine, "processor", func(r *results.Run) { r.Environment.CPU = "z80" }},
		{results.KindMachine, "processors", func(r *results.Run) { r.Environment.CPUs = 4 }},
		{results.KindMachine, "kernel", func(r *results.Run) { r.Environment.Kernel = "7" }},
		{results.KindMachine, "GOMAXPROCS", func(r *results.Run) { r.Environment.MaxProcs = 1 }},
		{results.KindMachine, "limit of processors", func(r *results.Run) { r.Environment.CPULimit = 0.5 }},
		{results.KindMachine, "container", func(r *results.Run) { r.Environment.Container = "docker" }},
		{results.KindProgram, "Go", func(r *results.Run) { r.Environment.Go = "go1.27" }},
		{results.KindProgram, "fetchbench", func(r *results.Run) { r.Environment.Tool = "fetchbench 9" }},
		{results.KindDesign, "connections", func(r *results.Run) { r.Design.Connections = "warm" }},
		{results.KindDesign, "order", func(r *results.Run) { r.Design.Order = "blocks" }},
		{results.KindDesign, "timeout", func(r *results.Run) { r.Design.TimeoutNS = 1e9 }},
		{results.KindDesign, "warm-up rounds", func(r *results.Run) { r.Design.Warmup = 2 }},
		{results.KindDesign, "protocol of pool:4", func(r *results.Run) {
			for i := range r.Trials {
				r.Trials[i].Tally.Protocol = "HTTP/2.0"
			}
		}},
		{"", "", func(r *results.Run) { r.Design.Seed, r.Environment.Load, r.Started = 1, 2, r.Started.AddDate(0, 1, 0) }},
	} {
		base, other := timed([]string{"pool:4"}, around(1)), timed([]string{"pool:4"}, around(1))
		for i := range base.Trials {
			base.Trials[i].Tally.Protocol, other.Trials[i].Tally.Protocol = "HTTP/1.1", "HTTP/1.1"
		}
		c.change(other)
		got := results.Across(base, other)
		if c.kind == "" {
			equal(t, "differences", got.Differences, []results.Difference{})
			continue
		}
		if len(got.Differences) == 0 || got.Differences[0].Kind != c.kind || got.Differences[0].What != c.what {
			t.Errorf("%s: %+v", c.what, got.Differences)
		}
		equal(t, c.what+": same work", got.SameWork(), c.kind != results.KindWork)
		equal(t, c.what+": same machine", got.SameMachine(), c.kind != results.KindMachine)
		if len(got.Warnings) != 2 || !strings.Contains(got.Warnings[0].Text, c.what) {
			t.Errorf("%s: warnings %+v", c.what, got.Warnings)
		}
	}
}

// TestAcrossForgetsThePorts of an embedded upstream, which are others each time.
func TestAcrossForgetsThePorts(t *testing.T) {
	base, other := timed([]string{"pool:4"}, around(1)), timed([]string{"pool:4"}, around(1))
	base.Target.Embedded, other.Target.Embedded = "article", "article"
	other.Target.URLs = []string{"http://127.0.0.1:9/a", "http://127.0.0.1:9/b"}
	equal(t, "differences", results.Across(base, other).Differences, []results.Difference{})
	other.Target.Form = "server"
	equal(t, "form", results.Across(base, other).Differences, []results.Difference{{Kind: results.KindDesign, What: "form of the upstream", Other: "server"}})
	other.Target.Scale = 0.1
	equal(t, "same work", results.Across(base, other).SameWork(), false)
}
