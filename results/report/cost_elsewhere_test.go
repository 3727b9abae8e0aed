package report_test

import (
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// What nobody told of requests that were made elsewhere is no 0, and whose word the CPU
// of a program is stands below.
func TestCostsOfProgramsAreNoZeros(t *testing.T) {
	const note = "CPU and memory of a program are what it says of itself"
	j := costly()
	if got := strings.Join(strings.Fields(text(t, j, report.Options{Cost: true})), " "); strings.Contains(got, note) {
		t.Errorf("there is no program in\n%s", got)
	}
	const name = "exec:python3 fetch.py"
	program := contender(name, 8, 0.6, 0.6)
	program.Connections = results.Connections{Opened: 77}
	program.Cost = results.Cost{Sent: results.Sent{Attempts: 88}}
	j.Contenders = append(j.Contenders, program)
	j.Run.Contenders = append(j.Run.Contenders, results.Column{Name: name, Asked: 8, Process: &results.Process{}})
	j.Run.Trials = append(j.Run.Trials, results.Trial{Contender: name, Round: -1, Observed: results.Observed{Claimed: &results.Claimed{}}})
	got := text(t, j, report.Options{Cost: true, Width: 120})
	if !strings.Contains(strings.Join(strings.Fields(got), " "), note) {
		t.Errorf("no %q in\n%s", note, got)
	}
	_, wire, _ := strings.Cut(got, "On the wire")
	wire, machine, _ := strings.Cut(wire, "On this machine")
	for table, want := range map[string]string{wire: "77 – 88 –", machine: "– – – –"} {
		_, row, _ := strings.Cut(table, "\nexec:fetch.py ")
		row, _, _ = strings.Cut(row, "\n")
		if cells := strings.Join(strings.Fields(row), " "); !strings.Contains(cells, want) {
			t.Errorf("got %q, want %q in it:\n%s", cells, want, table)
		}
	}
}

// Connections that were kept are none opened: of a program 0 is known where the upstream
// counted its requests, and of no other.
func TestOpenedIsZeroWhereTheUpstreamCounted(t *testing.T) {
	for want, seen := range map[string]*results.Seen{"0 – 88 –": {Requests: 10}, "– – 88 –": nil} {
		j := costly()
		const name = "exec:python3 fetch.py"
		program := contender(name, 8, 0.6, 0.6)
		program.Connections, program.Cost = results.Connections{}, results.Cost{Sent: results.Sent{Attempts: 88}}
		j.Contenders = append(j.Contenders, program)
		j.Run.Contenders = append(j.Run.Contenders, results.Column{Name: name, Asked: 8, Process: &results.Process{}})
		j.Run.Trials = append(j.Run.Trials, results.Trial{Contender: name, Observed: results.Observed{Claimed: &results.Claimed{}, Seen: seen}})
		_, wire, _ := strings.Cut(text(t, j, report.Options{Cost: true, Width: 120}), "On the wire")
		_, row, _ := strings.Cut(wire, "\nexec:fetch.py ")
		row, _, _ = strings.Cut(row, "\n")
		if cells := strings.Join(strings.Fields(row), " "); !strings.Contains(cells, want) {
			t.Errorf("got %q, want %q in it", cells, want)
		}
	}
}
