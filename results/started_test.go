package results_test

import (
	"slices"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/mattn/go-shellwords"
)

// TestLineIsReadBack: a command can be typed as it is shown.
func TestLineIsReadBack(t *testing.T) {
	words := []string{"./fetch", "--a=b", "it's", "two words", "", `a"b`, "$HOME", "`x`", "a;b", `\`, "é", "*"}
	parser := shellwords.NewParser()
	got, err := parser.Parse((&results.Process{Command: words}).Line())
	if err != nil || !slices.Equal(got, words) {
		t.Errorf("got  %q, %v\nwant %q", got, err, words)
	}
	if line := (*results.Process)(nil).Line(); line != "" {
		t.Errorf("of no process: %q", line)
	}
}

// TestAcrossNamesOtherCommands: contenders are matched by their names, and base and head
// are any two programs.
func TestAcrossNamesOtherCommands(t *testing.T) {
	of := func(words ...string) *results.Run {
		run := timed([]string{"base", "head"}, []float64{1, 2}, []float64{1, 2})
		run.Contenders[1].Process = &results.Process{Command: words}
		return run
	}
	named := func(base, other *results.Run) bool {
		return slices.ContainsFunc(results.Across(base, other).Differences, func(d results.Difference) bool {
			return d.Kind == results.KindProgram && d.What == "command of head" && d.Base != d.Other
		})
	}
	if !named(of("./one"), of("./two")) || !named(of("./one"), of("./one", "--fast")) || !named(of("./one"), of()) {
		t.Error("another command of the same name is not told")
	}
	if named(of("./one"), of("./one")) {
		t.Error("the same command is told as another")
	}
}

// TestCostsOfAProgramAreItsOwn: what this process did while a program ran is no cost of the
// program, and what nobody knows is absent.
func TestCostsOfAProgramAreItsOwn(t *testing.T) {
	run := timed([]string{"a", "b"}, []float64{1, 2}, []float64{1, 2})
	for i := range run.Trials {
		t := &run.Trials[i]
		t.Machine = results.Machine{CPUNS: 5e9, Allocs: 500, AllocBytes: 5000, GCPauseNS: 5, SchedP99NS: 5, Peaks: results.Peaks{Goroutines: 5, Bytes: 5 << 20}}
		if t.Contender == "b" {
			t.Claimed = &results.Claimed{Own: results.Own{CPUNS: 250e6}}
		}
	}
	ours, its := results.Judge(run).Contenders[0].Cost, results.Judge(run).Contenders[1].Cost
	if ours.CPU == nil || *ours.CPU != 5 || ours.Memory == nil || ours.Goroutines == nil || ours.Allocs == nil {
		t.Errorf("ours: %+v", ours)
	}
	if its.CPU == nil || *its.CPU != 0.25 || its.Memory != nil || its.Goroutines != nil || its.Allocs != nil || its.PerFetch != nil || its.GCPause != nil || its.SchedP99 != nil {
		t.Errorf("its: %+v", its)
	}
	for i := range run.Trials {
		if run.Trials[i].Claimed != nil {
			run.Trials[i].Claimed.Own = results.Own{MaxBytes: 7}
		}
	}
	if its = results.Judge(run).Contenders[1].Cost; its.CPU != nil || its.Memory == nil || *its.Memory != 7 {
		t.Errorf("of a child that tells its memory: %+v", its)
	}
}
