package page_test

import (
	"iter"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/page"
)

// TestMillionRequestsMakeASmallPage: three contenders fetch 33,334 requests in ten
// rounds. They are streamed, as from a journal, and the page stays below 2 MB.
func TestMillionRequestsMakeASmallPage(t *testing.T) {
	const each = 33_334
	m := maker{names: many(3), rounds: 10}
	run := m.run()
	run.Target.Requests = each
	requests := make([]results.Request, each)
	for i := range requests {
		at := int64(i)
		requests[i] = results.Request{
			Index: i, Class: results.ClassOK, Status: 200, Attempts: 1, StartNS: at * 12_000, ServiceNS: 20e6 + at*977%30e6,
			Phases: results.Phases{ConnectNS: 1e6, WaitNS: 15e6, BodyNS: 4e6},
		}
	}
	streamed := 0
	trials := func() iter.Seq2[*results.Trial, error] {
		return func(yield func(*results.Trial, error) bool) {
			for _, t := range run.Trials {
				t.Requests = requests
				streamed += each
				if !yield(&t, nil) {
					return
				}
			}
		}
	}
	if n := len(written(t, run, page.Options{Trials: trials})); n > 2<<20 {
		t.Errorf("the page has %d bytes, after %d requests", n, streamed)
	}
}
