package report_test

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
	"github.com/fetchbench/fetchbench/results/stats"
)

// held is a run of two sides whose head is 9.1 % slower, held to a gate of each outcome.
func held() *results.Judgement {
	j := article()
	j.Contenders = []results.Contender{contender("base", 8, 0.780, 0.770), contender("head", 8, 0.850, 0.840)}
	c := compared("head", stats.Slower, 1/1.091, 1/1.10, 1/1.082)
	c.Baseline, c.FasterIn = "base", 0
	c.RatioOfMeans = &results.Ratio{Estimate: 0.780 / 0.850, Lo: some(0.90), Hi: some(0.935)}
	j.Comparisons = []results.Comparison{c}
	j.Run.Design.Baseline = "base"
	needed := 24
	exact := func(v float64) results.Reading {
		return results.Reading{Measured: some(v), Lo: some(v), Hi: some(v), Level: 1}
	}
	j.Gates = []results.Gated{
		{
			Gate: "median +5%", Contender: "head", Metric: "median", Baseline: "base", Unit: results.UnitRelative, Limit: 0.05, Outcome: results.GateFailed,
			Reading: results.Reading{Measured: some(0.091), Lo: some(0.082), Hi: some(0.1), Level: 0.951},
		},
		{
			Gate: "head.median > 850ms", Contender: "head", Metric: "median", Unit: results.UnitSeconds, Limit: 0.85, Outcome: results.GateUndecided,
			Reading: results.Reading{Measured: some(0.84), Lo: some(0.798)}, Reason: "5 rounds: a 95 % interval takes 6",
		},
		{
			Gate: "head.speedup < 0.92", Contender: "head", Metric: "speedup", Unit: results.UnitRatio, Limit: 0.92, Outcome: results.GateUndecided,
			Reading: results.Reading{Measured: some(1 / 1.091), Lo: some(1 / 1.1), Hi: some(1 / 1.082), Level: 0.951}, Reason: "the limit lies within the interval", RoundsNeeded: &needed,
		},
		{
			Gate: "head.efficiency < 80%", Contender: "head", Metric: "efficiency", Unit: results.UnitShare, Limit: 0.8, Outcome: results.GatePassed,
			Reading: results.Reading{Measured: some(0.987), Lo: some(0.97), Hi: some(1.01), Level: 0.979},
		},
		{
			Gate: "head.in_flight < 6", Contender: "head", Metric: "in_flight", Unit: results.UnitNumber, Limit: 6, Outcome: results.GatePassed,
			Reading: results.Reading{Measured: some(6.16), Lo: some(6.1), Hi: some(6.2), Level: 0.979},
		},
		{Gate: "*.failed > 0", Contender: "base", Metric: "failed", Unit: results.UnitCount, Outcome: results.GatePassed, Reading: exact(0)},
		{Gate: "*.failed > 0", Contender: "head", Metric: "failed", Unit: results.UnitCount, Outcome: results.GateUndecided, Reason: "imported times have no requests"},
		{
			Gate: "head.max > 1s", Contender: "head", Metric: "max", Unit: results.UnitSeconds, Limit: 1, Outcome: results.GateFailed,
			Reading: exact(1.7),
		},
	}
	return j
}

// TestGatesAndSidesAreAsAgreed holds them against files that people have read.
func TestGatesAndSidesAreAsAgreed(t *testing.T) {
	golden(t, "gates.txt", func(w io.Writer) error { return report.Text(w, held(), report.Options{}) })
	golden(t, "gates.md", func(w io.Writer) error { return report.Markdown(w, held(), report.Options{}) })
	golden(t, "sides.txt", func(w io.Writer) error { return report.Sides(w, held(), report.Options{}) })
	golden(t, "sides.md", func(w io.Writer) error {
		j := held()
		j.Run.Design.Sides, j.Contenders[1].Name, j.Comparisons[0].Contender = true, "head|2", "head|2"
		j.Advice, j.Warnings = &results.Advice{Decided: true}, []results.Warning{{Text: "noisy machine"}}
		return report.Markdown(w, j, report.Options{Warnings: true})
	})
	golden(t, "sides_narrow.txt", func(w io.Writer) error { return report.Sides(w, held(), report.Options{Width: 40, ASCII: true}) })
}

// TestSidesTakeTwo: three contenders are no two sides.
func TestSidesTakeTwo(t *testing.T) {
	j := held()
	j.Contenders = append(j.Contenders, contender("other", 1, 1, 1))
	if err := report.Sides(io.Discard, j, report.Options{}); !errors.Is(err, report.ErrNotTwo) {
		t.Errorf("%v, want %v", err, report.ErrNotTwo)
	}
}

// TestJSONHasGatesWhereThereAreAny, with null for what was not measured.
func TestJSONHasGatesWhereThereAreAny(t *testing.T) {
	var with, without strings.Builder
	if err := errors.Join(report.JSON(&with, held()), report.JSON(&without, article())); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(without.String(), `"gates"`) {
		t.Error("a run without limits has gates")
	}
	var doc struct{ Gates []map[string]any }
	if err := json.Unmarshal([]byte(with.String()), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Gates) != 8 || doc.Gates[0]["outcome"] != "failed" || doc.Gates[0]["lo"] != 0.082 || doc.Gates[2]["rounds_needed"] != 24.0 {
		t.Errorf("gates %v", doc.Gates)
	}
	if v, there := doc.Gates[6]["measured"]; v != nil || !there {
		t.Errorf("what was not measured is %v, want null", v)
	}
}

// TestPlaceMarksTheByte: the mark stands under the first letter that is wrong, also
// behind what is cleaned, wide or long.
func TestPlaceMarksTheByte(t *testing.T) {
	for _, c := range []struct {
		text string
		at   int
		want string
	}{
		{"pool:8.medain > 5ms", 7, "  pool:8.medain > 5ms\n         ^"},
		{"", 0, "  \n  ^"},
		{"abc", 9, "  abc\n     ^"},
		{"日本.x", 7, "  日本.x\n       ^"},
		{"a\tb.x", 4, "  a\\tb.x\n       ^"},
		{strings.Repeat("a", 60) + ".x > 1", 61, "  …" + strings.Repeat("a", 39) + ".x > 1\n  " + strings.Repeat(" ", 41) + "^"},
	} {
		if got := report.Place(c.text, c.at); got != c.want {
			t.Errorf("%q at %d:\n%s\nwant\n%s", c.text, c.at, got, c.want)
		}
	}
}
