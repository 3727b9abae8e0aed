package report_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// crossing is one of every kind of contender: a difference that shows, one that does
// not, one that fails in the other run, and names of somebody else.
func crossing() *results.Crossing {
	p := func(v float64) *float64 { return &v }
	side := func(median, lo, hi float64) results.Side {
		return results.Side{Trials: 10, OK: 10, Median: &median, MedianCI: &results.Band{Range: results.Range{Lo: lo, Hi: &hi}, Level: 0.978}}
	}
	return &results.Crossing{
		Base: "20261120-3f2k", Other: "20261121-aaaa",
		Contenders: []results.Crossed{
			{
				Contender: "sequential", Base: side(4.07, 3.9, 4.2), Other: side(4.1, 3.95, 4.3), Finding: results.NotShown,
				SpeedUp: &results.SpeedUp{Estimate: 0.99, Lo: p(0.96), Hi: p(1.03), Level: 0.955}, Chances: results.Chances{P: p(0.4), PHolm: p(0.8)},
			},
			{
				Contender: "pool:4", Base: side(1.2, 1.1, 1.3), Other: side(0.6, 0.55, 0.65), Finding: results.Shorter,
				SpeedUp: &results.SpeedUp{Estimate: 2, Lo: p(1.8), Hi: p(2.2), Level: 0.955}, Chances: results.Chances{P: p(1e-5), PHolm: p(3e-5)},
			},
			{
				Contender: "waves\u202e:4", Base: side(1.5, 1.4, 1.6), Other: results.Side{Trials: 10, OK: 2}, Finding: results.Longer,
				Chances: results.Chances{P: p(0.001), PHolm: p(0.002)},
			},
		},
		OnlyBase: []string{"goroutines"}, OnlyOther: []string{"ants|8", "<b>"},
		Differences: []results.Difference{{Kind: results.KindMachine, What: "processors", Base: "2", Other: "4"}},
		Warnings: []results.Warning{
			{Code: results.WarnOther, Text: "the runs were not made on the same machine: processors (base 2, other 4)", Hint: "measure both on one"},
			{Code: results.WarnDrift, Text: "the runs were not made together", Hint: "measure both in one run"},
		},
	}
}

// crossedText is the text of the crossing above, to the letter. The interval of the
// base has no room beside the counts, and stands in the JSON.
const crossedText = `Run 20261121-aaaa beside run 20261120-3f2k, the base

Type           base (s)    other (s)  95 % interval           ok  base / other
sequential         4.07         4.10   3.95 .. 4.30            –        0.990x
pool:4             1.20         0.60   0.55 .. 0.65            –          2.0x
waves\u202e:4      1.50  not reached              –  10/10, 2/10             –

Not paired: the times of two runs, and not of the same rounds.
sequential: no difference shown (base / other 0.990, 95 % interval 0.96 to 1.03,
  p = 0.800)
pool:4: shorter in the other run (base / other 2.0, 95 % interval 1.8 to 2.2,
  p < 0.001)
waves\u202e:4: longer in the other run
p is adjusted for 3 comparisons (Holm), intervals are not.
Only in the base: goroutines
Only in the other run: ants|8, <b>
warning: the runs were not made on the same machine: processors (base 2, other
  4); measure both on one
warning: the runs were not made together; measure both in one run
`

// TestCrossingSaysWhatItIs: to the letter, within 80 columns, and with nothing of a
// verdict in it.
func TestCrossingSaysWhatItIs(t *testing.T) {
	var out strings.Builder
	if err := report.Crossing(&out, crossing(), report.Options{}); err != nil {
		t.Fatal(err)
	}
	if out.String() != crossedText {
		t.Errorf("got\n%s\nwant\n%s", out.String(), crossedText)
	}
	for _, o := range []report.Options{{Width: 40}, {ASCII: true}, {Color: true, Width: 60}} {
		var narrow strings.Builder
		if err := report.Crossing(&narrow, crossing(), o); err != nil {
			t.Fatal(err)
		}
		if o.ASCII && strings.ContainsFunc(narrow.String(), func(r rune) bool { return r > 127 }) {
			t.Errorf("not in ASCII:\n%s", narrow.String())
		}
		if strings.Count(narrow.String(), "\x1b[31mwarning") > 1 {
			t.Error("what holds of any two runs is an alarm")
		}
		if !strings.Contains(narrow.String(), "Not paired") || o.Color != strings.Contains(narrow.String(), "\x1b[31mwarning") {
			t.Errorf("%+v:\n%s", o, narrow.String())
		}
	}
}

