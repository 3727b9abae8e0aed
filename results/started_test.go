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

// busy is a run in which this process was busy, and b is a program.
func busy(own results.Own) *results.Run {
	run := timed([]string{"a", "b"}, []float64{1, 2}, []float64{1, 2})
	for i := range run.Trials {
		t := &run.Trials[i]
		t.Machine = results.Machine{CPUNS: 5e9, Allocs: 500, AllocBytes: 5000, GCPauseNS: 5, SchedP99NS: 5, Peaks: results.Peaks{Goroutines: 5, Bytes: 5 << 20}}
		if t.Contender == "b" {
			t.Claimed = &results.Claimed{Own: own}
		}
	}
	return run
}

// TestCostsOfAProgramAreItsOwn: what this process did while a program ran is no cost of the
// program, and what nobody knows is absent.
func TestCostsOfAProgramAreItsOwn(t *testing.T) {
	cost := func(own results.Own, of int) (c results.Cost) {
		c = results.Judge(busy(own)).Contenders[of].Cost
		c.Sent, c.Bytes = results.Sent{}, 0
		return c
	}
	cpu, memory := 0.25, int64(7)
	equal(t, "of a command", cost(results.Own{CPUNS: 250e6}, 1), results.Cost{CPU: &cpu})
	equal(t, "of a child that tells its memory", cost(results.Own{MaxBytes: memory}, 1), results.Cost{Highest: results.Highest{Memory: &memory}})
	if ours := cost(results.Own{}, 0); ours.CPU == nil || *ours.CPU != 5 || ours.Memory == nil || ours.Goroutines == nil || ours.Allocs == nil {
		t.Errorf("ours: %+v", ours)
	}
}
