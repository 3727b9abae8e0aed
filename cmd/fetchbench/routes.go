package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/spf13/pflag"
)

// routeFlags say how whole routes are fetched, which programs serve them, and what is
// read of an answer.
type routeFlags struct {
	clients      int
	start, ready []string
	within       time.Duration
	body         string
}

// define adds the flags to a command.
func (f *routeFlags) define(flags *pflag.FlagSet) {
	flags.IntVar(&f.clients, "clients", 0, "callers at once of each route:URL (default one)")
	flags.StringArrayVar(&f.start, "start", nil, "start this `command` before the run, without a shell, and end it afterwards")
	flags.StringArrayVar(&f.ready, "ready", nil, "the `URL` at which the program of --start answers once it is ready")
	flags.DurationVar(&f.within, "ready-timeout", 0, "how long it may take until then (default 30s)")
	flags.StringVar(&f.body, "body", bench.BodyRead, "read what is answered, or return after the headers: all contenders alike")
}

// override writes the flags that were given over the plan.
func (f *routeFlags) override(flags *pflag.FlagSet, plan *bench.Plan) error {
	switch {
	case flags.Changed("clients") && f.clients < 1:
		return fmt.Errorf("--clients must be at least 1, got %d", f.clients)
	case len(f.start) != len(f.ready):
		return &failure{
			code: exitUsage, err: fmt.Errorf("%d --start and %d --ready: each program has the URL at which it answers", len(f.start), len(f.ready)),
			hint: "give them in pairs, as in --start 'flask run' --ready http://127.0.0.1:5000/",
		}
	case flags.Changed("ready-timeout") && f.within <= 0:
		return &failure{code: exitUsage, err: fmt.Errorf("--ready-timeout must be above 0, got %v", f.within), hint: "there is always a limit: give a long one"}
	case flags.Changed("body") && f.body == "":
		return &failure{code: exitUsage, err: errors.New("--body is empty"), hint: "have read, headers"}
	}
	if flags.Changed("clients") {
		plan.Clients = f.clients
	}
	if len(f.start) > 0 {
		plan.Start = nil
	}
	for i, command := range f.start {
		plan.Start = append(plan.Start, bench.Start{Command: command, Ready: f.ready[i]})
	}
	if flags.Changed("ready-timeout") {
		plan.Ready = bench.Duration(f.within)
	}
	if flags.Changed("body") {
		plan.Body = f.body
	}
	return nil
}

// onlyRoutes tells whether all contenders on the command line are whole routes.
func (f *planFlags) onlyRoutes() bool {
	return len(f.contenders) > 0 && !slices.ContainsFunc(f.contenders, func(spec string) bool { return !bench.IsRoute(spec) })
}
