package results_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// cutShort writes the first trials of a run, and some bytes of the next line that
// never came.
func cutShort(t *testing.T, run *results.Run, trials int, torn string) string {
	t.Helper()
	part := &results.Run{Header: run.Header, Trials: run.Trials[:trials]}
	path := journal(t, part)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	must(t, err)
	_, err = file.WriteString(torn)
	must(t, errors.Join(err, file.Close()))
	return path
}

// goOn resumes a journal at a round, makes the trials that are missing, and ends for a
// reason, or because it is complete.
func goOn(t *testing.T, path string, round int, whole []results.Trial, reason string) {
	t.Helper()
	j, _, err := results.Reopen(path)
	must(t, err)
	must(t, j.Resume(round))
	for i := range whole {
		if t2 := &whole[i]; !results.Precedes(t2.Round, round) {
			must(t, j.Append(t2))
		}
	}
	must(t, j.End(reason))
}

// TestR52ResumedRunReadsLikeOneOfOnePiece: whatever the crash left after the last
// whole line is gone, what stood there of the round that was made again is in no
// number, and every way to read the journal agrees. A run may be resumed twice.
func TestR52ResumedRunReadsLikeOneOfOnePiece(t *testing.T) {
	whole := timed([]string{"a", "b"}, []float64{1, 2, 3}, []float64{4, 5, 6})
	for i := range 1001 { // lines of requests without their trial may be left, too
		whole.Trials[3].Requests = append(whole.Trials[3].Requests, results.Request{Index: 2 + i, Class: results.ClassOK})
	}
	requests := strings.SplitAfter(string(content(t, journal(t, whole))), "\n")[1]
	for _, torn := range []string{"", `{"type":"trial","rou`, "\x00\x00\n", requests, requests + `{"ty`} {
		path := cutShort(t, whole, 3, torn)
		goOn(t, path, 1, whole.Trials[:4], "cut short before round 2")
		goOn(t, path, 2, whole.Trials, "")
		run, err := results.OpenLatencies(path)
		must(t, err)
		equal(t, "trials", run.Trials, whole.Trials, cmpopts.IgnoreFields(results.Trial{}, "Requests"))
		equal(t, "complete", run.Complete, true)
		equal(t, "torn", run.Torn, 0)
		alike(t, "streamed", streamed(t, content(t, path)), whole.Trials)
		original, err := results.OpenLatencies(journal(t, whole))
		must(t, err)
		equal(t, "judgement", results.Judge(run), results.Judge(original), cmpopts.IgnoreFields(results.Run{}, "Resumed"))
		aside := []results.Aside{{Trials: 1, Attempts: 2}, {}}
		for i, r := range run.Resumed {
			equal(t, "put aside", r.Aside, aside[i])
			equal(t, "round", r.Round, 1+i)
		}
		equal(t, "resumed", len(run.Resumed), 2)
	}
}

// TestR52ResumedWarmUpPrecedesRoundZero: a run that was cut short in its warm-up
// makes the rest of that, and all measured rounds.
func TestR52ResumedWarmUpPrecedesRoundZero(t *testing.T) {
	order := []int{-1, -2, -3, 0, 1, 2}
	for i, a := range order {
		for k, b := range order {
			equal(t, "precedes", results.Precedes(a, b), i < k)
		}
	}
}

// TestR52ResumedPipeIsRefused: what it puts aside has been handed out already.
func TestR52ResumedPipeIsRefused(t *testing.T) {
	whole := timed([]string{"a", "b"}, []float64{1, 2}, []float64{4, 5})
	path := cutShort(t, whole, 3, "")
	goOn(t, path, 1, whole.Trials, "")
	var last error
	for _, err := range results.Trials(io.MultiReader(bytes.NewReader(content(t, path)))) {
		last = err
	}
	wantError(t, "a pipe", last, "the run was resumed at round 1")
}

