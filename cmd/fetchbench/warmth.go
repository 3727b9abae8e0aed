package main

import (
	"fmt"

	"github.com/fetchbench/fetchbench/bench/upstream"
	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// A warmth is what became of the requests of the warm-up rounds. They are in no number,
// but where they failed the measured ones will, and a run may take half an hour.
type warmth struct {
	made, failed int
	blame        *results.Blame // nil where requests fail at random
	routes       map[string]bool
}

// newWarmth has heard of no trial yet. A profile that fails at random does so in other
// places in the next round, and no address of it is to blame.
func newWarmth(h results.Header) warmth {
	w := warmth{routes: map[string]bool{}}
	for _, c := range h.Contenders {
		w.routes[c.Name] = c.Route != ""
	}
	if p, err := upstream.Lookup(h.Target.Embedded); err != nil || p.Faults == (upstream.Faults{}) {
		w.blame = results.NewBlame(h.Target)
	}
	return w
}

// add counts a trial of a warm-up round, and leaves others out.
func (w *warmth) add(t *results.Trial) {
	if t.Round >= 0 || t.Outcome == results.Aborted {
		return
	}
	w.made += t.Tally.Planned - t.Tally.NotStarted
	w.failed += t.Tally.Failed
	if w.blame != nil && !w.routes[t.Contender] { // whose requests are for itself
		w.blame.Add(t)
	}
}

// line says how many failed, and which if those are few.
func (w *warmth) line() string {
	text := fmt.Sprintf("the warm-up had %s of %d", counted(w.failed, "failed request"), w.made)
	if w.blame != nil {
		if which := w.blame.Culprits().Text; which != "" {
			text += ": " + report.Clean(which)
		}
	}
	return text + "; a trial with a failed request has no time"
}
