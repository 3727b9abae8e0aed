package main

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/predict"
)

// errCannot begins the error of a contender that is known and not covered.
var errCannot = errors.New("cannot predict")

// mostSlots bounds the size of a schedule, as plans do.
const mostSlots = 1 << 20

// schedule is what the strategy of a spec such as "pool:8" does, in the text of
// name:argument and nothing else. It knows every strategy that starts its requests
// without a look at the answers.
func schedule(spec string) (predict.Schedule, error) {
	name, argument, sized := strings.Cut(spec, ":")
	switch name {
	case "sequential", "goroutines":
		if sized {
			return predict.Schedule{}, &bench.SpecError{Spec: spec, Reason: name + " takes no size", Meant: name}
		}
		size := 0 // no bound
		if name == "sequential" {
			size = 1
		}
		return predict.Schedule{Kind: predict.Slots, Size: size}, nil
	case "pool", "errgroup", "semaphore", "conc", "pond", "ants", "channel":
		return sizedSchedule(predict.Slots, spec, argument)
	case "waves":
		return sizedSchedule(predict.Waves, spec, argument)
	case "perhost":
		return sizedSchedule(predict.PerHost, spec, argument)
	case "paced":
		rate, err := strconv.ParseFloat(strings.TrimSuffix(argument, "/s"), 64)
		if err != nil || !(rate > 0) || math.IsInf(rate, 1) {
			return predict.Schedule{}, &bench.SpecError{Spec: spec, Reason: fmt.Sprintf("paced needs a rate above 0 a second, got %q", argument), Meant: "paced:20/s"}
		}
		return predict.Schedule{Kind: predict.Paced, Rate: rate}, nil
	}
	return predict.Schedule{}, notScheduled(spec, name)
}

// scheduledNames lists the names that schedule knows.
func scheduledNames() []string {
	return []string{
		"sequential", "goroutines", "pool", "errgroup", "semaphore", "conc", "pond", "ants", "channel", "waves", "perhost", "paced",
	}
}

// sizedSchedule is a schedule with a number from 1 on.
func sizedSchedule(kind predict.Kind, spec, argument string) (predict.Schedule, error) {
	size, err := strconv.Atoi(argument)
	if err != nil || size < 1 || size > mostSlots || strconv.Itoa(size) != argument {
		name, _, _ := strings.Cut(spec, ":")
		return predict.Schedule{}, &bench.SpecError{
			Spec: spec, Reason: fmt.Sprintf("%s needs a number from 1 to %d, got %q", name, mostSlots, argument), Meant: name + ":8",
		}
	}
	return predict.Schedule{Kind: kind, Size: size}, nil
}

// notScheduled tells a strategy that cannot be predicted from a name that nobody
// has, and guesses at what the latter was to be.
func notScheduled(spec, name string) error {
	if _, err := bench.ParseStrategy(spec); err == nil || name == "adaptive" {
		return fmt.Errorf("%w %s: what it starts depends on the answers it gets", errCannot, spec)
	}
	guess := bench.Closest(name, scheduledNames())
	if guess != "" {
		if fixed := guess + strings.TrimPrefix(spec, name); parses(fixed) {
			guess = fixed
		}
	}
	return &bench.SpecError{Spec: spec, Reason: "unknown strategy (have " + list(scheduledNames()) + ")", Meant: guess}
}

// parses tells whether schedule knows a spec.
func parses(spec string) bool {
	_, err := schedule(spec)
	return err == nil
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

// sourceOf is the contender that latencies over a transport are taken from: the
// sequential one, else the one with the fewest in flight.
func sourceOf(run *results.Run, transport string) (results.Column, bool) {
	var found []results.Column
	for _, c := range run.Contenders {
		if bare(c, transport) {
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
