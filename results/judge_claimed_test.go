package results_test

import (
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

// claims makes the trials of a contender those of a program, of which the upstream saw
// each request for so long.
func claims(name string, saw time.Duration) func(*results.Run) {
	return func(r *results.Run) {
		for i := range r.Contenders {
			if r.Contenders[i].Name == name {
				r.Contenders[i].Process = &results.Process{}
			}
		}
		each(r, name, func(t *results.Trial) {
			t.Claimed = &results.Claimed{Records: true}
			t.Seen = &results.Seen{Requests: 16, Max: 16, BusyNS: 16 * saw.Nanoseconds()}
		})
	}
}

// What a program claims of its latencies says something of the upstream where the
// upstream's own clock saw the same, and nothing where that was never asked.
func TestClaimedLatenciesSayNothingTheUpstreamDidNotSee(t *testing.T) {
	alone := func(r *results.Run) {
		each(r, "sequential", func(t *results.Trial) { t.Seen = &results.Seen{Requests: 16, Max: 1, BusyNS: 16e8} })
		for round := range 8 {
			r.Trials = append(r.Trials, loaded(round, "pool:4", 4, calls(16, 100)...))
		}
		r.Contenders = append(r.Contenders, results.Column{Name: "pool:4", Asked: 4})
	}
	with := func(saw time.Duration) func(*results.Run) {
		return func(r *results.Run) { alone(r); claims("exec:a.py", saw)(r) }
	}
	unseen := func(r *results.Run) {
		with(1)(r)
		each(r, "exec:a.py", func(t *results.Trial) { t.Seen = nil })
	}
	confirmCauses(t, []cause{
		{"seen", "exec:a.py", 16, crowded, with(240 * time.Millisecond), results.WarnCapacity, "the upstream serves about 4"},
		{"half of it seen", "exec:a.py", 16, crowded, with(120 * time.Millisecond), "", ""},
		{"nobody looked", "exec:a.py", 16, crowded, unseen, "", ""},
	})
}

// A program whose slots stood idle has a limit of its own, or not: waves it is not.
func TestProgramsHaveLimitsOfTheirOwn(t *testing.T) {
	idle := func() results.Trial { return oneFanOut(waves()) }
	program := claims("exec:a.py", 25*time.Millisecond)
	confirmCauses(t, []cause{
		{"never six", "exec:a.py", 6, idle, program, results.WarnIdle, "calls waited: it never had more than 4 in flight; it took"},
		{"all four", "exec:a.py", 4, idle, program, results.WarnIdle, "calls waited: it did not begin the next call as soon as"},
	})
}
