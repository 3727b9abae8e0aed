package export_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/export"
)

// stream writes the lines of a run that is over.
func stream(t *testing.T, run *results.Run) string {
	t.Helper()
	var out bytes.Buffer
	if err := export.JSONLines(&out, results.Judge(run)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestLinesAreAsAgreed holds one run against lines that people have read.
func TestLinesAreAsAgreed(t *testing.T) {
	run := measured([]string{"sequential", "pool:4"}, 1, func(_, i int) int64 { return []int64{100e6, 0}[i] })
	run.Complete, run.Reason = false, "stopped by SIGINT"
	want := `{"type":"run","schema":1,"run":"20261120-3f2k","started":"2026-11-20T09:00:00Z","tool":"fetchbench 0.1.0","contenders":[{"name":"sequential","asked":1},{"name":"pool:4","asked":2}],"baseline":"sequential","rounds":1,"warmup_rounds":0,"requests_per_trial":2,"seed":7,"connections":"fresh","upstream":"article","sweep":false}
{"type":"trial","round":0,"position":0,"contender":"sequential","outcome":"ok","time_s":0.1,"start_s":0,"requests":{"planned":2,"ok":2,"failed":0,"cancelled":0,"not_started":0,"attempts":2},"by_class":{"ok":2},"in_flight":{"mean":1,"max":2},"connections":{"opened":2,"reused":0},"bytes":10,"wire_bytes":10,"protocol":"HTTP/1.1"}
{"type":"trial","round":0,"position":1,"contender":"pool:4","outcome":"failed","time_s":null,"start_s":0,"requests":{"planned":2,"ok":1,"failed":1,"cancelled":0,"not_started":0,"attempts":2},"by_class":{"ok":1,"timeout":1},"in_flight":{"mean":0,"max":1},"connections":{"opened":2,"reused":0},"bytes":10,"wire_bytes":10,"protocol":"HTTP/1.1"}
{"type":"end","run":"20261120-3f2k","complete":false,"reason":"stopped by SIGINT","trials":2,"requests":{"planned":4,"ok":3,"failed":1,"cancelled":0,"not_started":0,"attempts":4}}
`
	if diff := cmp.Diff(want, stream(t, run)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestLinesOfAnyRun: each is one JSON object on one line without anything that a
// terminal would obey, the names are the same as before, and there is one for each
// trial between the first and the last.
func TestLinesOfAnyRun(t *testing.T) {
	for name, run := range extremes() {
		lines := strings.Split(strings.TrimSuffix(stream(t, run), "\n"), "\n")
		if len(lines) != len(run.Trials)+2 {
			t.Errorf("%s: %d lines for %d trials", name, len(lines), len(run.Trials))
			continue
		}
		for i, line := range lines {
			var got struct{ Type, Contender string }
			if err := json.Unmarshal([]byte(line), &got); err != nil || strings.ContainsAny(line, "\x1b\u202e") {
				t.Errorf("%s: %v in %q", name, err, line)
			}
			if i > 0 && i <= len(run.Trials) && (got.Type != "trial" || got.Contender != run.Trials[i-1].Contender) {
				t.Errorf("%s: line %d is %q", name, i+1, line)
			}
		}
	}
}

// A fullDisk takes so many writes.
type fullDisk struct{ writes int }

var errFull = errors.New("no space left")

// Write counts down.
func (f *fullDisk) Write(p []byte) (int, error) {
	if f.writes--; f.writes < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// TestNoLineIsLostInSilence wherever writing begins to fail, in any of the formats.
func TestNoLineIsLostInSilence(t *testing.T) {
	j := results.Judge(three())
	for writes := range len(j.Run.Trials) + 2 {
		if err := export.JSONLines(&fullDisk{writes}, j); !errors.Is(err, errFull) {
			t.Errorf("lines after %d writes: %v", writes, err)
		}
	}
	for writes := range 10 {
		if err := export.Benchmarks(&fullDisk{writes}, j); !errors.Is(err, errFull) {
			t.Errorf("benchmarks after %d writes: %v", writes, err)
		}
	}
}
