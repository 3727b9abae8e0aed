package bench

import (
	"runtime"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
)

func TestTicksOfProcStat(t *testing.T) {
	for text, want := range map[string][2]int64{
		// 1 + ... + 8 = 36, of which the eighth is stolen; guest time is in user's.
		"cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 9 9 9 9 9 9 9 9 9 9\n": {8, 36},
		"cpu  1 2 3 4 5 6 7 8":        {8, 36},
		"cpu  1 2 3 4 5 6 7\n":        {0, 0}, // a kernel that does not count what is stolen
		"cpu0 1 2 3 4 5 6 7 8 9 10\n": {0, 0},
		"cpu  1 2 3 4 5 x 7 8\n":      {0, 0},
		"":                            {0, 0},
	} {
		if steal, total := ticks(text); [2]int64{steal, total} != want {
			t.Errorf("ticks(%q) = %d, %d; want %v", text, steal, total, want)
		}
	}
}

func TestHostReadingsAreSubtracted(t *testing.T) {
	begun := time.Now()
	earlier := hostReading{load: 1, steal: 10, total: 100, switches: 5, at: begun}
	now := hostReading{load: 0.5, steal: 12, total: 150, switches: 9, at: begun.Add(time.Second)}
	// The load is what it is at the end; both clocks moved by one second.
	want := results.Host{Load: 0.5, StealTicks: 2, TotalTicks: 50, Switches: 4}
	if got := now.since(earlier); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// On Linux the sources are there, and what only grows does not shrink. A process
// that was never taken off its processor has no switches yet.
func TestHostReadingsAreThere(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the sources of a host reading are Linux's")
	}
	earlier, now := readHost(), readHost()
	if earlier.total <= 0 || earlier.switches < 0 || now.total < earlier.total || now.switches < earlier.switches {
		t.Errorf("readings %+v and %+v", earlier, now)
	}
}

// TestTrialsOverAClockStepAreAborted: in whichever direction, and however good their
// requests were. Clocks that are adjusted little by little are no step.
func TestTrialsOverAClockStepAreAborted(t *testing.T) {
	for step, want := range map[time.Duration]results.TrialOutcome{
		0: results.OK, 50 * time.Millisecond: results.OK, -50 * time.Millisecond: results.OK,
		51 * time.Millisecond: results.Aborted, -51 * time.Millisecond: results.Aborted,
		time.Hour: results.Aborted, -time.Hour: results.Aborted,
	} {
		trial := results.Trial{Tally: results.Tally{Count: results.Count{Planned: 2, OK: 2}}}
		trial.Machine.Host.ClockStepNS = step.Nanoseconds()
		if got := outcome(t.Context(), t.Context(), &trial, &Batch{}); got != want {
			t.Errorf("a step of %v: %s, want %s", step, got, want)
		}
	}
}
