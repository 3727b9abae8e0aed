package web

import (
	"fmt"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/fetchbench/fetchbench/results/stats"
)

// A Glance is what a run under way looks like: words for people, the same in the
// page and in what updates it.
type Glance struct {
	// Ended says that there will be no more: see the report.
	Ended  bool   `json:"ended"`
	Status string `json:"status"`
	// Rows are the contenders in the order of the journal.
	Rows []GlanceRow `json:"rows"`
}

// A GlanceRow is one contender. What cannot be said yet is a dash.
type GlanceRow struct {
	Name   string `json:"name"`
	Rounds string `json:"rounds"` // done, of those planned
	Median string `json:"median"` // of the successful trials so far
	Failed string `json:"failed"` // requests
	Last   string `json:"last"`   // trial
}

// mostRows is how many contenders are looked at: no run that makes sense has more.
const mostRows = 200

// none stands for what there is not.
const none = "–"

// glance words a run as far as it has come. Held says that a program has its journal.
func glance(f *results.Follower, held bool) Glance {
	run := f.Run()
	g := Glance{Ended: f.Ended(), Status: status(run, f.Ended(), held)}
	byName := map[string][]*results.Trial{}
	for i := range run.Trials {
		t := &run.Trials[i]
		byName[t.Contender] = append(byName[t.Contender], t)
	}
	for _, c := range run.Contenders[:min(mostRows, len(run.Contenders))] {
		g.Rows = append(g.Rows, row(c.Name, byName[c.Name], run.Design.Rounds))
	}
	return g
}

// status is the sentence above the table.
func status(run *results.Run, ended, held bool) string {
	switch {
	case run.Schema == 0:
		return "The run has not begun yet."
	case ended && run.Complete:
		return "The run is complete."
	case ended:
		return "The run ended before its time: " + report.Clean(run.Reason)
	case !held:
		return "No program holds the journal: the run was killed, or this system does not tell."
	case len(run.Trials) == 0:
		return "Under way: no trial has ended yet."
	}
	left := ""
	if rest, ok := rest(run); ok {
		left = fmt.Sprintf(", about %v left", rest.Round(time.Second))
	}
	last, most := run.Trials[len(run.Trials)-1], ""
	if run.Design.Precision > 0 {
		most = "at most " // it ends when it is as precise as that
	}
	if last.Round < 0 {
		return fmt.Sprintf("Under way: warming up, round %d of %d%s.", -last.Round, run.Design.Warmup, left)
	}
	return fmt.Sprintf("Under way: round %d of %s%d%s.", last.Round+1, most, run.Design.Rounds, left)
}

// rest estimates how long the rest of a run takes, as the terminal does: each contender
// goes on taking what it took on average, and so does what lies between two trials. It
// is false while there is none of a contender: what is not known takes any time.
func rest(run *results.Run) (time.Duration, bool) {
	var between time.Duration
	made, took := map[string]int{}, map[string]time.Duration{}
	for i := range run.Trials {
		t := &run.Trials[i]
		made[t.Contender]++
		took[t.Contender] += time.Duration(t.ElapsedNS)
		if i > 0 { // the time before a resumed part counts from anew
			before := &run.Trials[i-1]
			between += time.Duration(max(0, t.StartNS-before.StartNS-before.ElapsedNS))
		}
	}
	gap := between / time.Duration(max(1, len(run.Trials)-1))
	var left time.Duration
	for _, c := range run.Contenders {
		n := made[c.Name]
		if n == 0 {
			return 0, false
		}
		left += time.Duration(max(0, run.Design.Rounds+run.Design.Warmup-n)) * (took[c.Name]/time.Duration(n) + gap)
	}
	return left, true
}

// row words one contender. A warm-up trial counts for nothing but is the last one.
func row(name string, trials []*results.Trial, planned int) GlanceRow {
	r := GlanceRow{Name: report.Name(name), Median: none, Last: none}
	done, failed := 0, 0
	var times []float64
	for _, t := range trials {
		if t.Round < 0 || t.Outcome == results.Aborted {
			continue
		}
		done++
		failed += t.Tally.Failed
		if t.Outcome == results.OK {
			times = append(times, time.Duration(t.ElapsedNS).Seconds())
		}
	}
	r.Rounds, r.Failed = fmt.Sprintf("%d of %d", done, planned), fmt.Sprint(failed)
	if median, err := stats.Median(times); err == nil {
		r.Median = words(median)
	}
	if len(trials) > 0 {
		r.Last = trial(trials[len(trials)-1])
	}
	return r
}

// trial words one trial: its time, and what became of it unless all went well.
func trial(t *results.Trial) string {
	text := words(time.Duration(t.ElapsedNS).Seconds())
	if t.Outcome != results.OK {
		text += ", " + report.Clean(string(t.Outcome))
	}
	if t.Round < 0 {
		text += " (warm-up)"
	}
	return text
}

// words is a time for people.
func words(seconds float64) string {
	switch {
	case seconds >= 1:
		return fmt.Sprintf("%.2f s", seconds)
	case seconds >= 1e-3:
		return fmt.Sprintf("%.1f ms", 1e3*seconds)
	}
	return fmt.Sprintf("%.0f µs", 1e6*seconds)
}
