package gate_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/gate"
	"github.com/fetchbench/fetchbench/results/report"
)

// open are judgements of a head whose change has an interval that ends on one side only:
// some of its trials failed, or some of those of the base.
func open() map[string]*results.Judgement {
	above, below := compared(1/1.2, 1/1.4, 1/1.1), compared(1/1.2, 0, 1/1.1)
	above.SpeedUp.Hi = nil
	return map[string]*results.Judgement{
		"no end of the speed-up": judgement(results.Contender{}, above), "a speed-up down to nothing": judgement(results.Contender{}, below),
	}
}

// TestR43GatesHaveNoInfinity: no file that tells of a gate has an infinity or NaN in it,
// whatever end of an interval is not there.
func TestR43GatesHaveNoInfinity(t *testing.T) {
	for name, j := range open() {
		for _, expr := range []string{"median +5%", "median +500%", "head.speedup < 2", "head.median > 1s", "head.p90 > 1s"} {
			g, err := gate.Parse(expr)
			if err != nil {
				t.Fatal(err)
			}
			j.Gates = append(j.Gates, gate.Judge([]gate.Gate{g}, j)...)
		}
		var text strings.Builder
		for _, write := range []func(io.Writer, *results.Judgement) error{
			gate.JUnit, gate.StrictJUnit, report.JSON, styled(report.Text), styled(report.Markdown), styled(gate.Summary),
		} {
			if err := write(&text, j); err != nil {
				t.Fatal(err)
			}
		}
		for i := range j.Gates {
			if one, err := json.Marshal(j.Gates[i]); err != nil {
				t.Errorf("%s: %v: %s", name, err, one)
			}
			text.WriteString(report.Regression(&j.Gates[i]))
		}
		for _, word := range []string{"Inf", "NaN"} {
			if at := strings.Index(text.String(), word); at >= 0 {
				t.Errorf("%s: %q in %q", name, word, text.String()[max(0, at-80):at+20])
			}
		}
	}
	open := one(t, "median +5%", open()["no end of the speed-up"])
	if want := "open to one side"; open.Outcome != results.GateUndecided || !strings.Contains(open.Reason, want) {
		t.Errorf("%s: %q, want %q", open.Outcome, open.Reason, want)
	}
}

// styled is a report of the usual looks.
func styled(write func(io.Writer, *results.Judgement, report.Options) error) func(io.Writer, *results.Judgement) error {
	return func(w io.Writer, j *results.Judgement) error { return write(w, j, report.Options{}) }
}

// TestLimitItselfIsNotBeyond: a number that is the limit, but for what arithmetic does to
// it, is not more and not less than it, for each operator and each kind of number.
func TestLimitItselfIsNotBeyond(t *testing.T) {
	for percent := range 100 {
		head := 1 + float64(percent)/100
		j := judgement(results.Contender{}, compared(1/head, 1/head, 1/head))
		if got := one(t, fmt.Sprintf("median +%d%%", percent), j); got.Outcome != results.GatePassed {
			t.Errorf("exactly %d %% more: %s %s", percent, got.Outcome, got.Reason)
		}
		if got := one(t, fmt.Sprintf("median +%.6f%%", max(0, float64(percent)-1e-6)), j); percent > 0 && got.Outcome != results.GateFailed {
			t.Errorf("a little more than %d %% less a millionth: %s", percent, got.Outcome)
		}
	}
	wants := map[string]string{">": results.GatePassed, ">=": results.GateFailed, "<": results.GatePassed, "<=": results.GateFailed}
	for _, off := range []float64{0, 1e-15, -1e-15} {
		for op, want := range wants {
			c := results.Contender{}
			c.Median, c.MedianCI = some(0.3*(1+off)), &results.Band{Range: results.Range{Lo: 0.3 * (1 + off), Hi: some(0.3 * (1 + off))}, Level: 0.97}
			c.Min, c.Max = c.Median, c.Median
			j := judgement(c, compared(3*(1+off), 3*(1+off), 3*(1+off)))
			for _, expr := range []string{"head.median %s 300ms", "head.min %s 300ms", "head.max %s 0.3s", "head.speedup %s 3x"} {
				expr = fmt.Sprintf(expr, op)
				if got := one(t, expr, j); got.Outcome != want {
					t.Errorf("%s, off by %g: %s, want %s", expr, off, got.Outcome, want)
				}
			}
		}
	}
	for op, want := range wants { // counts are exact
		if got := one(t, "head.attempts "+op+" 7", counting(results.OK)); got.Outcome != want {
			t.Errorf("attempts %s 7: %s, want %s", op, got.Outcome, want)
		}
	}
	infinite := judgement(results.Contender{}, compared(math.Inf(1), math.Inf(1), math.Inf(1)))
	if got := one(t, "head.speedup > 3x", infinite); got.Outcome != results.GateFailed {
		t.Errorf("without bound: %s", got.Outcome)
	}
}

// counting is a judgement of one trial of ten requests that made seven attempts, of which
// two failed before it was cut off.
func counting(outcome results.TrialOutcome) *results.Judgement {
	j := judgement(results.Contender{}, results.Comparison{})
	j.Run.Trials = []results.Trial{
		{Round: -1, Contender: "head", Outcome: results.OK, Tally: results.Tally{Count: results.Count{Planned: 10, Failed: 10}, Attempts: 10}},
		{Round: 0, Contender: "head", Outcome: outcome, Tally: results.Tally{Count: results.Count{Planned: 10, OK: 4, Failed: 2, Cancelled: 1, NotStarted: 3}, Attempts: 7}},
	}
	return j
}

// TestCountsAreThoseOfTheAccount: what a trial sent before it was cut short was sent, and
// what failed in it has failed; what was never made of it has not.
func TestCountsAreThoseOfTheAccount(t *testing.T) {
	for _, c := range []struct {
		outcome results.TrialOutcome
		failed  float64
	}{{results.OK, 6}, {results.Timeout, 6}, {results.Aborted, 2}} {
		j := counting(c.outcome)
		if got := one(t, "head.failed > 0", j); *got.Measured != c.failed || got.Outcome != results.GateFailed {
			t.Errorf("%s: %v failed, want %v", c.outcome, *got.Measured, c.failed)
		}
		if got := one(t, "head.attempts > 0", j); *got.Measured != 7 {
			t.Errorf("%s: %v attempts, want 7", c.outcome, *got.Measured)
		}
	}
}
