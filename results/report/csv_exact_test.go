package report_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// Imported times keep the digits that nanoseconds would cut.
func TestCSVKeepsImportedDigits(t *testing.T) {
	run, err := results.Import("times.json", []byte(`{"times_in_round_order": {"a": [1.5e-10, "Infinity"]}}`))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := report.CSV(&b, results.Judge(run)); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil || len(rows) != 3 || rows[1][4] != "0.00000000015" || rows[2][4] != "" {
		t.Errorf("error %v, rows %q", err, rows)
	}
}
