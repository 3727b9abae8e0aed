package main

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/predict"
)

// Every strategy that fills its slots is the same schedule, by whatever library.
func TestSpecsAreSchedules(t *testing.T) {
	for spec, want := range map[string]predict.Schedule{
		"sequential":  {Kind: predict.Slots, Size: 1},
		"goroutines":  {Kind: predict.Slots},
		"waves:8":     {Kind: predict.Waves, Size: 8},
		"perhost:2":   {Kind: predict.PerHost, Size: 2},
		"paced:2.5/s": {Kind: predict.Paced, Rate: 2.5},
		"paced:20/s":  {Kind: predict.Paced, Rate: 20},
	} {
		if got, err := schedule(spec); err != nil || got != want {
			t.Errorf("%s is %+v and error %v, want %+v", spec, got, err, want)
		}
	}
	for _, name := range []string{"pool", "errgroup", "semaphore", "conc", "pond", "ants", "channel"} {
		if got, err := schedule(name + ":3"); err != nil || got != (predict.Schedule{Kind: predict.Slots, Size: 3}) {
			t.Errorf("%s:3 is %+v and error %v, want three slots", name, got, err)
		}
	}
	// The one that looks at the answers has a reason of its own; a strategy that is new
	// to the catalogue is told not to be known here.
	if _, err := schedule("adaptive"); !errors.Is(err, errCannot) || !strings.Contains(err.Error(), "depends on the answers") {
		t.Errorf("adaptive: %v", err)
	}
	if got := len(predictable()); got < 12 {
		t.Errorf("%d strategies can be predicted, want 12: %q", got, predictable())
	}
}

// many is a run of all that a contender can be.
func many() *results.Run {
	run := &results.Run{}
	run.Contenders = []results.Column{
		{Name: "exec:./one@h2+x", Asked: 1},
		{Name: "pool:4", Asked: 4},
		{Name: "pool:2", Asked: 2},
		{Name: "pool:1+retry:3", Asked: 1, Policies: []string{"retry:3"}},
		{Name: "pool:1@h2", Asked: 1},
		{Name: "sequential@h2", Asked: 1, Transport: "h2"},
		{Name: "adaptive", Asked: 10},
		{Name: "mine", Asked: 1, Transport: "fasthttp"},
	}
	return run
}

// Latencies come from the same transport, without a policy, with the fewest in
// flight; the sequential contender is taken before another with one.
func TestLatenciesComeFromTheSameTransport(t *testing.T) {
	for transport, want := range map[string]string{"": "pool:2", "h2": "sequential@h2", "fasthttp": "mine", "h3": ""} {
		c, ok := sourceOf(many(), transport)
		if c.Name != want || ok != (want != "") {
			t.Errorf("over %q they come from %q (%v), want %q", transport, c.Name, ok, want)
		}
	}
	if w, err := newWish("pool:8@h1"); err != nil || w.transport != "" {
		t.Errorf("pool:8@h1 goes over %q (error %v), want what pool:8 does", w.transport, err)
	}
}

// What a check cannot predict it says by name.
func TestCheckSaysWhatItLeavesOut(t *testing.T) {
	f := &forecast{run: many()}
	var specs, left []string
	for _, w := range f.own() {
		specs = append(specs, w.spec)
	}
	for _, w := range f.warnings {
		if w.Code != warnNotCovered {
			t.Errorf("warning %+v, want code %s", w, warnNotCovered)
		}
		left = append(left, w.Contender)
	}
	if want := []string{"pool:4", "pool:2", "pool:1@h2", "sequential@h2"}; !slices.Equal(specs, want) {
		t.Errorf("predicted are %q, want %q", specs, want)
	}
	if want := []string{"exec:./one@h2+x", "pool:1+retry:3", "adaptive", "mine"}; !slices.Equal(left, want) {
		t.Errorf("left out are %q, want %q", left, want)
	}
	over := f.comparable("sequential@h2")
	if !over(results.Column{Name: "pool:9@h2"}) || over(results.Column{Name: "pool:9"}) {
		t.Error("what is over another transport is taken for load")
	}
}
