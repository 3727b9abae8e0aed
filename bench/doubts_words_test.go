package bench

import (
	"slices"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/results"
)

// Complaints have the times that people read, and a singular.
func TestComplaintsAreWords(t *testing.T) {
	trial := &results.Trial{}
	trial.ElapsedNS, trial.Tally.Flight.LatencyNS, trial.Tally.Flight.LongestNS, trial.Tally.Flight.Max = 121_140, 1_000_000, 2_123_456, 1
	counts := upstream.Counts{Busy: 9_999_999, P99: 12_971_256, Span: 2_345_678}
	counts.InFlight.Max = 2
	want := []string{
		"requests were there for 10ms in all, their latencies add up to 1ms",
		"one request in a hundred was there for 13ms, the longest latency is 2.1ms",
		"2 requests were there at once, 1 was reported",
		"requests came over 2.3ms, the trial took 100µs",
	}
	if got := impossible(counts, trial); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	b := &Batch{}
	b.noted.ended = 4
	trial = &results.Trial{}
	trial.ElapsedNS, trial.Claimed, trial.Tally.Planned = int64(time.Second), &results.Claimed{Records: true}, 5
	counts = upstream.Counts{}
	counts.Requests.Started = 5
	if got := b.overdue(counts, trial); !slices.Equal(got, []string{"1 request arrived after the trial ended"}) {
		t.Errorf("got %q", got)
	}
}
