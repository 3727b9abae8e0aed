package results_test

import (
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// TestSlowerAloneIsTold: in the steady run a request takes as long in pool:2 as in
// sequential. A slowdown of nearly 0.9 is one; no warning is due where calls are others,
// or where nobody knows of them.
func TestSlowerAloneIsTold(t *testing.T) {
	latency := func(times float64) func(*results.Run) {
		return func(r *results.Run) {
			for i := range r.Trials {
				if t := &r.Trials[i]; t.Contender == "pool:2" {
					sequential := &r.Trials[i-i%2]
					t.Tally.Flight.LatencyNS = int64(times * float64(sequential.Tally.Flight.LatencyNS))
				}
			}
		}
	}
	but := func(change func(*results.Run)) func(*results.Run) {
		return func(r *results.Run) { latency(0.68)(r); change(r) }
	}
	confirm(t, []suspicion{
		{"much", latency(0.68), results.WarnAlone, "single calls took longer alone than together: in pool:2 0.68 times as long as in sequential (0.68 to 0.68)"},
		{"just", latency(0.899), results.WarnAlone, "0.90 times as long"},
		{"not clearly", latency(0.901), results.WarnAlone, ""},
		{"longer together", latency(1.5), results.WarnAlone, ""},
		{"five rounds", but(func(r *results.Run) { r.Trials = r.Trials[:10] }), results.WarnAlone, ""},
		{"a policy", but(func(r *results.Run) { r.Contenders[1].Policies = []string{"hedge:p95"} }), results.WarnAlone, ""},
		{"a transport", but(func(r *results.Run) { r.Contenders[1].Transport = "h2" }), results.WarnAlone, ""},
		{"a mock", but(func(r *results.Run) { r.Target.Form = "mock" }), results.WarnAlone, ""},
		{"a program", but(func(r *results.Run) { r.Contenders[1].Process = &results.Process{} }), results.WarnAlone, ""},
		{"unknown", but(func(r *results.Run) {
			each(r, "pool:2", func(t *results.Trial) { t.Claimed = &results.Claimed{} })
		}), results.WarnAlone, ""},
		{"times only", but(func(r *results.Run) { r.Imported = true }), results.WarnAlone, ""},
	})
}

// The way out is another connection where sequential used one again.
func TestSlowerAloneHasAWayOut(t *testing.T) {
	for reused, want := range map[int]string{9: "put sequential@h1-nokeepalive beside it", 0: "look for what a call waits for"} {
		run := steady()
		for i := range run.Trials {
			if t := &run.Trials[i]; t.Contender == "pool:2" {
				t.Tally.Flight.LatencyNS /= 2
			}
			run.Trials[i].Tally.Reused = reused
		}
		if w, _ := find(run, results.WarnAlone, "pool:2"); !strings.Contains(w.Hint, want) {
			t.Errorf("%d connections used again: %q, want %q", reused, w.Hint, want)
		}
	}
}

// TestSlowerAloneIsToldOnce for all contenders, and asks for nothing that is there: where
// sequential stands beside itself with a connection for each call, it is named.
func TestSlowerAloneIsToldOnce(t *testing.T) {
	names := []string{"sequential", "sequential@h1-nokeepalive", "pool:2", "goroutines"}
	for there, want := range map[int]string{
		1: "it may be the connection that is used again: sequential@h1-nokeepalive beside it shows what that costs",
		2: "it may be the connection that is used again: put sequential@h1-nokeepalive beside it",
	} {
		run := timed(append([]string{names[0]}, names[there:]...), around(4), around(2), around(2), around(2))
		for i := range run.Contenders {
			if c := &run.Contenders[i]; c.Name == names[1] {
				c.Transport, c.Asked = "h1-nokeepalive", 1
			}
		}
		for i := range run.Trials {
			tally := &run.Trials[i].Tally
			tally.Reused = 9
			if name := run.Trials[i].Contender; name != "sequential" {
				tally.Flight.LatencyNS /= 4
			}
		}
		var warnings []results.Warning
		for _, w := range results.Judge(run).Warnings {
			if w.Code == results.WarnAlone {
				warnings = append(warnings, w)
			}
		}
		if len(warnings) != 1 || warnings[0].Hint != want || !strings.Contains(warnings[0].Text, "in pool:2 ") || !strings.HasSuffix(warnings[0].Text, "; much the same holds for goroutines") {
			t.Errorf("%+v, want one: %s", warnings, want)
		}
	}
}
