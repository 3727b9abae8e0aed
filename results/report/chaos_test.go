package report_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// A smallDisk takes so many bytes and no more: of the write that meets its end it
// takes a part, as disks do.
type smallDisk struct {
	room int
	text bytes.Buffer
}

// Write takes what there is room for.
func (d *smallDisk) Write(p []byte) (int, error) {
	n := min(len(p), d.room-d.text.Len())
	d.text.Write(p[:n])
	if n < len(p) {
		return n, errFull
	}
	return n, nil
}

// formats are all that a run is written as.
func formats() map[string]func(w io.Writer) error {
	j, run := article(), articleRun()
	run.Trials = run.Trials[:4]
	return map[string]func(w io.Writer) error{
		"text":         func(w io.Writer) error { return report.Text(w, j, report.Options{Width: wide}) },
		"markdown":     func(w io.Writer) error { return report.Markdown(w, j, report.Options{Width: wide}) },
		"json":         func(w io.Writer) error { return report.JSON(w, j) },
		"csv":          func(w io.Writer) error { return report.CSV(w, j) },
		"csv-requests": func(w io.Writer) error { return report.CSVRequests(w, run.Header, trials(run)) },
		"object":       func(w io.Writer) error { return report.Object(w, results.Times{}) },
	}
}

// TestR57ChaosReportsFillADisk lets the disk be full after each number of bytes in
// turn. Whatever the format and wherever that is, the writer says so: none calls a
// part of a report a report.
func TestR57ChaosReportsFillADisk(t *testing.T) {
	for name, write := range formats() {
		whole := &smallDisk{room: 1 << 30}
		if err := write(whole); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		size := whole.text.Len()
		for room := 0; room < size; room += 1 + size/200 {
			small := &smallDisk{room: room}
			if err := write(small); !errors.Is(err, errFull) {
				t.Errorf("%s: %d of %d bytes were taken, and the error is %v", name, room, size, err)
			}
			if !strings.HasPrefix(whole.text.String(), small.text.String()) {
				t.Errorf("%s: what was taken of it is no part of it", name)
			}
		}
	}
}
