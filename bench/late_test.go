package bench

import (
	"slices"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/results"
)

// TestLateRequestsRefuteNothing: a request of an earlier trial, given up there and
// seen here, is in the upstream's times. They say nothing of this trial then; without
// it the same times refute what was reported.
func TestLateRequestsRefuteNothing(t *testing.T) {
	const ms = time.Millisecond
	for late, want := range map[int][]string{
		0: {"requests came over 12ms, the trial took 5ms"},
		1: nil,
	} {
		trial := results.Trial{Round: 2, Outcome: results.OK, ElapsedNS: (5 * ms).Nanoseconds()}
		trial.Requests = []results.Request{{Class: results.ClassOK, Attempts: 1, ServiceNS: (4 * ms).Nanoseconds()}}
		trial.Tally = trial.Count(1)
		counts := upstream.Counts{Span: 12 * ms, IDs: map[upstream.ID]int{{Round: 2, Contender: 1}: 1, {Round: 2, Contender: 0, Index: 7}: late}}
		counts.Requests.Started, counts.InFlight.Max = 1+late, 1
		if got := differences(counts, &trial, 1, func(int) int { return 0 }, false); !slices.Equal(got, want) {
			t.Errorf("%d late: %q, want %q", late, got, want)
		}
	}
}
