package predict_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/predict"
)

// measure runs a plan against the embedded upstream in virtual time and opens its
// journal.
func measure(t *testing.T, profile string, requests int, contenders ...string) (path string, run *results.Run) {
	t.Helper()
	var named []bench.Contender
	for _, spec := range contenders {
		c, err := bench.ParseContender(spec)
		if err != nil {
			t.Fatal(err)
		}
		named = append(named, c)
	}
	return measureOwn(t, profile, requests, named...)
}

// measureOwn is measure for contenders that may have no name in plans.
func measureOwn(t *testing.T, profile string, requests int, contenders ...bench.Contender) (path string, run *results.Run) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "run.jsonl")
	synctest.Test(t, func(t *testing.T) {
		p, err := bench.Defaults(profile)
		if err != nil {
			t.Fatal(err)
		}
		p.Upstream.Form, p.Requests, p.Seed = bench.FormMemory, requests, 7
		e, err := bench.Open(t.Context(), p, bench.Tool{}, contenders...)
		if err != nil {
			t.Fatal(err)
		}
		j, err := results.Create(path, e.Header())
		if err != nil {
			t.Fatal(err)
		}
		for trial, err := range e.Trials(t.Context()) {
			if err := errors.Join(err, j.Append(&trial)); err != nil {
				t.Fatal(err)
			}
		}
		if err := errors.Join(j.End(""), e.Close()); err != nil {
			t.Fatal(err)
		}
	})
	run, err := results.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, run
}

// sample reads the latencies of a contender.
func sample(t *testing.T, path string, run *results.Run, contender string) *predict.Sample {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it was only read
	s, err := predict.Read(file, run, contender)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// schedules are what contenders do, by name.
func schedules() map[string]predict.Schedule {
	return map[string]predict.Schedule{
		"sequential": {Kind: predict.Slots, Size: 1},
		"pool:4":     {Kind: predict.Slots, Size: 4},
		"goroutines": {Kind: predict.Slots},
	}
}

// The upstream of these profiles answers a request of a round as late whoever else
// is there, so that nothing but an error of the simulation keeps it from the times
// that were measured. In the profile capacity the assumption does not hold.
func TestOwnContendersArePredictedWithinFivePercent(t *testing.T) {
	for _, profile := range []string{"constant", "lognormal", "bimodal", "exponential", "uniform", "article"} {
		t.Run(profile, func(t *testing.T) {
			path, run := measure(t, profile, 0, "sequential", "pool:4", "goroutines")
			s := sample(t, path, run, run.Sequential())
			for name := range schedules() {
				p := predicted(t, s, name, 0)
				m := s.Check(p, name)
				if math.Abs(m.Off) > 0.05 {
					t.Errorf("%s is off by %.1f %%", name, 100*m.Off)
				}
				if diff := math.Abs(p.Mean/m.Mean - 1); diff > 0.05 {
					t.Errorf("the mean of %s is off by %.1f %%", name, 100*diff)
				}
			}
			if w := s.Warnings(func(results.Column) bool { return true }); len(w) > 0 {
				t.Errorf("warnings %q where the assumption holds", w)
			}
		})
	}
}

// predicted simulates a contender for so many requests.
func predicted(t *testing.T, s *predict.Sample, name string, requests int) predict.Prediction {
	t.Helper()
	p, err := s.Simulate(schedules()[name], predict.Options{Requests: requests, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Runs of ten or twenty requests foretell one of forty, which goes through the URLs
// again. The upstream's answer to a URL is as late each time within a round, which
// no run of that size can know: what the sum of latencies decides is foretold, the
// slowest of all is not.
func TestALargerBatchIsPredicted(t *testing.T) {
	for _, profile := range []string{"constant", "lognormal", "bimodal", "uniform", "exponential", "article"} {
		t.Run(profile, func(t *testing.T) {
			path, run := measure(t, profile, 0, "sequential")
			s := sample(t, path, run, "sequential")
			far, larger := measure(t, profile, 40, "sequential", "pool:4")
			truth := sample(t, far, larger, "sequential")
			for _, name := range []string{"sequential", "pool:4"} {
				p := predicted(t, s, name, 40)
				m := truth.Check(p, name)
				if off := p.Mean/m.Mean - 1; math.Abs(off) > 0.05 {
					t.Errorf("the mean of %s is off by %.1f %%", name, 100*off)
				}
				// One round in ten is cold as a whole: were that spread over all
				// batches, their median would be near the mean, a fifth too slow.
				if profile == "article" && math.Abs(m.Off) > 0.05 {
					t.Errorf("%s is off by %.1f %%", name, 100*m.Off)
				}
			}
		})
	}
}

// The beginning of each round is what a smaller batch would have been.
func TestASmallerBatchIsPredictedExactly(t *testing.T) {
	path, run := measure(t, "lognormal", 0, "sequential")
	s := sample(t, path, run, "sequential")
	near, smaller := measure(t, "lognormal", 7, "sequential", "pool:4", "goroutines")
	truth := sample(t, near, smaller, "sequential")
	for name := range schedules() {
		if m := truth.Check(predicted(t, s, name, 7), name); math.Abs(m.Off) > 1e-9 {
			t.Errorf("%s is off by %v", name, m.Off)
		}
	}
}

// Eight slots serve forty requests in five turns of 50 ms: with all in flight they
// wait for each other, and the prediction of 50 ms is four fifths too fast. The run
// says so by itself.
func TestTheRunRefutesTheAssumption(t *testing.T) {
	path, run := measure(t, "capacity", 0, "sequential", "pool:8", "pool:16", "goroutines")
	s := sample(t, path, run, "sequential")
	p := predicted(t, s, "goroutines", 0)
	if m := s.Check(p, "goroutines"); p.Median != 0.05 || m.Median != 0.25 {
		t.Errorf("predicted %v s and measured %v s, want 0.05 and 0.25", p.Median, m.Median)
	}
	list := s.Warnings(func(results.Column) bool { return true })
	if len(list) != 1 || list[0].Code != predict.WarnLoad || !strings.Contains(list[0].Text, "predictions above 8 in flight are too fast") {
		t.Errorf("warnings are %q, want one that trusts 8 in flight", list)
	}
	// With two of them there is no growth to speak of, and each is said by itself.
	list = s.Warnings(func(c results.Column) bool { return c.Name != "goroutines" })
	if len(list) != 1 || list[0].Contender != "pool:16" {
		t.Errorf("warnings are %q, want one about pool:16", list)
	}
}
