package bench_test

import (
	"testing"
	"time"

	"github.com/fetchbench/fetchbench/bench"
)

// Listening takes as long as it is told and hears at least itself; what there is of the
// machine is what a header has.
func TestSurveyIsThatOfAHeader(t *testing.T) {
	const long = 20 * time.Millisecond
	begun := time.Now()
	n := bench.Listen(t.Context(), long)
	if took := time.Since(begun); took < long || n.Gap <= 0 || n.Gap > took || n.Steal < 0 || n.Steal > 1 {
		t.Errorf("%+v in %v", n, took)
	}
	if e := bench.Survey(); e.CPUs < 1 || e.Go == "" {
		t.Errorf("%+v", e)
	}
}
