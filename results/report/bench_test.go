package report_test

import (
	"io"
	"iter"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// million streams a thousand trials of a thousand requests. All are the same
// trial, so that what is measured is the writing.
func million() (results.Header, iter.Seq2[*results.Trial, error]) {
	run := articleRun()
	t := run.Trials[1]
	for i := range 1000 {
		t.Requests = append(t.Requests, results.Request{
			Index: i, Class: results.ClassOK, Status: 200, Bytes: 512, WireBytes: 512, Attempts: 1,
			StartNS: int64(i) * 1_234_567, ServiceNS: 50_123_456,
			Phases: results.Phases{ConnectNS: 123_456, WaitNS: 49_000_001, BodyNS: 1_000_002},
		})
	}
	return run.Header, func(yield func(*results.Trial, error) bool) {
		for range 1000 {
			if !yield(&t, nil) {
				return
			}
		}
	}
}

// BenchmarkCSVRequests writes a million rows.
func BenchmarkCSVRequests(b *testing.B) {
	header, trials := million()
	b.ReportAllocs()
	for b.Loop() {
		if err := report.CSVRequests(io.Discard, header, trials); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkText writes the table with its sentences, of which the table library
// takes nearly all.
//
// It need not be fast; it must not become slow unnoticed.
func BenchmarkText(b *testing.B) {
	j := article()
	for b.Loop() {
		if err := report.Text(io.Discard, j, report.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
