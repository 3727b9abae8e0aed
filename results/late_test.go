package results_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
)

// TestLateStartsAreKept: requests that began after their intended start read back
// as they were, in our hand and in another. A journal without such has no column
// for it.
func TestLateStartsAreKept(t *testing.T) {
	trial := succeeded(0, "a", 1e9)
	run := &results.Run{Header: header("a"), Trials: []results.Trial{trial}, Complete: true}
	if text := content(t, journal(t, run)); bytes.Contains(text, []byte("late_ns")) {
		t.Errorf("a column of nothing: %s", text)
	}
	run.Trials[0].Requests[1].Phases.LateNS = 3e6
	text := string(content(t, journal(t, run)))
	if !strings.Contains(text, `"late_ns":[0,3000000]`) {
		t.Errorf("no column in %s", text)
	}
	for name, edited := range map[string]string{"ours": text, "by hand": strings.Replace(text, `"n":2`, `"n": 2`, 1)} {
		alike(t, name, streamed(t, []byte(edited)), run.Trials)
	}
	// What is not there is not late; a column of no or of other length is damage.
	for column, fine := range map[string]bool{"null": true, "[7]": true, "[]": false, "[1,2,3]": false} {
		edited := strings.Replace(text, `"late_ns":[0,3000000]`, `"late_ns":`+column, 1)
		if _, err := streamedUntilError([]byte(edited)); (err == nil) != fine {
			t.Errorf("%s: got %v", column, err)
		}
	}
}

// TestLatencyCountsFromTheIntendedStart: of two requests that take 100 ms each one
// began 50 ms late, and its latency is 150 ms. It was answered 150 ms after the
// trial began, as its own start says.
func TestLatencyCountsFromTheIntendedStart(t *testing.T) {
	trial := loaded(0, "paced", 2, 100, 100)
	trial.Requests[1].StartNS, trial.Requests[1].Phases.LateNS = 50e6, 50e6
	run := &results.Run{Header: header("paced"), Trials: []results.Trial{trial}, Complete: true}
	got := latencies(t, run)["paced"]
	equal(t, "latency", *got.Service, results.LatencySummary{N: 2, Mean: 0.125, Min: 0.1, Max: 0.15, Exact: true})
	equal(t, "response", *got.Response, results.LatencySummary{N: 2, Mean: 0.125, Min: 0.1, Max: 0.15, Exact: true})
	// To be late is no phase that a transport reported.
	equal(t, "first byte", got.FirstByte, (*float64)(nil))
	equal(t, "measured", trial.Requests[1].Phases.Measured(), false)
	trial.Requests[1].Phases.LateNS = -1
	if _, err := results.OpenLatencies(journal(t, run)); err == nil {
		t.Error("a request was begun before it was intended, and nobody minds")
	}
}

// TestBothHalvesOfAnAnswer are medians over the requests that have phases: waits of
// 10 to 60 ms and bodies of 1 to 6 ms, six because that is how many a median takes.
func TestBothHalvesOfAnAnswer(t *testing.T) {
	trial := loaded(0, "a", 1, 100, 100, 100, 100, 100, 100, 100)
	for i := range 6 {
		trial.Requests[i].Phases = results.Phases{WaitNS: int64(i+1) * 10e6, BodyNS: int64(i+1) * 1e6}
	}
	run := &results.Run{Header: header("a"), Trials: []results.Trial{trial}, Complete: true}
	got := latencies(t, run)["a"]
	near(t, "first byte", got.FirstByte, 0.035)
	near(t, "last byte", got.LastByte, 0.0035)
}
