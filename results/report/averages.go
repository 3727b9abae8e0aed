package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/fetchbench/fetchbench/results"
	"github.com/fetchbench/fetchbench/results/stats"
)

// averages says of which trials an average is where some failed, since those
// have no time, and what it is at least where all of them ran out of time.
//
//	pool:4: avg 0.92 s of 8/10 successful trials, at least 2.74 s of all
func averages(j *results.Judgement, u unit, o Options) []line {
	var parts []string
	more := 0
	for i := range j.Contenders {
		c := &j.Contenders[i]
		mean, ok := finite(c.Mean)
		if !ok || c.OK == c.Trials {
			continue
		}
		if len(parts) == mostNamed {
			more++
			continue
		}
		text := fmt.Sprintf("%s: avg %s of %d/%d successful trials", o.name(c.Name), u.full(mean), c.OK, c.Trials)
		if least, ok := leastMean(j.Run, c.Name); ok {
			text += fmt.Sprintf(", at least %s of all", u.full(least))
		}
		parts = append(parts, text)
	}
	if more > 0 {
		parts = append(parts, fmt.Sprintf("%d more have failed trials", more))
	}
	if parts == nil {
		return nil
	}
	return []line{{text: strings.Join(parts, " · ")}}
}

// leastMean is the mean with each failed trial at its deadline. It is known only
// where every one that failed ran into that: how long the others would have
// taken nobody knows.
func leastMean(run *results.Run, name string) (float64, bool) {
	var times []float64
	deadline, late := 0.0, 0
	for _, round := range run.Rounds() {
		t := round[name]
		switch {
		case t == nil:
			return 0, false
		case t.Outcome == results.OK:
			times = append(times, seconds(t.ElapsedNS))
		case t.Outcome == results.Timeout:
			deadline = max(deadline, seconds(t.ElapsedNS))
			times = append(times, math.Inf(1))
			late++
		default:
			return 0, false
		}
	}
	if late == 0 {
		return 0, false
	}
	mean, err := stats.PenalisedMean(times, deadline)
	return mean, err == nil
}

// percentiles words those that so many trials carry, and once for all what the
// others would take: the p99 of 30 trials is their maximum under another name. Where
// every trial failed more of them would not help.
func percentiles(j *results.Judgement, u unit, o Options) []line {
	trials := 0
	for i := range j.Contenders {
		if j.Contenders[i].OK > 0 {
			trials = max(trials, j.Contenders[i].Trials)
		}
	}
	if trials == 0 {
		return nil
	}
	var lines []line
	var lacking, needs []string
	for _, p := range []struct {
		name string
		at   float64
		of   func(*results.Contender) *float64
	}{
		{"p90", .90, func(c *results.Contender) *float64 { return c.P90 }},
		{"p95", .95, func(c *results.Contender) *float64 { return c.P95 }},
		{"p99", .99, func(c *results.Contender) *float64 { return c.P99 }},
	} {
		if n, err := stats.TrialsForQuantile(p.at, 0.95); err == nil && trials < n {
			lacking, needs = append(lacking, p.name), append(needs, fmt.Sprint(n))
			continue
		}
		var known []string
		for i := range j.Contenders {
			if v, ok := finite(p.of(&j.Contenders[i])); ok {
				known = append(known, o.name(j.Contenders[i].Name)+" "+u.bare(&v))
			}
		}
		if known != nil {
			lines = append(lines, line{text: p.name + " (" + u.name + "): " + strings.Join(known, ", ")})
		}
	}
	if lacking != nil {
		lines = append(lines, line{text: fmt.Sprintf("%s: need %s trials", strings.Join(lacking, ", "), strings.Join(needs, ", "))})
	}
	return lines
}
