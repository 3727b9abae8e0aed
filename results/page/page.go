// Package page writes the page of a run: one HTML file with the verdict, the table,
// figures, and all that keeps the numbers honest. It needs no network and no script,
// and decides nothing: the words are those of results/report.
//
// Whatever names, addresses and reasons say, it is text of the page and nothing else:
// it goes through html/template or is escaped by results/plot, and a Content Security
// Policy forbids all but the style sheet that the page brings along. The page has
// the same elements and attributes whatever the text in it.
//
// A figure is a Maker, a function that looks at a run and returns a Figure, or says
// that it has nothing to show. To add one, write it in a file of its own and put it
// into the list in makers; its place there is its place on the page. It draws with
// results/plot, stays below plot.MostMarks by binning, gives the same numbers as a
// Table, and streams the requests, if it needs them, from Input.Trials: a run may have
// a million. All times are seconds until a report.Unit words them.
//
//	run, err := results.Open("run.jsonl")
//	...
//	err = page.Write(file, results.Judge(run), page.Options{})
package page

import (
	"bytes"
	"fmt"
	"io"
	"iter"

	"github.com/fetchbench/fetchbench/results"
)

// Options are what a page takes besides the judgement. The zero value is a page
// without figures of requests.
type Options struct {
	// Trials reads the journal anew, trial by trial with their requests, each time it
	// is called. It is nil where there is none to read.
	Trials func() iter.Seq2[*results.Trial, error]
	// Command is what to type to measure the same again; empty if nobody knows.
	Command string
	// Home is the address of a page that lists runs, empty for a page by itself.
	Home string
}

// Write writes the page of a judgement.
func Write(w io.Writer, j *results.Judgement, o Options) error {
	c, err := compose(j, o)
	if err != nil {
		return err
	}
	sheet, err := layout()
	if err != nil {
		return err
	}
	// A page that breaks off would look whole in a browser, so it is written at once.
	var out bytes.Buffer
	if err := sheet.Execute(&out, c); err != nil {
		return fmt.Errorf("fill in the page of run %q: %w", j.Run.ID, err)
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}
