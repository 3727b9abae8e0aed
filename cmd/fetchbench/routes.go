package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results"
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
	if f.clients > 0 {
		plan.Clients = f.clients
	}
	if f.within > 0 {
		plan.Ready = bench.Duration(f.within)
	}
	if flags.Changed("body") {
		plan.Body = f.body
	}
	f.started(plan)
	return nil
}

// started writes the programs that are to be started over those of the plan.
func (f *routeFlags) started(plan *bench.Plan) {
	if len(f.start) > 0 {
		plan.Start = nil
	}
	for i, command := range f.start {
		plan.Start = append(plan.Start, bench.Start{Command: command, Ready: f.ready[i]})
	}
}

// onlyRoutes tells whether all contenders on the command line are whole routes.
func (f *planFlags) onlyRoutes() bool {
	return len(f.contenders) > 0 && !slices.ContainsFunc(f.contenders, func(spec string) bool { return !bench.IsRoute(spec) })
}

// trialSize words what a trial fetches.
func trialSize(t results.Target) string {
	text := counted(t.Requests, "request")
	if t.Clients > 1 {
		text = counted(t.Clients, "caller") + " x " + text
	}
	if t.Repeat > 1 {
		text = counted(t.Repeat, "fan-out") + " x " + text
	}
	return text
}

// longer says that a route may take longer than a request, where there is one.
func longer(h results.Header) string {
	if slices.ContainsFunc(h.Contenders, func(c results.Column) bool { return c.Route != "" }) {
		return ", for a whole route its trial's"
	}
	return ""
}

// notReady is the failure of a run whose app did not come up, with what it last wrote.
func notReady(err error, said string) *failure {
	f := &failure{code: exitIncomplete, err: err, hint: "start it by itself to see why; it wrote nothing"}
	if lines := strings.Split(said, "\n"); said != "" {
		f.hint = "above is the end of what it wrote: start it by itself to see more"
		if results.LacksModule(said) {
			f.hint = "above is the end of what it wrote: fetchbench doctor says what is missing, and which Python has the modules"
		}
		const most = 10
		for _, line := range lines[max(0, len(lines)-most):] {
			f.place += clippedLine(line) + "\n"
		}
		f.place = strings.TrimSuffix(f.place, "\n")
	}
	return f
}

// clippedLine is the beginning of a line of others.
func clippedLine(text string) string {
	const most = 200
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
