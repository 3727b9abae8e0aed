package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/fetchbench/fetchbench/bench"
	"github.com/fetchbench/fetchbench/results/report"
)

// dryRun prints what a run would ask of whom, on stdout because that is what was
// asked for: a line for each host, then one for each of the bounds.
func (s *streams) dryRun(plan bench.Plan, f *bench.Footprint) error {
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
	line("rounds", "%d, and %d to warm up", plan.Rounds, plan.Warmup)
	line("requests", "at most %d, retries and hedges included", f.Requests)
	line("in flight", "at most %d", f.InFlight)
	line("bytes", "at most %s of answers", size(f.Bytes))
	line("time", "at most %v", f.Time.Round(time.Second))
	line("dry run", "nothing was sent and nothing was written")
	return s.result("%s", b.String())
}

// address says where a host is.
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
