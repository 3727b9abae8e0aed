package report_test

import (
	"bytes"
	"encoding/csv"
	"iter"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// TestR39NumbersStayNumbers: a minus sign in front of digits is that of a number, and
// gets no apostrophe.
func TestR39NumbersStayNumbers(t *testing.T) {
	run := requestRun()
	run.Trials[2].Requests[0].ServiceNS = -500_000_000
	if got := requestSheet(t, run)[0]["service_s"]; got != "-0.5" {
		t.Errorf("got %q, want -0.5", got)
	}
}

// TestR40SheetsReadBackWhole: UTF-8, the header first, as many cells in every row,
// and what another program reads, writes and reads again is the same. It is so with
// every name that is hard to write, and no row has an empty cell alone, which a
// reader would skip.
func TestR40SheetsReadBackWhole(t *testing.T) {
	for _, name := range append(hostileNames(), "\r\n", "a\r\nb", `"`, `""`, ",", ";", "\ufeff", "") {
		j := article()
		for i := range j.Run.Trials {
			j.Run.Trials[i].Contender = name
			j.Run.Trials[i].Requests = []results.Request{{Class: name, Phase: name}}
		}
		j.Run.Target.URLs = []string{name}
		var trials, requests bytes.Buffer
		if err := report.CSV(&trials, j); err != nil {
			t.Fatal(err)
		}
		if err := report.CSVRequests(&requests, j.Run.Header, all(j.Run)); err != nil {
			t.Fatal(err)
		}
		whole(t, trials.String(), "round,position,contender,")
		whole(t, requests.String(), "round,contender,request,")
	}
}

// all is trials, whose name a variable hides here.
func all(run *results.Run) iter.Seq2[*results.Trial, error] { return trials(run) }

// whole reads a sheet, writes what it read, and compares.
func whole(t *testing.T, text, header string) {
	t.Helper()
	if !utf8.ValidString(text) || !strings.HasPrefix(text, header) {
		t.Errorf("no UTF-8, or does not begin with %s:\n%.300q", header, text)
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(text, "\r\n"); len(rows) != lines || len(rows) < 2 {
		t.Errorf("%d rows of %d lines", len(rows), lines)
	}
	var again bytes.Buffer
	w := csv.NewWriter(&again)
	w.UseCRLF = true
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	same, err := csv.NewReader(&again).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		if strings.Join(rows[i], "\x00") != strings.Join(same[i], "\x00") {
			t.Errorf("row %q became %q", rows[i], same[i])
		}
	}
}
