package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// A failedList is the list of failed requests that was asked for.
type failedList struct{ wanted, all bool }

// failedForm is one line of the list.
const failedForm = "%5s  %-16s %7s  %-19s %6s %9s  %s\n"

// mostFailed is how many failed requests are shown unless all are wanted.
const mostFailed = 50

// show lists the requests that failed in measured trials, in the order in which they
// were made. They are read as they are written: a run may have a million.
func (f failedList) show(s *streams, run *results.Run, path string) error {
	failed := results.Summarize(run).Requests.Failed
	if failed == 0 {
		return s.result("no request of a measured trial failed\n")
	}
	most := mostFailed
	if f.all {
		most = failed
	}
	file, err := os.Open(path)
	if err != nil {
		return usage(cause(err))
	}
	defer func() { _ = file.Close() }() // it was only read
	out := buffer(s.out)
	shown, whole, err := writeFailed(out, run.Target, file, most)
	if err != nil {
		return err
	}
	if err := unwritten(out.Flush()); err != nil {
		return err
	}
	if whole > 0 {
		s.note("%s of routes and programs have no records: what is shown is why their trials failed", counted(whole, "failed request"))
	}
	if more := failed - whole - shown; more > 0 {
		s.note("%d of %s: --all shows the others, fetchbench report -f csv-requests has all requests", shown, counted(failed, "failed request"))
	}
	return nil
}

// writeFailed writes the first failed requests of a journal, a line each and one more
// for the reason where there is one, and returns how many those are. Failed requests
// that no trial has records of, whole counts them, have the failures of their trials in
// their place: those are few.
func writeFailed(w io.Writer, target results.Target, journal io.Reader, most int) (shown, whole int, err error) {
	if _, err := fmt.Fprintf(w, failedForm, "round", "contender", "request", "class", "status", "at (s)", "url"); err != nil {
		return 0, 0, unwritten(err)
	}
	for t, err := range results.Trials(journal) {
		if err != nil {
			return shown, whole, usage(err)
		}
		if t.Round < 0 || t.Outcome == results.Aborted {
			continue
		}
		if len(t.Requests) == 0 {
			whole += t.Tally.Failed
			if err := writeWhole(w, t); err != nil {
				return shown, whole, err
			}
		}
		for i := range t.Requests {
			if !hasFailed(&t.Requests[i]) {
				continue
			}
			if shown == most {
				return shown, whole, nil
			}
			shown++
			if _, err := fmt.Fprintf(w, failedForm+"%s", failedCells(target, t, i)...); err != nil {
				return shown, whole, unwritten(err)
			}
		}
	}
	return shown, whole, nil
}

// hasFailed tells whether a request failed of itself.
func hasFailed(r *results.Request) bool {
	return r.Class != "" && r.Class != results.ClassOK && r.Class != results.ClassCancelled
}

// writeWhole writes why a trial failed that has no records of its requests, a line for
// each class.
func writeWhole(w io.Writer, t *results.Trial) error {
	for _, f := range t.Tally.Failures {
		reason := ""
		if f.Text != "" {
			reason = "       " + report.Clean(clip(f.Text)) + "\n"
		}
		_, err := fmt.Fprintf(w, failedForm+"%s", fmt.Sprint(t.Round), report.Clean(clip(t.Contender)), "-", report.Clean(strings.TrimSpace(f.Class+" "+f.Phase)),
			"-", fmt.Sprintf("%.3f", time.Duration(f.AtNS).Seconds()), counted(f.Count, "request")+" of the trial", reason)
		if err != nil {
			return unwritten(err)
		}
	}
	return nil
}

// failedCells are the cells of a failed request, and the line with its reason. At is
// when it had failed, counted from the beginning of its trial.
func failedCells(target results.Target, t *results.Trial, i int) []any {
	r, status := &t.Requests[i], "-"
	if r.Status != 0 {
		status = fmt.Sprint(r.Status)
	}
	return []any{
		fmt.Sprint(t.Round), report.Clean(clip(t.Contender)), fmt.Sprint(r.Index), report.Clean(strings.TrimSpace(r.Class + " " + r.Phase)),
		status, fmt.Sprintf("%.3f", time.Duration(r.StartNS+r.ServiceNS).Seconds()), report.Clean(clip(target.URL(r.Index))), why(t, r),
	}
}

// why is the reason of a failed request on a line of its own, where the trial has kept
// it: it does so for the first of each class. That of a status is in its column.
func why(t *results.Trial, r *results.Request) string {
	for _, f := range t.Tally.Failures {
		if f.Request == r.Index && f.Class == r.Class && f.Text != "" && f.Text != fmt.Sprintf("status %d", r.Status) {
			return "       " + report.Clean(clip(f.Text)) + "\n"
		}
	}
	return ""
}
