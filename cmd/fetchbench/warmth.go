package main

import (
	"fmt"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// A warmth is what became of the requests of the warm-up rounds. They are in no number,
// but where they failed the measured ones will, and a run may take half an hour.
type warmth struct {
	made, failed int
	blame        *results.Blame
}

// add counts a trial of a warm-up round, and leaves others out.
func (w *warmth) add(t *results.Trial) {
	if t.Round >= 0 || t.Outcome == results.Aborted {
		return
	}
	w.made += t.Tally.Planned - t.Tally.NotStarted
	w.failed += t.Tally.Failed
	w.blame.Add(t)
}

// line says how many failed, and which if those are few.
func (w *warmth) line() string {
	text := fmt.Sprintf("the warm-up had %s of %d", counted(w.failed, "failed request"), w.made)
	if which := w.blame.String(); which != "" {
		text += ": " + report.Clean(which)
	}
	return text + "; a trial with a failed request has no time"
}
