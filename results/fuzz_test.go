package results_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/fetchbench/fetchbench/results"
)

// FuzzRead: any bytes are an error or a run. A run can be judged and written as
// JSON, streams the trials that it has, and any first part of its journal is an
// error or the first of its trials, unless it was resumed after that.
func FuzzRead(f *testing.F) {
	// Short, because what is interesting is minimised, byte by byte.
	run := timed([]string{"a", "b"}, []float64{1}, []float64{3})
	run.Trials[1] = failed(0, "b")
	text := string(content(f, journal(f, run)))
	f.Add([]byte(text), 100)
	f.Add([]byte(text[:len(text)/2]), 1)
	f.Add([]byte(strings.Replace(text, `"contender":"b"`, `"contender":"c"`, 1)), 2000)
	f.Add([]byte(strings.ReplaceAll(text, `"mean":2`, `"mean":1.7e308`)), 2000)
	f.Add([]byte(strings.ReplaceAll(text, `"request":1`, `"request":-1`)), 2000)
	f.Add([]byte(strings.Replace(text, `{"type":"end"`, `{"type":"resumed","round":0}`+"\n"+`{"type":"end"`, 1)), 900)
	f.Add([]byte(""), 0)
	f.Add([]byte("{}\n[]\n"), 3)
	f.Fuzz(func(t *testing.T, text []byte, cut int) {
		run, err := results.Read(bytes.NewReader(text))
		streamed, streamErr := streamedUntilError(text)
		if err != nil {
			if streamErr == nil {
				t.Fatalf("Read refuses what Trials takes: %v", err)
			}
			return
		}
		if streamErr == nil || len(streamed) > 0 {
			alike(t, "streamed", streamed, run.Trials[:len(streamed)])
		}
		if streamErr == nil && len(streamed) != len(run.Trials) {
			t.Fatalf("%d trials streamed, %d read", len(streamed), len(run.Trials))
		}
		if _, err := json.Marshal(results.Judge(run)); err != nil {
			t.Fatal(err)
		}
		if cut < 0 || cut > len(text) {
			return
		}
		// A resumption takes trials back, so only what comes after it is a continuation.
		if part, err := results.Read(bytes.NewReader(text[:cut])); err == nil && len(part.Resumed) == len(run.Resumed) {
			alike(t, "first part", part.Trials, run.Trials[:len(part.Trials)], cmpopts.EquateNaNs())
		}
	})
}

// streamedUntilError is what Trials yields, without the requests.
func streamedUntilError(text []byte) (list []results.Trial, last error) {
	for t, err := range results.Trials(bytes.NewReader(text)) {
		if err != nil {
			return list, err
		}
		without := *t
		without.Requests = nil
		list = append(list, without)
	}
	return list, nil
}