// TestR52ReopenRefuses what is still being written, and what is no journal. The
// file is as it was.
func TestR52ReopenRefuses(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "journal.jsonl")
	j, err := results.Create(path, header("a"))
	must(t, err)
	_, _, err = results.Reopen(path)
	equal(t, "under way", errors.Is(err, results.ErrBusy), true)
	must(t, j.Close())
	first, _, err := results.Reopen(path)
	must(t, err)
	_, _, err = results.Reopen(path)
	equal(t, "resumed twice at once", errors.Is(err, results.ErrBusy), true)
	must(t, first.Close())
	again, _, err := results.Reopen(path)
	must(t, errors.Join(err, again.Close()))

	must(t, os.WriteFile(filepath.Join(folder, "text"), []byte("Dear journal\ntoday"), 0o600))
	for name, want := range map[string]string{"none": "no such file", "text": "no journal of fetchbench", ".": "no file that could be continued"} {
		_, _, err := results.Reopen(filepath.Join(folder, name))
		wantError(t, name, err, want)
	}
	equal(t, "text", string(content(t, filepath.Join(folder, "text"))), "Dear journal\ntoday")
}

// TestR52NothingIsCutBeforeItGoesOn: who is refused leaves the file as it is.
func TestR52NothingIsCutBeforeItGoesOn(t *testing.T) {
	path := cutShort(t, timed([]string{"a"}, []float64{1, 2}), 1, `{"type":`)
	before := content(t, path)
	j, run, err := results.Reopen(path)
	must(t, err)
	equal(t, "torn", run.Torn, 8)
	must(t, j.Close())
	equal(t, "the file", content(t, path), before)
}

// TestR52LongPauseIsADoubt, and a short one is none. How long it was is told by
// the file, which knows when it was last written even if nobody could say so.
func TestR52LongPauseIsADoubt(t *testing.T) {
	whole := timed([]string{"a", "b"}, []float64{1, 2}, []float64{4, 5})
	for away, want := range map[time.Duration]bool{time.Minute: false, time.Hour: true} {
		path := cutShort(t, whole, 3, "")
		then := time.Now().Add(-away)
		must(t, os.Chtimes(path, then, then))
		goOn(t, path, 1, whole.Trials, "")
		run, err := results.Open(path)
		must(t, err)
		got := false
		for _, w := range results.Judge(run).Warnings {
			if w.Code == results.WarnResumed {
				got = true
				equal(t, "text", strings.Contains(w.Text, "lay still for 1h0m0s before round 1"), true)
			}
		}
		equal(t, away.String(), got, want)
	}
}

// TestR60ResumedLineStaysWhatItIs: its names and units are those of schema 1. How
// the run had ended before it counts no longer.
func TestR60ResumedLineStaysWhatItIs(t *testing.T) {
	whole := timed([]string{"a", "b"}, []float64{1, 2}, []float64{4, 5})
	text := string(content(t, cutShort(t, whole, 3, "")))
	text += `{"type":"end","complete":false,"reason":"stopped by SIGINT"}` + "\n"
	text += `{"type":"resumed","round":1,"started":"2026-11-20T09:40:00Z","paused_ns":600000000000}` + "\n"
	run, err := results.Read(strings.NewReader(text))
	must(t, err)
	equal(t, "resumed", run.Resumed, []results.Resumption{{
		Round: 1, Started: time.Date(2026, 11, 20, 9, 40, 0, 0, time.UTC), PausedNS: 600e9,
		Aside: results.Aside{Trials: 1, Attempts: 2},
	}})
	equal(t, "trials", len(run.Trials), 2)
	equal(t, "complete", run.Complete, false)
	equal(t, "reason", run.Reason, "the journal has no end: the run was killed, or is still under way")

	path := cutShort(t, whole, 3, "")
	goOn(t, path, 1, nil, "")
	lines := strings.Split(string(content(t, path)), "\n")
	var written map[string]any
	must(t, json.Unmarshal([]byte(lines[len(lines)-3]), &written))
	equal(t, "names", slices.Sorted(maps.Keys(written)), []string{"paused_ns", "round", "started", "type"})
}
