package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/fetchers"
	"github.com/fetchbench/fetchbench/fetchers/adapters"
	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/predict"
)

// errCannot begins the error of a contender that is known and not covered.
var errCannot = errors.New("cannot predict")

// schedule is what the strategy of a spec such as "pool:8" does. All that fill their
// slots are one schedule, by whatever library.
func schedule(spec string) (predict.Schedule, error) {
	strategy, err := bench.ParseStrategy(spec)
	if err != nil {
		return predict.Schedule{}, err
	}
	switch s := strategy.(type) {
	case fetchers.Waves:
		return predict.Schedule{Kind: predict.Waves, Size: s.Size}, nil
	case fetchers.PerHost:
		return predict.Schedule{Kind: predict.PerHost, Size: s.Calls}, nil
	case adapters.Paced:
		return predict.Schedule{Kind: predict.Paced, Rate: s.PerSecond}, nil
	case fetchers.Goroutines:
		return predict.Schedule{Kind: predict.Slots}, nil // no bound
	case fetchers.Sequential, fetchers.Pool, fetchers.ErrGroup, fetchers.Semaphore, fetchers.Channel, adapters.Conc, adapters.Pond, adapters.Ants:
		const many = 1 << 30 // more than any of them has slots
		return predict.Schedule{Kind: predict.Slots, Size: fetchers.Limit(s, many)}, nil
	case fetchers.Adaptive:
		return predict.Schedule{}, fmt.Errorf("%w %s: what it starts depends on the answers it gets", errCannot, spec)
	}
	return predict.Schedule{}, fmt.Errorf("%w %s: when it starts which request is not known here", errCannot, spec)
}

// predictable lists the specs of the strategies that can be predicted.
func predictable() (specs []string) {
	for _, s := range bench.Specs() {
		if _, err := schedule(s.Example()); err == nil {
			specs = append(specs, s.Example())
		}
	}
	return specs
}

// A wish is a contender that is to be predicted.
type wish struct {
	spec, transport string
	schedule        predict.Schedule
}

// newWish reads the spec of a contender, transport and all. What cannot be
// predicted is an error that names it.
func newWish(spec string) (wish, error) {
	if foreign(spec) {
		return wish{}, fmt.Errorf("%w %s: a program of its own schedules the requests", errCannot, spec)
	}
	if strings.Contains(spec, "+") {
		return wish{}, fmt.Errorf("%w %s: policies change what a call takes", errCannot, spec)
	}
	strategy, transport, _ := strings.Cut(spec, "@")
	s, err := schedule(strategy)
	return wish{spec: spec, transport: usual(transport), schedule: s}, err
}

// foreign tells whether a contender is somebody else's program or route.
func foreign(spec string) bool {
	return strings.HasPrefix(spec, "route:") || strings.HasPrefix(spec, "exec:")
}

// usual is the one word for a transport that has two: none and h1.
func usual(transport string) string {
	if transport == "h1" {
		return ""
	}
	return transport
}

// transportOf is what a contender of a run is made over.
func transportOf(c results.Column) string {
	_, transport, _ := strings.Cut(c.Name, "@")
	if foreign(c.Name) {
		transport = ""
	}
	return usual(cmp.Or(c.Transport, transport))
}

// bare tells whether the latencies of a contender are those of single requests
// over a transport, and nothing was done to them.
func bare(c results.Column, transport string) bool {
	return !foreign(c.Name) && len(c.Policies) == 0 && !strings.Contains(c.Name, "+") && transportOf(c) == transport
}

// silentIn lists the contenders that tell nothing of their requests.
func silentIn(run *results.Run) (names []string) {
	for _, c := range run.Contenders {
		if run.Silent(c.Name) {
			names = append(names, c.Name)
		}
	}
	return names
}

// sourceOf is the contender that latencies over a transport are taken from: the
// sequential one, else the one with the fewest in flight.
func sourceOf(run *results.Run, transport string) (results.Column, bool) {
	var found []results.Column
	for _, c := range run.Contenders {
		if bare(c, transport) && !run.Silent(c.Name) {
			found = append(found, c)
		}
	}
	if len(found) == 0 {
		return results.Column{}, false
	}
	for _, c := range found {
		if strategy, _, _ := strings.Cut(c.Name, "@"); strategy == "sequential" {
			return c, true
		}
	}
	return slices.MinFunc(found, func(a, b results.Column) int { return a.Asked - b.Asked }), true
}

// kindsOf is what contenders are that tell nothing of their requests.
func kindsOf(silent []string) string {
	routes := 0
	for _, name := range silent {
		if bench.IsRoute(name) {
			routes++
		}
	}
	switch routes {
	case 0:
		return "commands"
	case len(silent):
		return "routes"
	}
	return "routes and commands"
}
