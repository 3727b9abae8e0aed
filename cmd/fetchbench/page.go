package main

import (
	"io"
	"iter"
	"os"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/page"
)

// writePage writes the page of a run, which streams the requests from the journal.
func writePage(w io.Writer, j *results.Judgement, journal string) error {
	o := page.Options{Command: repeatCommand(j.Run)}
	if !j.Run.Imported && journal != "" {
		o.Trials = func() iter.Seq2[*results.Trial, error] { return streamed(journal) }
	}
	return page.Write(w, j, o)
}

// streamed streams the trials of a journal with their requests. The file is open while
// somebody takes them.
func streamed(journal string) iter.Seq2[*results.Trial, error] {
	return func(yield func(*results.Trial, error) bool) {
		file, err := os.Open(journal)
		if err != nil {
			yield(nil, err)
			return
		}
		defer func() { _ = file.Close() }() // it was only read
		for t, err := range results.Trials(file) {
			if !yield(t, err) {
				return
			}
		}
	}
}
