package page

import (
	"fmt"
	"math"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/report"
)

// The table below the strips has the median of every other table: a failed trial is the
// slowest, and what lies among failed trials is not reached.
func TestStripsHaveTheMedianOfTheTable(t *testing.T) {
	for failed := range 7 {
		text, list := "", []float64{1, 2, 3, 4, 5, 6}
		for i := range list {
			if text += ", "; i >= len(list)-failed {
				text += `"Infinity"`
			} else {
				text += fmt.Sprint(list[i])
			}
		}
		run, err := results.Import("times.json", []byte(`{"times_in_round_order": {"a": [`+text[2:]+`]}}`))
		if err != nil {
			t.Fatal(err)
		}
		j := results.Judge(run)
		in := &Input{Judgement: j, Unit: report.UnitOf(j)}
		all, _, _ := collect(in, run.Rounds())
		row, want := all[0].row(in), "not reached"
		switch m := j.Contenders[0].Median; {
		case failed == len(list):
			want = "–"
		case m != nil && !math.IsInf(*m, 0):
			want = in.Unit.Full(*m)
		}
		if row[5] != want {
			t.Errorf("%d failed: the median is %s, want %s", failed, row[5], want)
		}
	}
}
