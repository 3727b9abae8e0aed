// Package report shows a judgement: as a table with sentences for people, as
// JSON and CSV for machines.
//
// It decides nothing. What is faster, how sure that is and what deserves doubt
// stands in the results.Judgement; a sentence here never says more than the
// verdict that it words. It opens no file and prints nothing by itself.
//
// Times are seconds in JSON and CSV, in tables the unit that the header names.
// Names, addresses and reasons were written by somebody else: whatever reaches
// a terminal or a Markdown page has gone through Clean.
//
//	run, err := results.Open("run.jsonl")
//	...
//	err = report.Text(os.Stdout, results.Judge(run), report.Options{Width: 100})
package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/results"
)

// Options say how a table is written. The zero value is a plain table of 80
// columns in UTF-8.
type Options struct {
	// Style is one of Styles, empty for the first.
	Style string
	// Width is the number of columns that no line exceeds, 80 if it is 0. A
	// table can not be narrower than 40; less is taken as 40.
	Width int
	// Color marks verdicts and trouble with the colours of the terminal.
	Color bool
	// ASCII is for terminals that know no other characters.
	ASCII bool
	// Cost adds the tables of what each contender costs.
	Cost bool
	// Warnings puts the lines of Warnings at the end of the text.
	Warnings bool
	// Told says that a reader of the text has the lines of Warnings before his eyes, as
	// on a terminal that shows them right after it: Text repeats none of them.
	Told bool
	// run is whose contenders names must be told apart, nil where that is not known.
	run *results.Run
}

// The styles of a table.
const (
	styleMain    = "main"
	styleArticle = "article"
)

// Styles lists the table styles: main has everything, article has the average
// and the median in seconds with six decimals.
func Styles() []string { return []string{styleMain, styleArticle} }

// style checks the style that was asked for. A misspelt one is an error rather
// than the main table, which would look like what was asked for.
func (o Options) style() (string, error) {
	switch {
	case o.Style == "":
		return styleMain, nil
	case slices.Contains(Styles(), o.Style):
		return o.Style, nil
	default:
		return "", fmt.Errorf("unknown table style %q (have %s)", Clean(o.Style), strings.Join(Styles(), ", "))
	}
}

// width is what no line exceeds.
func (o Options) width() int {
	if o.Width == 0 {
		return 80
	}
	return max(o.Width, 40)
}

// longestName is the width at which names are cut wherever they are shown.
const longestName = 30

// name makes the name of a contender fit to be shown. One that could not be seen
// or told from its neighbours by itself is put in quotes.
func (o Options) name(s string) string {
	s = calledIn(o.run, s)
	if strings.TrimSpace(s) != s || s == "" {
		s = `"` + s + `"`
	}
	return o.shorten(o.clean(s), longestName)
}

// Fit makes any text fit for so many columns of a terminal, whatever somebody put
// into it: it is clean, and has lost its middle if it was too long.
func (o Options) Fit(s string, columns int) string {
	mark := o.clean("…")
	if columnsOf(mark) > columns {
		mark = ""
	}
	return cut(o.clean(s), columns, mark)
}

// Columns returns how many columns of a terminal a clean text takes.
func Columns(s string) int { return columnsOf(s) }

// shorten cuts a clean text.
func (o Options) shorten(s string, width int) string { return cut(s, width, o.clean("…")) }

// clean makes any text fit to be shown, our own included, since in ASCII some of
// ours changes. To clean twice does no harm.
func (o Options) clean(s string) string {
	if s = Clean(s); o.ASCII {
		return ascii(s)
	}
	return s
}

// write hands over a whole report at once, so that an error of the writer is
// seen here and nowhere else.
func write(w io.Writer, text string) error {
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}
