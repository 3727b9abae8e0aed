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

// A failedTable writes the lines of the list of a run, whose contenders have the names of
// its tables.
type failedTable struct {
	w     io.Writer
	run   *results.Run
	names int // the width of their column
}

// newFailedTable makes room for the longest name.
func newFailedTable(w io.Writer, run *results.Run) failedTable {
	t := failedTable{w: w, run: run, names: 16}
	for _, c := range run.Contenders {
		t.names = max(t.names, report.Columns(report.NameIn(run, c.Name)))
	}
	return t
}

// line writes one line: round, contender, request, class, status, at and url.
func (l failedTable) line(round, contender, request, class, status, at, url string) error {
	_, err := fmt.Fprintf(l.w, "%5s  %-*s %7s  %-19s %6s %9s  %s\n", round, l.names, contender, request, class, status, at, url)
	return unwritten(err)
}

// reason writes why the line above is there, where something says that.
func (l failedTable) reason(text string) error {
	if text == "" {
		return nil
	}
	_, err := fmt.Fprintf(l.w, "       %s\n", report.Clean(clip(text)))
	return unwritten(err)
}

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
	shown, whole, err := newFailedTable(out, run).write(file, most)
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

// write writes the first failed requests of a journal, a line each and one more for the
// reason where there is one, and returns how many those are. Failed requests that no
// trial has records of, whole counts them, have the failures of their trials in their
// place: those are few.
func (l failedTable) write(journal io.Reader, most int) (shown, whole int, err error) {
	if err := l.line("round", "contender", "request", "class", "status", "at (s)", "url"); err != nil {
		return 0, 0, err
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
			if err := l.whole(t); err != nil {
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
			if err := l.request(t, &t.Requests[i]); err != nil {
				return shown, whole, err
			}
		}
	}
	return shown, whole, nil
}

// hasFailed tells whether a request failed of itself.
func hasFailed(r *results.Request) bool {
	return r.Class != "" && r.Class != results.ClassOK && r.Class != results.ClassCancelled
}

// whole writes why a trial failed that has no records of its requests, a line for each
// class.
func (l failedTable) whole(t *results.Trial) error {
	for _, f := range t.Tally.Failures {
		err := l.line(fmt.Sprint(t.Round), report.NameIn(l.run, t.Contender), "-", report.Clean(strings.TrimSpace(f.Class+" "+f.Phase)),
			"-", fmt.Sprintf("%.3f", time.Duration(f.AtNS).Seconds()), counted(f.Count, "request")+" of the trial")
		if err == nil {
			err = l.reason(f.Text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// request writes a failed request and its reason. At is when it had failed, counted from
// the beginning of its trial.
func (l failedTable) request(t *results.Trial, r *results.Request) error {
	status := "-"
	if r.Status != 0 {
		status = fmt.Sprint(r.Status)
	}
	err := l.line(fmt.Sprint(t.Round), report.NameIn(l.run, t.Contender), fmt.Sprint(r.Index), report.Clean(strings.TrimSpace(r.Class+" "+r.Phase)),
		status, fmt.Sprintf("%.3f", time.Duration(r.StartNS+r.ServiceNS).Seconds()), report.Clean(clip(l.run.Target.URL(r.Index))))
	if err != nil {
		return err
	}
	return l.reason(why(t, r))
}

// why is the reason of a failed request, where the trial has kept it: it does so for the
// first of each class. That of a status is in its column.
func why(t *results.Trial, r *results.Request) string {
	for _, f := range t.Tally.Failures {
		if f.Request == r.Index && f.Class == r.Class && f.Text != fmt.Sprintf("status %d", r.Status) {
			return f.Text
		}
	}
	return ""
}
