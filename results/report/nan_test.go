package report_test

import (
	"bytes"
	"encoding/json"
	"math"
	"regexp"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// extreme is a run of so many rounds of two contenders whose trials took so many
// nanoseconds each, or failed.
func extreme(rounds int, elapsed func(round, contender int) int64, outcome results.TrialOutcome) *results.Judgement {
	run := articleRun()
	run.Trials, run.Design.Rounds = nil, rounds
	for round := range rounds {
		for i, column := range run.Contenders {
			ns := elapsed(round, i)
			class := results.ClassOK
			if outcome != results.OK {
				class = "refused"
			}
			trial := results.Trial{Round: round, Position: i, Contender: column.Name, Outcome: outcome, ElapsedNS: ns}
			trial.Requests = []results.Request{{Class: class, ServiceNS: ns}}
			trial.Tally = trial.Count(1)
			run.Trials = append(run.Trials, trial)
		}
	}
	run.Target.Requests = 1
	return results.Judge(run)
}

// TestR43NoNumberIsNaN: whatever was measured, nothing that is written of it has a
// number that is none, and the JSON reads back. What cannot be had is "–" or null.
func TestR43NoNumberIsNaN(t *testing.T) {
	always := func(ns int64) func(int, int) int64 { return func(int, int) int64 { return ns } }
	mixed := func(round, _ int) int64 { return []int64{0, 1, math.MaxInt64}[round%3] }
	none := regexp.MustCompile(`(?i)\bnan\b|[+-]?\binf(inity)?\b`)
	for name, j := range map[string]*results.Judgement{
		"no round":           extreme(0, always(0), results.OK),
		"one round":          extreme(1, always(1e9), results.OK),
		"no success":         extreme(8, always(1e6), results.Failed),
		"only timeouts":      extreme(8, always(0), results.Timeout),
		"all equal":          extreme(8, always(1e9), results.OK),
		"no time":            extreme(8, always(0), results.OK),
		"a nanosecond":       extreme(8, always(1), results.OK),
		"all there is":       extreme(8, always(math.MaxInt64), results.OK),
		"from 0 to all":      extreme(9, mixed, results.OK),
		"one that is all":    extreme(1, always(math.MaxInt64), results.OK),
		"faster by all":      extreme(8, func(_, i int) int64 { return []int64{math.MaxInt64, 1, 1, 1}[i%4] }, results.OK),
		"below a nanosecond": extreme(8, always(-1), results.OK),
	} {
		var text, doc, sheet, page bytes.Buffer
		for _, err := range []error{
			report.Text(&text, j, report.Options{Width: wide, Cost: true}), report.JSON(&doc, j), report.CSV(&sheet, j),
			report.Markdown(&page, j, report.Options{Width: wide}),
		} {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		var read map[string]any
		if err := json.Unmarshal(doc.Bytes(), &read); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, out := range []string{text.String(), doc.String(), sheet.String(), page.String()} {
			if found := none.FindString(out); found != "" {
				t.Errorf("%s: %q in\n%s", name, found, out)
			}
		}
		if len(j.Run.Trials) == 0 || j.Run.Trials[0].Outcome != results.OK {
			if !bytes.Contains(text.Bytes(), []byte("–")) {
				t.Errorf("%s: no – in\n%s", name, &text)
			}
		}
	}
}