// TestCrossingMarkdownIsInert: names are text, in the table and below it.
func TestCrossingMarkdownIsInert(t *testing.T) {
	var out strings.Builder
	if err := report.CrossingMarkdown(&out, crossing(), report.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"**Run 20261121-aaaa beside", "| pool:4 ", `ants\|8, &lt;b&gt;`, "- Not paired: ", "- warning: the runs were not made together"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("without %q:\n%s", want, out.String())
		}
	}
	missing(t, out.String(), "<b>")
	missing(t, out.String(), "\u202e")
}

// TestCrossingWithoutContenders has no table.
func TestCrossingWithoutContenders(t *testing.T) {
	c := crossing()
	c.Contenders = nil
	for _, write := range []func(*strings.Builder) error{
		func(b *strings.Builder) error { return report.Crossing(b, c, report.Options{}) },
		func(b *strings.Builder) error { return report.CrossingMarkdown(b, c, report.Options{}) },
	} {
		var out strings.Builder
		if err := write(&out); err != nil || strings.Contains(out.String(), "Type") || !strings.Contains(out.String(), "Only in the base: goroutines") {
			t.Errorf("%v\n%s", err, out.String())
		}
	}
}

// TestCrossingsJSONIsWhatMachinesRead: absent numbers are null, lists are never.
func TestCrossingsJSONIsWhatMachinesRead(t *testing.T) {
	c := crossing()
	c.Differences = nil
	var out strings.Builder
	if err := report.CrossingsJSON(&out, []*results.Crossing{c}); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Schema    int
		Paired    *bool
		Crossings []struct {
			Base, Other string
			Contenders  []map[string]any
			Differences []any
		}
	}
	if err := json.Unmarshal([]byte(out.String()), &got); err != nil {
		t.Fatal(err)
	}
	if got.Schema != 1 || got.Paired == nil || *got.Paired || got.Crossings[0].Base != "20261120-3f2k" || got.Crossings[0].Differences == nil {
		t.Errorf("%+v", got)
	}
	waves := got.Crossings[0].Contenders[2]
	if v, there := waves["speedup"]; v != nil || !there || waves["p_holm"] != 0.002 || waves["finding"] != results.Longer {
		t.Errorf("%v", waves)
	}
	missing(t, out.String(), "\u202e")
}

// missing wants a text to be without another.
func missing(t *testing.T, text, what string) {
	t.Helper()
	if strings.Contains(text, what) {
		t.Errorf("%q is in\n%s", what, text)
	}
}

// TestLookAcrossHasTheSame for whoever sets it otherwise.
func TestLookAcrossHasTheSame(t *testing.T) {
	table, lines := report.LookAcross(crossing(), report.Options{})
	if len(table.Rows) != 3 || table.Rows[1][0] != "pool:4" || len(table.Rows[0]) != len(table.Head) {
		t.Errorf("%+v", table)
	}
	if len(lines) != 9 || lines[7].Tone != report.Bad || lines[8].Tone != report.Even || lines[0].Tone != report.Even {
		t.Errorf("%+v", lines)
	}
}

// TestListingFitsItsPlace: the widest cells are cut at their end, those that are to be
// whole never, and wide characters count for two columns.
func TestListingFitsItsPlace(t *testing.T) {
	columns := []report.Listed{
		{Column: report.Column{Head: "Run", Cells: []string{"3f2k", "a\u202eb"}}},
		{Column: report.Column{Head: "Started", Cells: []string{"2026-11-20 12:00", ""}}, Whole: true},
		{Column: report.Column{Head: "Fetched", Cells: []string{strings.Repeat("x", 300), strings.Repeat("漢", 60)}}},
	}
	var out strings.Builder
	if err := report.Listing(&out, columns, []string{"one", "two"}, report.Options{Width: 50}); err != nil {
		t.Fatal(err)
	}
	want := "Run       Started           Fetched\n" +
		"3f2k      2026-11-20 12:00  " + strings.Repeat("x", 21) + "…\n" +
		`a\u202eb                    ` + strings.Repeat("漢", 10) + "…\n" +
		"\none\ntwo\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}
