package report

import (
	"slices"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// What a contender says of itself is somebody else's text, and one that tells nothing
// of its requests has that said of it.
func TestElsewhereSaysWhatIsNotKnown(t *testing.T) {
	run := &results.Run{
		Header: results.Header{Contenders: []results.Column{
			{Name: "exec:a", Process: &results.Process{Program: "py\x1b[2J", Language: "python 3.11.2", StartedNS: 210_400_000}},
			{Name: "exec:b", Process: &results.Process{}},
			{Name: "sequential"},
			{Name: "command"},
			{Name: "once"},
		}},
		Trials: []results.Trial{
			{Contender: "exec:a", Observed: results.Observed{Claimed: &results.Claimed{Records: true}}},
			{Contender: "exec:b", Observed: results.Observed{Claimed: &results.Claimed{Broken: "child_exit"}}},
			{Contender: "sequential"},
			{Contender: "command", Observed: results.Observed{Claimed: &results.Claimed{}}},
			{Contender: "once", Observed: results.Observed{Claimed: &results.Claimed{}}},
			{Contender: "once", Observed: results.Observed{Claimed: &results.Claimed{Records: true}}},
		},
	}
	var got []string
	for _, l := range elsewhere(run) {
		got = append(got, l.text)
	}
	want := []string{
		"exec:a is " + Clean("py\x1b[2J") + ", python 3.11.2 · started in 210ms, outside every time",
		"nothing is told of the requests of command: their latencies are not known, and in flight is what the upstream saw",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
