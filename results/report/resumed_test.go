package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// TestR52ReportSaysThatARunWasResumed, once for each time, with what was sent and is
// in no number; a run of one piece says nothing, and nor does one of which only the
// last line was missing.
func TestR52ReportSaysThatARunWasResumed(t *testing.T) {
	j := article()
	for _, out := range []string{text(t, j, report.Options{}), asJSON(t, j)} {
		if strings.Contains(out, "resumed") {
			t.Errorf("a run of one piece was resumed:\n%s", out)
		}
	}
	j.Run.Resumed = []results.Resumption{
		{Round: -1, PausedNS: (90 * time.Second).Nanoseconds()},
		{Round: 4, PausedNS: time.Hour.Nanoseconds() + 1, Aside: results.Aside{Trials: 1, Attempts: 7}},
		{Round: j.Run.Design.Rounds, PausedNS: 1},
	}
	out := text(t, j, report.Options{})
	for _, want := range []string{
		"\nresumed at warm-up round 1 after a pause of 1m30s\n",
		"\nresumed at round 4 after a pause of 1h0m0s; 7 attempts of the round cut short\n  are in no number\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if n := strings.Count(out, "resumed"); n != 2 {
		t.Errorf("resumed %d times, want 2:\n%s", n, out)
	}
	var doc struct {
		Resumed []struct {
			Round  int     `json:"round"`
			Paused float64 `json:"paused_s"`
			Aside  struct {
				Trials   int `json:"trials"`
				Attempts int `json:"attempts"`
			} `json:"put_aside"`
		} `json:"resumed"`
	}
	if err := json.Unmarshal([]byte(asJSON(t, j)), &doc); err != nil || len(doc.Resumed) != 3 {
		t.Fatalf("%+v, %v", doc, err)
	}
	if r := doc.Resumed[1]; r.Round != 4 || r.Paused != 3600.000000001 || r.Aside.Trials != 1 || r.Aside.Attempts != 7 {
		t.Errorf("the JSON has %+v", r)
	}
}

// asJSON is JSON as a string.
func asJSON(t *testing.T, j *results.Judgement) string {
	t.Helper()
	var out bytes.Buffer
	if err := report.JSON(&out, j); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
