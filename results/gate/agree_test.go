package gate_test

import (
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/gate"
	"github.com/fetchbench/fetchbench/results/report"
)

// TestStrictJUnitFailsWhatIsNotDecided, as the exit code does: a gate, a comparison where
// there are no gates, and a run of which this machine was the limit.
func TestStrictJUnitFailsWhatIsNotDecided(t *testing.T) {
	strict := func(j *results.Judgement) (failures, skipped int) {
		var out strings.Builder
		if err := gate.StrictJUnit(&out, j); err != nil {
			t.Fatal(err)
		}
		return strings.Count(out.String(), "<failure "), strings.Count(out.String(), "<skipped ")
	}
	if failures, skipped := strict(gated()); failures != 2 || skipped != 0 {
		t.Errorf("%d failures and %d skipped, want 2 and 0", failures, skipped)
	}
	bare := judgement(results.Contender{}, compared(1, 0.9, 1.1))
	bare.Warnings = []results.Warning{{Code: results.WarnSaturated, Text: "the client was the limit"}}
	if failures, _ := strict(bare); failures != 2 {
		t.Errorf("no gates: %d failures, want 2", failures)
	}
	if back, _ := junit(t, bare); back.Suites[0].Failures != 0 {
		t.Errorf("without strict: %d failures, want none", back.Suites[0].Failures)
	}
}

// TestFailedTrialsOfAnImportAreNotValid: the program exits with 5, as for a run, and each
// file of it says so too.
func TestFailedTrialsOfAnImportAreNotValid(t *testing.T) {
	for text, valid := range map[string]bool{
		`{"times_in_round_order": {"base": [1, 1, "Infinity"], "head": [1, 2, 3]}}`: false,
		`{"times_in_round_order": {"base": [1, 1, 2], "head": [1, 2, 3]}}`:          true,
		`{"times_in_round_order": {"base": ["Infinity"], "head": ["Infinity"]}}`:    false,
	} {
		run, err := results.Import("times.json", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		j := results.Judge(run)
		var out strings.Builder
		if err := gate.Summary(&out, j, report.Options{}); err != nil {
			t.Fatal(err)
		}
		back, _ := junit(t, j)
		if said := strings.Contains(out.String(), "not valid"); said == valid || (back.Suites[0].Failures == 0) != valid {
			t.Errorf("%s: not valid is %v with %d failures, want them alike", text, said, back.Suites[0].Failures)
		}
	}
}

// TestImportedTimesHaveNoRequests: a gate that could never be decided is refused, with
// what there is.
func TestImportedTimesHaveNoRequests(t *testing.T) {
	refused := map[string]bool{"in_flight": true, "slowdown": true, "efficiency": true, "packing": true, "failed": true, "attempts": true, "connections": true}
	for _, name := range gate.Metrics() {
		err := gate.CheckTimes([]gate.Gate{{Subject: "*", Metric: name, Op: ">"}})
		if (err != nil) != refused[name] {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && !strings.Contains(err.Error(), "(have median, mean, min, max, p90, p95, p99, speedup)") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
