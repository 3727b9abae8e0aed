package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results/report"
)

// dryRun prints what a run would ask of whom, on stdout because that is what was
// asked for: a line for each host, then one for each of the bounds.
func (s *streams) dryRun(plan bench.Plan, f *bench.Footprint, own []bench.Contender) error {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-11s %s\n", name, fmt.Sprintf(format, args...))
	}
	if plan.Upstream.Profile != "" {
		line("host", "the embedded upstream, on this machine; profile %s", plan.Upstream.Profile)
	}
	for _, l := range f.Hosts {
		line("host", "%s: %s; at most %s, %d in flight%s", report.Clean(l.Host), dialled(l), counted(l.Requests, "request"), l.InFlight, needs(l))
	}
	line("contenders", "%s", report.Clean(list(f.Contenders)))
	for _, start := range plan.Start {
		line("start", "%s, which is ready once %s answers", report.Clean(bench.Conceal(start.Command)), report.Clean(bench.Conceal(start.Ready)))
	}
	if other := byThemselves(plan, own); other != "" {
		line("besides", "%s", other)
	}
	line("rounds", "%d, and %d to warm up", plan.Rounds, plan.Warmup)
	line("requests", "at most %d, retries and hedges included", f.Requests)
	line("in flight", "at most %d", f.InFlight)
	line("bytes", "at most %s of answers", size(f.Bytes))
	line("time", "at most %v", f.Time.Round(time.Second))
	line("dry run", "nothing was sent, started or written")
	return s.result("%s", b.String())
}

// byThemselves says which requests are not made here, so that no bound below holds them:
// those of programs and of the apps behind whole routes. It is empty without such.
func byThemselves(plan bench.Plan, own []bench.Contender) string {
	routes := slices.ContainsFunc(plan.Contenders, bench.IsRoute)
	programs := slices.ContainsFunc(plan.Contenders, func(spec string) bool { return literal(spec) && !bench.IsRoute(spec) })
	for _, c := range own {
		_, elsewhere := c.(bench.Elsewhere)
		programs = programs || elsewhere
	}
	var who []string
	if programs {
		who = append(who, "programs that are contenders are started, and fetch the batch")
	}
	if routes {
		who = append(who, "the apps of whole routes fetch what their pages need")
	}
	if len(who) == 0 {
		return ""
	}
	return strings.Join(who, "; ") + ": they send by themselves, and what is said here does not bind them"
}

// dialled says where a host is.
func dialled(l bench.Load) string {
	const shown = 3
	switch {
	case len(l.Addresses) == 0:
		return "its name was not found"
	case !l.Foreign:
		return "loopback or private"
	}
	var words []string
	for _, a := range l.Addresses[:min(shown, len(l.Addresses))] {
		words = append(words, a.String())
	}
	return "not private (" + list(words) + ")"
}

// needs says whether somebody has to agree.
func needs(l bench.Load) string {
	if l.Foreign && l.Heavy() {
		return "; needs a yes"
	}
	return ""
}

// size words a number of bytes for people.
func size(bytes int64) string {
	const step = 1024
	value, unit := float64(bytes), 0
	units := []string{"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
	for value >= step && unit < len(units)-1 {
		value, unit = value/step, unit+1
	}
	return fmt.Sprintf("%.4g %s", value, units[unit])
}
