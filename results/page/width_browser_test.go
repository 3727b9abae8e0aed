package page_test

import (
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/page/pagetest"
)

// TestBrowserShowsTheWholeTable at the width of a tablet and of a small desk, with names
// as long as those of programs: nothing of it is cut.
func TestBrowserShowsTheWholeTable(t *testing.T) {
	run, err := results.OpenLatencies("../published/article/run.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	tab, url := pagetest.Open(t), saved(t, run)
	for _, width := range []int{900, 1000, 1024, 1100} {
		tab.Load(url, pagetest.Look{Width: width})
		if cut := pagetest.Ask[float64](tab, `(t => t.scrollWidth - t.clientWidth)(document.querySelector("#numbers ~ .scroll"))`); cut > 0 {
			t.Errorf("%v pixels of the table are cut at a width of %d", cut, width)
		}
	}
}
