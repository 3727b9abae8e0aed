package report_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results/report"
)

// TestViewSaysWhatTextSays: whoever sets the parts of a view one below the other has
// each sentence of the text, in its order, and each cell of its table.
func TestViewSaysWhatTextSays(t *testing.T) {
	j := article()
	options := report.Options{Width: 1000, Warnings: true, Cost: true}
	var text strings.Builder
	if err := report.Text(&text, j, options); err != nil {
		t.Fatal(err)
	}
	view, err := report.Look(j, options)
	if err != nil {
		t.Fatal(err)
	}
	rest := text.String()
	find := func(words string) {
		_, after, found := strings.Cut(rest, words)
		if !found {
			t.Fatalf("the text has no %q after what came before it:\n%s", words, rest)
		}
		rest = after
	}
	for _, cell := range slices.Concat(append([][]string{view.Table.Head}, view.Table.Rows...)...) {
		find(cell)
	}
	if len(view.Cost) == 0 || len(view.Meaning) == 0 || len(view.Account) == 0 {
		t.Fatalf("parts are missing: %+v", view)
	}
	for _, lines := range [][]report.Line{view.Meaning, view.Circumstances, view.Account} {
		for _, line := range lines {
			find(line.Text)
		}
	}
}
