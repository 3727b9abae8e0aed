package main

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/bench"
)

// FuzzSchedule: any text is a contender that can be predicted, or an error; a guess
// can be predicted itself. What can be predicted can be run: both read a spec alike.
func FuzzSchedule(f *testing.F) {
	for _, s := range bench.Specs() {
		f.Add(s.Example())
		f.Add(s.Example() + "@h2")
	}
	for _, s := range []string{"", "pol:8", "pool:08", "pool:-1", "paced:1e3/s", "paced:NaN", "exec:x", "pool:8+retry:3", "sequential:1", "waves:99999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		w, err := newWish(spec)
		var wrong *bench.SpecError
		if errors.As(err, &wrong) && wrong.Meant != "" {
			if _, err := bench.ParseStrategy(wrong.Meant); err != nil {
				t.Errorf("%q: the guess %q is no better", spec, wrong.Meant)
			}
		}
		if err != nil {
			return
		}
		strategy, _, _ := strings.Cut(spec, "@")
		if _, err := bench.ParseStrategy(strategy); err != nil {
			t.Errorf("%q is predicted as %+v, and cannot be run: %v", spec, w, err)
		}
	})
}

// FuzzSizes: any list of sizes is refused, or ascending, without doubles, and within
// the batch.
func FuzzSizes(f *testing.F) {
	f.Add("1,2,4", 10)
	f.Add("", 1)
	f.Add("", 100)
	f.Add("4, 2", 4)
	f.Add("8,8", 8)
	f.Add("-1,x", 3)
	f.Fuzz(func(t *testing.T, text string, batch int) {
		sweep := sweepFlags{}
		if text != "" {
			sweep.sizes = strings.Split(text, ",")
		}
		sizes, err := sweep.list(batch)
		if err != nil {
			return
		}
		if len(sizes) < 2 || !slices.IsSorted(sizes) || sizes[0] < 1 || sizes[len(sizes)-1] > batch ||
			len(slices.Compact(slices.Clone(sizes))) != len(sizes) {
			t.Errorf("%q of %d became %v", text, batch, sizes)
		}
	})
}
