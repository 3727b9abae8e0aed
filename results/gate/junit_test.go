package gate_test

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/gate"
	"github.com/fetchbench/fetchbench/results/report"
)

// gated is a judgement with a gate of each outcome, and one about a name that means
// harm to XML, Markdown and terminals.
func gated() *results.Judgement {
	j := judgement(results.Contender{}, results.Comparison{})
	needed := 24
	j.Gates = []results.Gated{
		{
			Gate: "median +5%", Contender: "head", Metric: "median", Baseline: "base", Unit: results.UnitRelative, Limit: 0.05, Outcome: results.GateFailed,
			Reading: results.Reading{Measured: some(0.091), Lo: some(0.082), Hi: some(0.1), Level: 0.951},
		},
		{
			Gate: "head.mean > 500ms", Contender: "head", Metric: "mean", Unit: results.UnitSeconds, Limit: 0.5, Outcome: results.GateUndecided,
			Reading: results.Reading{Measured: some(0.41), Lo: some(0.39), Hi: some(0.6), Level: 0.95}, Reason: "the limit lies within the interval", RoundsNeeded: &needed,
		},
		{
			Gate: "*.failed > 0", Contender: "</a>]]>|\x1b\x00\ufffe\u202e", Metric: "failed", Unit: results.UnitCount, Outcome: results.GatePassed,
			Reading: results.Reading{Measured: some(0), Lo: some(0), Hi: some(0), Level: 1},
		},
	}
	return j
}

// A reader of JUnit, as CI systems are, which knows no type of the writer.
type read struct {
	Suites []struct {
		Name     string `xml:"name,attr"`
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Skipped  int    `xml:"skipped,attr"`
		Cases    []struct {
			Name    string `xml:"name,attr"`
			Failure *struct {
				Message string `xml:"message,attr"`
			} `xml:"failure"`
			Skipped *struct {
				Message string `xml:"message,attr"`
			} `xml:"skipped"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

// junit writes and reads back.
func junit(t *testing.T, j *results.Judgement) (read, string) {
	t.Helper()
	var out strings.Builder
	if err := gate.JUnit(&out, j); err != nil {
		t.Fatal(err)
	}
	var back read
	if err := xml.Unmarshal([]byte(out.String()), &back); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if len(back.Suites) != 1 {
		t.Fatalf("%d suites", len(back.Suites))
	}
	return back, out.String()
}

// states are the cases by name, each with what became of it.
func (r read) states() (list []string) {
	for _, c := range r.Suites[0].Cases {
		state := "passed"
		if c.Failure != nil {
			state = "failed: " + c.Failure.Message
		}
		if c.Skipped != nil {
			state = "skipped: " + c.Skipped.Message
		}
		list = append(list, c.Name+": "+state)
	}
	return list
}

// TestJUnitIsReadBack: a case a gate, failed and skipped as they should be, whatever
// the names.
func TestJUnitIsReadBack(t *testing.T) {
	back, text := junit(t, gated())
	s := back.Suites[0]
	if s.Name != "fetchbench 20261120-3f2k" || s.Tests != 4 || s.Failures != 1 || s.Skipped != 1 || len(s.Cases) != 4 {
		t.Fatalf("suite %+v", s)
	}
	got := back.states()
	want := []string{
		"median +5% (head): failed: regression: the median of head is 9.1 % above that of base (95 % interval +8.2 to +10.0 %, limit 5 %)",
		"head.mean > 500ms: skipped: not decided: 410 ms (95 % interval 390 to 600 ms), the limit lies within the interval; about 24 rounds would decide",
		`*.failed > 0 (</a>]]>|\x1b\x00\ufffe\u202e): passed`,
		"the run is valid and complete: passed",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cases (-want +got):\n%s", diff)
	}
	if strings.ContainsAny(text, "\x00\x1b\ufffd\ufffe\u202e") {
		t.Errorf("what XML or a terminal cannot have is in the file:\n%q", text)
	}
}

// TestJUnitLeavesOutWhatXMLHasNoCharactersFor: an id of a journal may be anything.
func TestJUnitLeavesOutWhatXMLHasNoCharactersFor(t *testing.T) {
	j := gated()
	j.Run.ID = "a\x00\x1b\ufffe\xffb"
	if back, _ := junit(t, j); back.Suites[0].Name != "fetchbench ab" {
		t.Errorf("suite %q", back.Suites[0].Name)
	}
}

// TestJUnitIsNeverEmpty: some CI systems take a suite without a case for an error.
func TestJUnitIsNeverEmpty(t *testing.T) {
	j := gated()
	j.Gates = nil
	back, _ := junit(t, j)
	if s := back.Suites[0]; s.Tests != 1 || s.Failures != 0 || s.Skipped != 0 || back.states()[0] != "the run is valid and complete: passed" {
		t.Errorf("suite %+v", s)
	}
}

// TestJUnitTellsOfARunThatIsNotValid: whoever looks at the file alone is told.
func TestJUnitTellsOfARunThatIsNotValid(t *testing.T) {
	j := gated()
	j.Warnings = []results.Warning{{Code: results.WarnFailed, Text: "12 of 360 requests failed"}, {Code: results.WarnMock, Text: "this is a mock"}}
	back, _ := junit(t, j)
	if s := back.Suites[0]; s.Failures != 2 || s.Tests != 4 || s.Cases[3].Failure == nil || s.Cases[3].Failure.Message != "12 of 360 requests failed" {
		t.Errorf("suite %+v", s)
	}
}

// TestSummaryIsAPageOfItsOwn: what came out in a line, a row a gate in which no name
// ends a cell or begins markup, and the report.
func TestSummaryIsAPageOfItsOwn(t *testing.T) {
	j := gated()
	j.Warnings = []results.Warning{{Code: results.WarnFailed, Text: "12 of 360 <requests> failed"}}
	var out strings.Builder
	if err := gate.Summary(&out, j, report.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"### fetchbench: the run is not valid: 12 of 360 &lt;requests&gt; failed, 1 gate failed, 1 gate not decided, 1 gate passed\n",
		"- warning: 12 of 360 &lt;requests&gt; failed\n",
		"| median +5% (head) | **failed** | +9.1 % (95 % interval +8.2 to +10.0 %) |\n",
		`| \*.failed &gt; 0 (&lt;/a&gt;\]\]&gt;\|\\x1b\\x00\\ufffe\\u202e) | passed | 0 |` + "\n",
		"| Type ", "run 20261120-3f2k\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "- Gate") || len(j.Gates) != 3 {
		t.Error("the gates stand there twice, or are gone from the judgement")
	}
}

// TestSummaryWithoutGatesCountsItsWarnings, which stand below.
func TestSummaryWithoutGatesCountsItsWarnings(t *testing.T) {
	j := gated()
	j.Gates = nil
	for _, want := range []string{"### fetchbench: measured\n", "### fetchbench: measured, 1 warning\n", "### fetchbench: measured, 2 warnings\n"} {
		var out strings.Builder
		if err := gate.Summary(&out, j, report.Options{}); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(out.String(), want) || strings.Count(out.String(), "- warning: this is a mock") != len(j.Warnings) {
			t.Errorf("%q does not begin\n%s", want, out.String())
		}
		j.Warnings = append(j.Warnings, results.Warning{Code: results.WarnMock, Text: "this is a mock"})
	}
}
