package main

import (
	"io"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/spf13/pflag"
)

// TestTableIsAsWideAsTheTerminalIsThen: one that was made narrower while a run went on
// has a table of its new width.
func TestTableIsAsWideAsTheTerminalIsThen(t *testing.T) {
	t.Parallel()
	e := openTerminal(t, 120)
	t.Cleanup(func() { _ = e.line.Close() }) // nothing is written to it
	run, err := results.Import("times", []byte(`{"times_in_round_order": {"sequential": [4, 5, 6, 7, 8, 9], "goroutines": [1, 1.1, 1.2, 1, 1.1, 1.2]}}`))
	if err != nil {
		t.Fatal(err)
	}
	flags := outputFlags{unasked: textFormat, style: report.Styles()[0], flags: pflag.NewFlagSet("", pflag.ContinueOnError)}
	wanted, err := flags.products(&streams{out: e.line})
	if err != nil {
		t.Fatal(err)
	}
	widest := func(columns int) (most int) {
		e.resize(t, columns, terminalHeight)
		var out strings.Builder
		if err := wanted.files[0].write(&out, results.Judge(run), ""); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			most = max(most, report.Columns(strings.TrimSuffix(line, "\n")))
		}
		return most
	}
	if wide, narrow := widest(120), widest(60); wide <= 60 || narrow > 60 {
		t.Errorf("%d columns of 120, and %d of 60", wide, narrow)
	}
}

// TestOneTerminalIsToldOnce: what stderr says right after the table is not in the table
// too, unless stderr says nothing or goes elsewhere.
func TestOneTerminalIsToldOnce(t *testing.T) {
	t.Parallel()
	e, other := openTerminal(t, 80), openTerminal(t, 80)
	t.Cleanup(func() { _, _ = e.line.Close(), other.line.Close() }) // nothing is written to them
	for name, c := range map[string]struct {
		streams
		told bool
	}{
		"one terminal":     {streams{out: e.line, err: e.line}, true},
		"a quiet one":      {streams{out: e.line, err: e.line, quiet: true}, false},
		"two terminals":    {streams{out: e.line, err: other.line}, false},
		"errors to a file": {streams{out: e.line, err: io.Discard}, false},
		"the table to one": {streams{out: io.Discard, err: e.line}, false},
	} {
		if told := c.options(&outputFlags{}).Told; told != c.told {
			t.Errorf("%s: %v", name, told)
		}
	}
}
