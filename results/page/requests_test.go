package page_test

import (
	"errors"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/page"
)

// journaled writes a run as its program would, and returns the page of what is read back,
// as the command line does it.
func journaled(t testing.TB, run *results.Run) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "run.jsonl")
	j, err := results.Create(path, run.Header)
	if err != nil {
		t.Fatal(err)
	}
	for i := range run.Trials {
		if err := j.Append(&run.Trials[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.End(""); err != nil {
		t.Fatal(err)
	}
	read, err := results.OpenLatencies(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return written(t, read, page.Options{Trials: func() iter.Seq2[*results.Trial, error] { return results.Trials(file) }})
}

// slotted is a run in which sequential makes ten requests of 10 ms one after the other,
// waves:2 two at a time and waits for both, of which the first takes 5 ms longer, and
// pool:2 begins the next at once.
func slotted(rounds int) *results.Run {
	run := maker{names: []string{"sequential", "pool:2", "waves:2"}, rounds: rounds}.run()
	run.Contenders[2].Asked = 2
	for k := range run.Trials {
		t := &run.Trials[k]
		ends := []int64{0, 0}
		for i := range t.Requests {
			r := &t.Requests[i]
			r.ServiceNS = 10e6 + 5e6*int64(1-i%2)
			slot := 0
			switch {
			case t.Contender == "pool:2" && ends[1] < ends[0]:
				slot = 1 // the first that is free
			case t.Contender == "waves:2" && i%2 == 0:
				ends[0] = slices.Max(ends)
				ends[1] = ends[0]
			case t.Contender == "waves:2":
				slot = 1
			}
			r.StartNS = ends[slot]
			ends[slot] += r.ServiceNS
		}
		t.ElapsedNS = slices.Max(ends)
		t.Tally = t.Count(len(t.Requests))
	}
	return run
}

// TestWaterfallSaysWhyWavesStall: in each of five waves the second slot stands idle for
// 5 of 15 ms, but for the last wave, when nothing is left to start: 4 x 5 of 2 x 75 ms.
// The pool has no such time.
func TestWaterfallSaysWhyWavesStall(t *testing.T) {
	text := journaled(t, slotted(8))
	contains(t, text, "waves:2 left its slots idle for 13 % of the time while requests waited for one; pool:2 for 0 %.",
		"This is round 0, whose times are closest to the medians.", `id="waterfall"`, `id="ecdf"`, "slot idle while requests waited")
}

// TestWaterfallTakesTheTypicalRound: rounds 0 and 2 are out of the ordinary.
func TestWaterfallTakesTheTypicalRound(t *testing.T) {
	run := slotted(6)
	for i := range run.Trials {
		if k := run.Trials[i].Round; k == 0 || k == 2 {
			run.Trials[i].ElapsedNS *= int64(3 + k)
		}
	}
	contains(t, journaled(t, run), "This is round 1,")
}

// TestFailuresAreToldApart: a failed request is a bar of its own kind with its class, a
// curve ends where the answers do, and the table has the class.
func TestFailuresAreToldApart(t *testing.T) {
	run := slotted(6)
	for i := range run.Trials {
		r := &run.Trials[i].Requests[3]
		r.Class, r.Phase = "http_5xx", "body"
		run.Trials[i].Outcome = results.Failed
		run.Trials[i].Tally = run.Trials[i].Count(10)
	}
	text := journaled(t, run)
	contains(t, text, "request 3: http_5xx after", "1 of 10 failed", "6 http_5xx", "A line that ends below 100 %", `class="cross `)
}

// TestRequestsOfAnyRunAreDrawnOrLeftOut, and never make up a number.
func TestRequestsOfAnyRunAreDrawnOrLeftOut(t *testing.T) {
	one := maker{names: many(1), rounds: 1}.run()
	one.Target.Requests, one.Trials[0].Requests = 1, one.Trials[0].Requests[:1]
	never := maker{names: many(2), rounds: 6}.run()
	instant := maker{names: many(2), rounds: 6}.run()
	for i := range never.Trials {
		never.Trials[i].Requests, instant.Trials[i].ElapsedNS = nil, 0
		for k := range instant.Trials[i].Requests {
			instant.Trials[i].Requests[k].StartNS, instant.Trials[i].Requests[k].ServiceNS = 0, 0
		}
	}
	imported := maker{names: many(2), rounds: 6}.run()
	imported.Imported = true
	cut := slotted(3)
	cut.Trials = cut.Trials[:2]
	for name, test := range map[string]struct {
		run   *results.Run
		shown []string
	}{
		"one request": {one, []string{"ecdf", "waterfall"}},
		"none made":   {never, nil},
		"no time":     {instant, []string{"waterfall"}},
		"imported":    {imported, nil},
		"incomplete":  {cut, nil},
		"20":          {maker{names: many(20), rounds: 2}.run(), []string{"ecdf", "waterfall"}},
	} {
		text := written(t, test.run, page.Options{})
		for _, id := range []string{"ecdf", "waterfall", "sweep"} {
			if want := slices.Contains(test.shown, id); strings.Contains(text, `<figure id="`+id+`"`) != want {
				t.Errorf("%s: %s is shown: %v, want %v", name, id, !want, want)
			}
		}
		for _, never := range []string{"NaN", "Inf", "%!"} {
			if strings.Contains(text, never) {
				t.Errorf("%s: the page says %s", name, never)
			}
		}
	}
}

// TestRequestsAreInert: classes and addresses that a journal brings along are text.
func TestRequestsAreInert(t *testing.T) {
	build := func(words string) string {
		run := slotted(6)
		run.Target.URLs = []string{"http://127.0.0.1/" + words}
		for i := range run.Trials {
			run.Trials[i].Requests[3].Class = "odd" + words
		}
		return written(t, run, page.Options{})
	}
	want := shape(parsed(t, build("tame")))
	for _, words := range texts() {
		root := parsed(t, build(words))
		if got := shape(root); !slices.Equal(got, want) {
			t.Errorf("%q changes the page: %d elements instead of %d", words, len(got), len(want))
		}
		for _, thing := range active(root) {
			t.Errorf("%q puts %s into the page", words, thing)
		}
		if text := textOf(root); strings.ContainsAny(text, "\u202e\u200b\x1b\x00") {
			t.Errorf("%q is in the page as it is", words)
		}
	}
}

// TestJournalThatBreaksOffIsAnError, and so is a time that cannot be.
func TestJournalThatBreaksOffIsAnError(t *testing.T) {
	run := slotted(6)
	broken := errors.New("line 7: broken")
	run.Trials[4].Requests[2].StartNS = -1
	for name, trials := range map[string]iter.Seq2[*results.Trial, error]{
		"line 7: broken": func(yield func(*results.Trial, error) bool) { yield(nil, broken) },
		"request 2 has a time below 0": func(yield func(*results.Trial, error) bool) {
			for i := range run.Trials {
				if !yield(&run.Trials[i], nil) {
					return
				}
			}
		},
	} {
		var out strings.Builder
		err := page.Write(&out, results.Judge(run), page.Options{Trials: func() iter.Seq2[*results.Trial, error] { return trials }})
		if err == nil || !strings.Contains(err.Error(), name) || out.Len() > 0 {
			t.Errorf("want %q and no page, got %v and %d bytes", name, err, out.Len())
		}
	}
}
